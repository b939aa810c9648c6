package pairs.sqlinjection;

import jakarta.servlet.http.HttpServletRequest;
import java.sql.*;

class ConstantConditions {
    void unsafeArithmetic(HttpServletRequest req, Statement st) throws SQLException {
        String name = req.getParameter("name");
        int factor = 86;
        String filter = (7 * 42) - factor > 200 ? name : "nobody";
        // ruleid: sql-injection
        st.executeQuery("SELECT * FROM users WHERE name = '" + filter + "'");
    }

    void safeArithmetic(HttpServletRequest req, Statement st) throws SQLException {
        String name = req.getParameter("name");
        int factor = 106;
        String filter = (7 * 42) - factor > 200 ? name : "nobody";
        // ok: sql-injection
        st.executeQuery("SELECT * FROM users WHERE name = '" + filter + "'");
    }

    void unsafeIfElse(HttpServletRequest req, Statement st) throws SQLException {
        String column;
        boolean custom = 3 < 4;
        if (custom) {
            column = req.getParameter("column");
        } else {
            column = "id";
        }
        // ruleid: sql-injection
        st.executeQuery("SELECT * FROM users ORDER BY " + column);
    }

    void safeIfElse(HttpServletRequest req, Statement st) throws SQLException {
        String column;
        boolean custom = 3 > 4;
        if (custom) {
            column = req.getParameter("column");
        } else {
            column = "id";
        }
        // ok: sql-injection
        st.executeQuery("SELECT * FROM users ORDER BY " + column);
    }

    void unsafeMode(HttpServletRequest req, Statement st) throws SQLException {
        String table = req.getParameter("table");
        final String mode = "legacy";
        if ("legacy".equals(mode)) {
            // ruleid: sql-injection
            st.execute("TRUNCATE " + table);
        }
    }

    void safeMode(HttpServletRequest req, Statement st) throws SQLException {
        String table = req.getParameter("table");
        final String mode = "strict";
        if ("legacy".equals(mode)) {
            // ok: sql-injection
            st.execute("TRUNCATE " + table);
        }
    }
}
