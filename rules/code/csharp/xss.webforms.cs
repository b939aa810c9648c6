using System;
using System.Web;
using System.Web.UI;
using System.Web.UI.WebControls;

public partial class Profile : Page
{
    protected Label lblName;
    protected Literal litBio;
    protected TextBox txtName;

    protected void Page_Load(object sender, EventArgs e)
    {
        // ruleid: xss-webforms-label
        lblName.Text = "Hello " + Request.QueryString["name"];
        // ok: xss-webforms-label
        lblName.Text = "Hello " + HttpUtility.HtmlEncode(Request.QueryString["name"]);
        // ruleid: xss-response-write
        Response.Write("<b>" + Request["title"] + "</b>");
        // ok: xss-response-write
        Response.Write("<b>" + Server.HtmlEncode(Request["title"]) + "</b>");
    }

    protected void Save_Click(object sender, EventArgs e)
    {
        // ruleid: xss-webforms-label
        litBio.Text = txtName.Text;
        // ok: xss-webforms-label
        litBio.Text = "saved";
        // ok: xss-webforms-label
        txtName.Text = Request.Form["name"];
    }
}
