package pairs.xss.tags;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

class TagServlet extends HttpServlet {
    @Override
    protected void doGet(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        Tag tag = Tag.named("b").text(req.getParameter("text")).build();
        // deepruleid: xss-servlet
        resp.getWriter().print(tag.render());
    }

    @Override
    protected void doPost(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        Tag tag = Tag.named("b").escaped(req.getParameter("text")).build();
        // ok: xss-servlet
        resp.getWriter().print(tag.render());
    }
}
