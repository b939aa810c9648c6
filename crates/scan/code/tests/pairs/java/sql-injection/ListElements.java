package pairs.sqlinjection;

import jakarta.servlet.http.HttpServletRequest;
import java.sql.*;
import java.util.*;

class ListElements {
    void unsafeRemoved(HttpServletRequest req, Statement st) throws SQLException {
        List<String> parts = new ArrayList<>();
        parts.add("safe");
        parts.add(req.getParameter("city"));
        parts.add("other");
        parts.remove(0);
        // ruleid: sql-injection
        st.executeQuery("SELECT * FROM shops WHERE city = '" + parts.get(0) + "'");
    }

    void safeRemoved(HttpServletRequest req, Statement st) throws SQLException {
        List<String> parts = new ArrayList<>();
        parts.add("safe");
        parts.add(req.getParameter("city"));
        parts.add("other");
        parts.remove(0);
        // ok: sql-injection
        st.executeQuery("SELECT * FROM shops WHERE city = '" + parts.get(1) + "'");
    }

    void unsafeReplaced(HttpServletRequest req, Statement st) throws SQLException {
        List<String> parts = new LinkedList<>(List.of("a", "b"));
        parts.set(1, req.getParameter("city"));
        parts.set(0, "c");
        // ruleid: sql-injection
        st.executeQuery("SELECT * FROM shops WHERE city = '" + parts.get(1) + "'");
    }

    void safeReplaced(HttpServletRequest req, Statement st) throws SQLException {
        List<String> parts = new LinkedList<>(List.of("a", "b"));
        parts.set(1, req.getParameter("city"));
        parts.set(1, "c");
        // ok: sql-injection
        st.executeQuery("SELECT * FROM shops WHERE city = '" + parts.get(1) + "'");
    }

    void unsafeClearedEarly(HttpServletRequest req, Statement st) throws SQLException {
        List<String> clauses = new ArrayList<>();
        clauses.clear();
        clauses.add("open = 1");
        clauses.add("city = '" + req.getParameter("city") + "'");
        // ruleid: sql-injection
        st.executeQuery("SELECT * FROM shops WHERE " + String.join(" AND ", clauses));
    }

    void safeClearedLate(HttpServletRequest req, Statement st) throws SQLException {
        List<String> clauses = new ArrayList<>();
        clauses.add("city = '" + req.getParameter("city") + "'");
        clauses.clear();
        clauses.add("open = 1");
        // ok: sql-injection
        st.executeQuery("SELECT * FROM shops WHERE " + String.join(" AND ", clauses));
    }
}
