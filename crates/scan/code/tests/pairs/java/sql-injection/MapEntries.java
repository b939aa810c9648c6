package pairs.sqlinjection;

import jakarta.servlet.http.HttpServletRequest;
import java.sql.*;
import java.util.*;

class MapEntries {
    void unsafeKey(HttpServletRequest req, Connection con) throws SQLException {
        Map<String, Object> model = new HashMap<>();
        model.put("table", "orders");
        model.put("filter", req.getParameter("filter"));
        // ruleid: sql-injection
        con.createStatement().executeQuery("SELECT * FROM t WHERE " + model.get("filter"));
    }

    void safeKey(HttpServletRequest req, Connection con) throws SQLException {
        Map<String, Object> model = new HashMap<>();
        model.put("table", "orders");
        model.put("filter", req.getParameter("filter"));
        // ok: sql-injection
        con.createStatement().executeQuery("SELECT * FROM " + model.get("table"));
    }

    void unsafeOverwritten(HttpServletRequest req, Connection con) throws SQLException {
        Map<String, String> model = new LinkedHashMap<>();
        model.put("sort", "id");
        model.put("sort", req.getParameter("sort"));
        // ruleid: sql-injection
        con.createStatement().executeQuery("SELECT * FROM t ORDER BY " + model.get("sort"));
    }

    void safeOverwritten(HttpServletRequest req, Connection con) throws SQLException {
        Map<String, String> model = new LinkedHashMap<>();
        model.put("sort", req.getParameter("sort"));
        model.put("sort", "id");
        // ok: sql-injection
        con.createStatement().executeQuery("SELECT * FROM t ORDER BY " + model.get("sort"));
    }

    void unsafeRemovedOther(HttpServletRequest req, Connection con) throws SQLException {
        Map<String, String> model = new TreeMap<>();
        model.put("a", req.getParameter("a"));
        model.put("b", "x");
        model.remove("b");
        for (String value : model.values()) {
            // ruleid: sql-injection
            con.createStatement().execute("DELETE FROM t WHERE k = '" + value + "'");
        }
    }

    void safeRemoved(HttpServletRequest req, Connection con) throws SQLException {
        Map<String, String> model = new TreeMap<>();
        model.put("a", req.getParameter("a"));
        model.put("b", "x");
        model.remove("a");
        for (String value : model.values()) {
            // ok: sql-injection
            con.createStatement().execute("DELETE FROM t WHERE k = '" + value + "'");
        }
    }

    void unsafeDefault(HttpServletRequest req, Connection con) throws SQLException {
        Map<String, String> columns = Map.of("n", "name", "d", "day");
        String key = req.getParameter("key");
        // ruleid: sql-injection
        con.createStatement().executeQuery("SELECT * FROM t ORDER BY " + columns.getOrDefault(key, key));
    }

    void safeDefault(HttpServletRequest req, Connection con) throws SQLException {
        Map<String, String> columns = Map.of("n", "name", "d", "day");
        String key = req.getParameter("key");
        // ok: sql-injection
        con.createStatement().executeQuery("SELECT * FROM t ORDER BY " + columns.getOrDefault(key, "name"));
    }
}
