package pairs.sqlinjection;

import jakarta.servlet.http.HttpServletRequest;
import java.sql.*;
import java.util.*;

class AllowList {
    private static final Set<String> COLUMNS = Set.of("name", "age");
    private static final List<String> TABLES = List.of("users", "guests");

    void unsafeCheckIgnored(HttpServletRequest req, Statement st) throws SQLException {
        String column = req.getParameter("column");
        if (!COLUMNS.contains(column)) {
            System.err.println("unknown column");
        }
        // ruleid: sql-injection
        st.executeQuery("SELECT * FROM users ORDER BY " + column);
    }

    void safeCheckThrows(HttpServletRequest req, Statement st) throws SQLException {
        String column = req.getParameter("column");
        if (!COLUMNS.contains(column)) {
            throw new SQLException("unknown column");
        }
        // ok: sql-injection
        st.executeQuery("SELECT * FROM users ORDER BY " + column);
    }

    void unsafeElse(HttpServletRequest req, Statement st) throws SQLException {
        String table = req.getParameter("table");
        if (TABLES.contains(table)) {
            st.getConnection();
        } else {
            // ruleid: sql-injection
            st.executeQuery("SELECT * FROM " + table);
        }
    }

    void safeThen(HttpServletRequest req, Statement st) throws SQLException {
        String table = req.getParameter("table");
        if (TABLES.contains(table)) {
            // ok: sql-injection
            st.executeQuery("SELECT * FROM " + table);
        } else {
            st.getConnection();
        }
    }

    void unsafeOtherChecked(HttpServletRequest req, Statement st) throws SQLException {
        String table = req.getParameter("table");
        String column = req.getParameter("column");
        if (table == null || !TABLES.contains(table)) {
            return;
        }
        // ruleid: sql-injection
        st.executeQuery("SELECT " + column + " FROM " + table);
    }

    void safeBothChecked(HttpServletRequest req, Statement st) throws SQLException {
        String table = req.getParameter("table");
        String column = req.getParameter("column");
        if (table == null || !TABLES.contains(table)) {
            return;
        }
        if (!COLUMNS.contains(column)) {
            return;
        }
        // ok: sql-injection
        st.executeQuery("SELECT " + column + " FROM " + table);
    }
}
