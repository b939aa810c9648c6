package pairs.sqlinjection;

import jakarta.servlet.http.HttpServletRequest;
import java.sql.*;

class Exceptions {
    static class Rejected extends Exception {
        private final String value;

        Rejected(String value) {
            super("rejected");
            this.value = value;
        }

        String value() {
            return value;
        }
    }

    void unsafeMessage(HttpServletRequest req, Statement st) throws SQLException {
        try {
            throw new IllegalStateException(req.getParameter("id"));
        } catch (IllegalStateException e) {
            // ruleid: sql-injection
            st.execute("INSERT INTO errors VALUES ('" + e.getMessage() + "')");
        }
    }

    void safeMessage(HttpServletRequest req, Statement st) throws SQLException {
        try {
            String id = req.getParameter("id");
            throw new IllegalStateException("bad id");
        } catch (IllegalStateException e) {
            // ok: sql-injection
            st.execute("INSERT INTO errors VALUES ('" + e.getMessage() + "')");
        }
    }

    void unsafeCarried(HttpServletRequest req, Statement st) throws SQLException {
        try {
            throw new Rejected(req.getParameter("id"));
        } catch (Rejected e) {
            // deepruleid: sql-injection
            st.execute("INSERT INTO errors VALUES ('" + e.value() + "')");
        }
    }

    void safeCarried(HttpServletRequest req, Statement st) throws SQLException {
        try {
            throw new Rejected(req.getParameter("id"));
        } catch (Rejected e) {
            // ok: sql-injection
            st.execute("INSERT INTO errors VALUES ('" + e.getMessage() + "')");
        }
    }

    void unsafeFinally(HttpServletRequest req, Statement st) throws SQLException {
        String id = "0";
        try {
            id = req.getParameter("id");
        } finally {
            st.getConnection();
        }
        // ruleid: sql-injection
        st.execute("DELETE FROM t WHERE id = " + id);
    }

    void safeFinally(HttpServletRequest req, Statement st) throws SQLException {
        String id = "0";
        try {
            id = req.getParameter("id");
        } finally {
            id = "0";
        }
        // ok: sql-injection
        st.execute("DELETE FROM t WHERE id = " + id);
    }
}
