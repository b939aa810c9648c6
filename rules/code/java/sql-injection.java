package shop.orders;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import javax.sql.DataSource;
import org.owasp.esapi.ESAPI;
import org.owasp.esapi.codecs.OracleCodec;

class OrderServlet extends HttpServlet {
    private static final Set<String> COLUMNS = Set.of("placed", "total", "customer");
    private DataSource db;

    @Override
    protected void doGet(HttpServletRequest req, HttpServletResponse resp) {
        String customer = req.getParameter("customer");
        try (Connection con = db.getConnection(); Statement st = con.createStatement()) {
            // ruleid: sql-injection
            ResultSet rs = st.executeQuery("SELECT * FROM orders WHERE customer = '" + customer + "'");
            while (rs.next()) {
                log(rs.getString(1));
            }
        } catch (SQLException e) {
            log("orders", e);
        }
    }

    void formatted(HttpServletRequest req, Connection con) throws SQLException {
        String sql = String.format("DELETE FROM baskets WHERE session = '%s'", req.getHeader("X-Session"));
        // ruleid: sql-injection
        con.createStatement().executeUpdate(sql);
    }

    void preparedTooLate(HttpServletRequest req, Connection con) throws SQLException {
        String order = req.getParameter("order");
        // ruleid: sql-injection
        PreparedStatement ps = con.prepareStatement("SELECT * FROM orders WHERE paid = ? ORDER BY " + order);
        ps.setBoolean(1, true);
        ps.executeQuery();
    }

    void batch(HttpServletRequest req, Statement st) throws SQLException {
        for (String id : req.getParameterValues("id")) {
            // ruleid: sql-injection
            st.addBatch("UPDATE orders SET shipped = 1 WHERE id = " + id);
        }
        st.executeBatch();
    }

    void throughHelper(HttpServletRequest req, Connection con) throws SQLException {
        run(con, "SELECT 1 FROM users WHERE name = '" + req.getParameter("name") + "'");
    }

    private void run(Connection con, String sql) throws SQLException {
        try (Statement st = con.createStatement()) {
            // deepruleid: sql-injection
            st.execute(sql);
        }
    }

    void bound(HttpServletRequest req, Connection con) throws SQLException {
        // ok: sql-injection
        PreparedStatement ps = con.prepareStatement("SELECT * FROM orders WHERE customer = ?");
        ps.setString(1, req.getParameter("customer"));
        // ok: sql-injection
        ps.executeQuery();
    }

    void number(HttpServletRequest req, Statement st) throws SQLException {
        int id = Integer.parseInt(req.getParameter("id"));
        // ok: sql-injection
        st.executeQuery("SELECT * FROM orders WHERE id = " + id);
    }

    void allowed(HttpServletRequest req, Statement st) throws SQLException {
        String column = req.getParameter("sort");
        if (!COLUMNS.contains(column)) {
            throw new IllegalArgumentException("unknown column");
        }
        // ok: sql-injection
        st.executeQuery("SELECT * FROM orders ORDER BY " + column);
    }

    void constant(Statement st) throws SQLException {
        String table = "orders";
        // ok: sql-injection
        st.executeQuery("SELECT count(*) FROM " + table);
    }

    void encoded(HttpServletRequest req, Statement st) throws SQLException {
        String name = ESAPI.encoder().encodeForSQL(new OracleCodec(), req.getParameter("name"));
        // ok: sql-injection
        st.executeQuery("SELECT * FROM users WHERE name = '" + name + "'");
    }
}
