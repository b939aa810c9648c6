package pairs.sqlinjection;

import jakarta.servlet.http.HttpServletRequest;
import java.sql.*;
import java.util.*;
import java.util.function.*;
import java.util.stream.*;

class Lambdas {
    void unsafeFunction(HttpServletRequest req, Statement st) throws SQLException {
        Function<String, String> where = text -> "name = '" + text + "'";
        // deepruleid: sql-injection
        st.execute("DELETE FROM t WHERE " + where.apply(req.getParameter("name")));
    }

    void safeFunction(HttpServletRequest req, Statement st) throws SQLException {
        Function<String, String> where = text -> "length = " + text.length();
        // ok: sql-injection
        st.execute("DELETE FROM t WHERE " + where.apply(req.getParameter("name")));
    }

    void unsafeSupplier(HttpServletRequest req, Statement st) throws SQLException {
        String name = req.getParameter("name");
        Supplier<String> supplier = () -> name;
        // deepruleid: sql-injection
        st.execute("DELETE FROM t WHERE name = '" + supplier.get() + "'");
    }

    void safeSupplier(HttpServletRequest req, Statement st) throws SQLException {
        String name = req.getParameter("name");
        Supplier<String> supplier = () -> "none";
        // ok: sql-injection
        st.execute("DELETE FROM t WHERE name = '" + supplier.get() + "'");
    }

    void unsafeStream(HttpServletRequest req, Statement st) throws SQLException {
        String ids = Arrays.stream(req.getParameterValues("id")).map(String::trim).collect(Collectors.joining(","));
        // ruleid: sql-injection
        st.executeQuery("SELECT * FROM t WHERE id IN (" + ids + ")");
    }

    void safeStream(HttpServletRequest req, Statement st) throws SQLException {
        String ids = Arrays.stream(req.getParameterValues("id")).map(v -> "?").collect(Collectors.joining(","));
        // ok: sql-injection
        st.executeQuery("SELECT * FROM t WHERE id IN (" + ids + ")");
    }

    void unsafeForEach(HttpServletRequest req, Statement st) {
        List.of(req.getParameter("a"), "b").forEach(v -> {
            try {
                // ruleid: sql-injection
                st.addBatch("DELETE FROM t WHERE k = '" + v + "'");
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    void safeForEach(HttpServletRequest req, Statement st) {
        String unused = req.getParameter("a");
        List.of("a", "b").forEach(v -> {
            try {
                // ok: sql-injection
                st.addBatch("DELETE FROM t WHERE k = '" + v + "'");
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
    }
}
