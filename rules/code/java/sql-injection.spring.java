package shop.customers;

import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import io.vertx.ext.web.RoutingContext;
import jakarta.persistence.EntityManager;
import java.util.List;
import java.util.Map;
import org.hibernate.Session;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.web.bind.annotation.*;

@RestController
class CustomerController {
    private JdbcTemplate jdbc;
    private NamedParameterJdbcTemplate named;
    private JdbcClient client;
    private EntityManager em;
    private SqlClient pool;
    private DatabaseClient reactive;

    @GetMapping("/customers")
    List<Map<String, Object>> list(@RequestParam String city) {
        // ruleid: sql-injection-spring-jdbc
        return jdbc.queryForList("SELECT * FROM customer WHERE city = '" + city + "'");
    }

    @DeleteMapping("/customers/{name}")
    void remove(@PathVariable("name") String name) {
        StringBuilder sql = new StringBuilder("DELETE FROM customer");
        sql.append(" WHERE name = '").append(name).append('\'');
        // ruleid: sql-injection-spring-jdbc
        named.update(sql.toString(), Map.of());
    }

    @GetMapping("/customers/search")
    Object search(@RequestParam(name = "q", required = false) String q) {
        // ruleid: sql-injection-spring-jdbc
        return client.sql("SELECT * FROM customer WHERE note LIKE '%" + q + "%'").query().listOfRows();
    }

    @GetMapping("/customers/safe")
    Object bound(@RequestParam String city, @RequestParam long id) {
        // ok: sql-injection-spring-jdbc
        jdbc.queryForList("SELECT * FROM customer WHERE id = " + id);
        // ok: sql-injection-spring-jdbc
        named.queryForList("SELECT * FROM customer WHERE city = :city", Map.of("city", city));
        // ok: sql-injection-spring-jdbc
        return jdbc.queryForList("SELECT * FROM customer WHERE city = ?", city);
    }

    @GetMapping("/jpa")
    Object jpa(@RequestParam String name, @RequestHeader("X-Tenant") String tenant, Session session) {
        // ruleid: sql-injection-jpa
        em.createNativeQuery("SELECT * FROM customer WHERE tenant = '" + tenant + "'");
        // ruleid: sql-injection-jpa
        session.createQuery("from Customer c where c.tenant = '" + tenant + "'");
        // ruleid: sql-injection-jpa
        return em.createQuery("SELECT c FROM Customer c WHERE c.name = '" + name + "'").getResultList();
    }

    @GetMapping("/jpa/safe")
    Object jpaBound(@RequestParam String name, @RequestParam String sort) {
        String column = switch (sort) {
            case "name" -> "c.name";
            default -> "c.id";
        };
        // ok: sql-injection-jpa
        em.createQuery("SELECT c FROM Customer c ORDER BY " + column);
        // ok: sql-injection-jpa
        return em.createQuery("SELECT c FROM Customer c WHERE c.name = :name").setParameter("name", name).getResultList();
    }

    void route(RoutingContext ctx) {
        String id = ctx.pathParam("id");
        // ruleid: sql-injection-reactive
        pool.query("SELECT * FROM customer WHERE id = '" + id + "'").execute();
        // ok: sql-injection-reactive
        pool.preparedQuery("SELECT * FROM customer WHERE id = $1").execute(Tuple.of(id));
    }

    void formRoute(RoutingContext ctx) {
        String note = ctx.request().getFormAttribute("note");
        // ruleid: sql-injection-reactive
        pool.preparedQuery("UPDATE customer SET note = '" + note + "'").execute();
        // ok: sql-injection-reactive
        pool.query("SELECT * FROM customer WHERE level = " + Integer.parseInt(note)).execute();
    }
}
