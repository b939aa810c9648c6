package pairs.sqlinjection;

import jakarta.persistence.EntityManager;
import jakarta.servlet.http.HttpServletRequest;
import java.sql.*;
import java.util.*;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.web.bind.annotation.*;

class BoundParameters {
    private JdbcTemplate jdbc;
    private EntityManager em;

    void unsafePrepared(HttpServletRequest req, Connection con) throws SQLException {
        // ruleid: sql-injection
        PreparedStatement ps = con.prepareStatement("SELECT * FROM users WHERE mail = '" + req.getParameter("mail") + "'");
        ps.executeQuery();
    }

    void safePrepared(HttpServletRequest req, Connection con) throws SQLException {
        // ok: sql-injection
        PreparedStatement ps = con.prepareStatement("SELECT * FROM users WHERE mail = ?");
        ps.setString(1, req.getParameter("mail"));
        ps.executeQuery();
    }

    void unsafeCall(HttpServletRequest req, Connection con) throws SQLException {
        // ruleid: sql-injection
        CallableStatement cs = con.prepareCall("{call close_account('" + req.getParameter("account") + "')}");
        cs.execute();
    }

    void safeCall(HttpServletRequest req, Connection con) throws SQLException {
        // ok: sql-injection
        CallableStatement cs = con.prepareCall("{call close_account(?)}");
        cs.setString(1, req.getParameter("account"));
        cs.execute();
    }

    @GetMapping("/unsafe/template")
    List<Map<String, Object>> unsafeTemplate(@RequestParam String mail) {
        // ruleid: sql-injection-spring-jdbc
        return jdbc.queryForList("SELECT * FROM users WHERE mail = '%s'".formatted(mail));
    }

    @GetMapping("/safe/template")
    List<Map<String, Object>> safeTemplate(@RequestParam String mail) {
        // ok: sql-injection-spring-jdbc
        return jdbc.queryForList("SELECT * FROM users WHERE mail = ?", mail);
    }

    @PostMapping("/unsafe/jpa")
    Object unsafeJpa(@RequestBody String name) {
        // ruleid: sql-injection-jpa
        return em.createQuery("SELECT u FROM User u WHERE u.name = '" + name + "'").getResultList();
    }

    @PostMapping("/safe/jpa")
    Object safeJpa(@RequestBody String name) {
        // ok: sql-injection-jpa
        return em.createQuery("SELECT u FROM User u WHERE u.name = :name").setParameter("name", name).getResultList();
    }
}
