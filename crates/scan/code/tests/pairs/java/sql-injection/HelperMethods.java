package pairs.sqlinjection;

import jakarta.servlet.http.HttpServletRequest;
import java.sql.*;

class HelperMethods {
    private static String quoted(String text) {
        return "'" + text + "'";
    }

    private static String first(String a, String b) {
        return a;
    }

    private static String ignoring(String text) {
        return "'fixed'";
    }

    private void run(Statement st, String table, String sql) throws SQLException {
        // deepruleid: sql-injection
        st.execute(sql);
    }

    private void runLogged(Statement st, String label, String sql) throws SQLException {
        System.out.println(label.length());
        // ok: sql-injection
        st.execute(sql);
    }

    void unsafeSink(HttpServletRequest req, Statement st) throws SQLException {
        run(st, "users", "DELETE FROM users WHERE name = '" + req.getParameter("name") + "'");
    }

    void safeSink(HttpServletRequest req, Statement st) throws SQLException {
        runLogged(st, req.getParameter("name"), "DELETE FROM users WHERE expired = 1");
    }

    void unsafeReturned(HttpServletRequest req, Statement st) throws SQLException {
        // deepruleid: sql-injection
        st.execute("DELETE FROM users WHERE name = " + quoted(req.getParameter("name")));
    }

    void safeReturned(HttpServletRequest req, Statement st) throws SQLException {
        // ok: sql-injection
        st.execute("DELETE FROM users WHERE name = " + ignoring(req.getParameter("name")));
    }

    void unsafeFirst(HttpServletRequest req, Statement st) throws SQLException {
        // deepruleid: sql-injection
        st.execute("DELETE FROM users WHERE id = " + first(req.getParameter("id"), "7"));
    }

    void safeFirst(HttpServletRequest req, Statement st) throws SQLException {
        // ok: sql-injection
        st.execute("DELETE FROM users WHERE id = " + first("7", req.getParameter("id")));
    }
}
