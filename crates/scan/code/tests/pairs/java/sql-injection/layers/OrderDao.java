package pairs.sqlinjection.layers;

import org.springframework.jdbc.core.JdbcTemplate;

class OrderDao {
    private JdbcTemplate jdbc;

    Object find(String where) {
        // deepruleid: sql-injection-spring-jdbc
        return jdbc.queryForList("SELECT * FROM orders WHERE " + where);
    }

    Object findBound(String customer) {
        // ok: sql-injection-spring-jdbc
        return jdbc.queryForList("SELECT * FROM orders WHERE customer = ?", customer);
    }

    Object sorted(String column) {
        // deepruleid: sql-injection-spring-jdbc
        return jdbc.queryForList("SELECT * FROM orders ORDER BY " + column);
    }

    Object ranked(String column) {
        // ok: sql-injection-spring-jdbc
        return jdbc.queryForList("SELECT * FROM orders ORDER BY " + column);
    }
}
