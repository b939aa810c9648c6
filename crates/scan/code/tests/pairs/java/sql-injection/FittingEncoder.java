package pairs.sqlinjection;

import jakarta.servlet.http.HttpServletRequest;
import java.sql.*;
import org.owasp.esapi.ESAPI;
import org.owasp.esapi.codecs.MySQLCodec;
import org.springframework.web.util.HtmlUtils;

class FittingEncoder {
    void unsafeHtml(HttpServletRequest req, Statement st) throws SQLException {
        String name = HtmlUtils.htmlEscape(req.getParameter("name"));
        // ruleid: sql-injection
        st.executeQuery("SELECT * FROM users WHERE id = " + name);
    }

    void safeSql(HttpServletRequest req, Statement st) throws SQLException {
        String name = ESAPI.encoder().encodeForSQL(new MySQLCodec(MySQLCodec.Mode.STANDARD), req.getParameter("name"));
        // ok: sql-injection
        st.executeQuery("SELECT * FROM users WHERE name = '" + name + "'");
    }

    void unsafeTrim(HttpServletRequest req, Statement st) throws SQLException {
        String id = req.getParameter("id").trim().toLowerCase();
        // ruleid: sql-injection
        st.executeQuery("SELECT * FROM users WHERE id = " + id);
    }

    void safeParsed(HttpServletRequest req, Statement st) throws SQLException {
        int id = Integer.parseInt(req.getParameter("id").trim());
        // ok: sql-injection
        st.executeQuery("SELECT * FROM users WHERE id = " + id);
    }

    void unsafeEncodedOther(HttpServletRequest req, Statement st) throws SQLException {
        String raw = req.getParameter("name");
        String literal = st.enquoteLiteral(raw);
        // ruleid: sql-injection
        st.executeQuery("SELECT * FROM users WHERE name = " + raw);
    }

    void safeLiteral(HttpServletRequest req, Statement st) throws SQLException {
        String raw = req.getParameter("name");
        String literal = st.enquoteLiteral(raw);
        // ok: sql-injection
        st.executeQuery("SELECT * FROM users WHERE name = " + literal);
    }
}
