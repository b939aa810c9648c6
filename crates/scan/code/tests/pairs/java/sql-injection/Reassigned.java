package pairs.sqlinjection;

import jakarta.servlet.http.HttpServletRequest;
import java.sql.*;

class Reassigned {
    void unsafeBefore(HttpServletRequest req, Statement st) throws SQLException {
        String id = "1";
        id = req.getParameter("id");
        // ruleid: sql-injection
        st.executeQuery("SELECT * FROM t WHERE id = " + id);
    }

    void safeAfter(HttpServletRequest req, Statement st) throws SQLException {
        String id = req.getParameter("id");
        id = "1";
        // ok: sql-injection
        st.executeQuery("SELECT * FROM t WHERE id = " + id);
    }

    void unsafeOneBranch(HttpServletRequest req, Statement st, boolean fixed) throws SQLException {
        String id = req.getParameter("id");
        if (fixed) {
            id = "1";
        }
        // ruleid: sql-injection
        st.executeQuery("SELECT * FROM t WHERE id = " + id);
    }

    void safeBothBranches(HttpServletRequest req, Statement st, boolean fixed) throws SQLException {
        String id = req.getParameter("id");
        if (fixed) {
            id = "1";
        } else {
            id = "2";
        }
        // ok: sql-injection
        st.executeQuery("SELECT * FROM t WHERE id = " + id);
    }

    void unsafeLoopCarried(HttpServletRequest req, Statement st) throws SQLException {
        String last = "";
        for (int i = 0; i < 3; i++) {
            // ruleid: sql-injection
            st.executeQuery("SELECT * FROM t WHERE id = '" + last + "'");
            last = req.getParameter("p" + i);
        }
    }

    void safeLoopReset(HttpServletRequest req, Statement st) throws SQLException {
        String last = "";
        for (int i = 0; i < 3; i++) {
            // ok: sql-injection
            st.executeQuery("SELECT * FROM t WHERE id = '" + last + "'");
            last = req.getParameter("p" + i);
            last = "";
        }
    }
}
