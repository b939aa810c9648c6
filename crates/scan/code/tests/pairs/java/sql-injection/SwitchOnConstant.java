package pairs.sqlinjection;

import jakarta.servlet.http.HttpServletRequest;
import java.sql.*;

class SwitchOnConstant {
    enum Kind { RAW, FIXED }

    void unsafeChar(HttpServletRequest req, Statement st) throws SQLException {
        String value = req.getParameter("id");
        String letters = "XYZ";
        char which = letters.charAt(1);
        String id;
        switch (which) {
            case 'X':
                id = "1";
                break;
            case 'Y':
                id = value;
                break;
            default:
                id = "2";
                break;
        }
        // ruleid: sql-injection
        st.executeUpdate("DELETE FROM carts WHERE id = " + id);
    }

    void safeChar(HttpServletRequest req, Statement st) throws SQLException {
        String value = req.getParameter("id");
        String letters = "XYZ";
        char which = letters.charAt(0);
        String id;
        switch (which) {
            case 'X':
                id = "1";
                break;
            case 'Y':
                id = value;
                break;
            default:
                id = "2";
                break;
        }
        // ok: sql-injection
        st.executeUpdate("DELETE FROM carts WHERE id = " + id);
    }

    void unsafeFallThrough(HttpServletRequest req, Statement st) throws SQLException {
        String id = "0";
        switch (2) {
            case 2:
            case 3:
                id = req.getHeader("X-Id");
        }
        // ruleid: sql-injection
        st.executeUpdate("DELETE FROM carts WHERE id = " + id);
    }

    void safeFallThrough(HttpServletRequest req, Statement st) throws SQLException {
        String id = "0";
        switch (4) {
            case 2:
            case 3:
                id = req.getHeader("X-Id");
        }
        // ok: sql-injection
        st.executeUpdate("DELETE FROM carts WHERE id = " + id);
    }

    void unsafeEnum(HttpServletRequest req, Statement st) throws SQLException {
        Kind kind = Kind.RAW;
        String where = switch (kind) {
            case RAW -> req.getParameter("where");
            case FIXED -> "1 = 1";
        };
        // ruleid: sql-injection
        st.executeQuery("SELECT * FROM carts WHERE " + where);
    }

    void safeEnum(HttpServletRequest req, Statement st) throws SQLException {
        Kind kind = Kind.FIXED;
        String where = switch (kind) {
            case RAW -> req.getParameter("where");
            case FIXED -> "1 = 1";
        };
        // ok: sql-injection
        st.executeQuery("SELECT * FROM carts WHERE " + where);
    }
}
