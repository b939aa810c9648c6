package pairs.deserialization;

import jakarta.servlet.http.HttpServletRequest;
import java.util.*;
import javax.naming.InitialContext;
import javax.naming.NamingException;

class Lookups {
    private static final Set<String> NAMES = new HashSet<>(Arrays.asList("jdbc/main", "jdbc/archive"));

    Object unsafeName(HttpServletRequest req) throws NamingException {
        // ruleid: jndi-injection
        return new InitialContext().lookup(req.getParameter("name"));
    }

    Object safeChecked(HttpServletRequest req) throws NamingException {
        String name = req.getParameter("name");
        if (!NAMES.contains(name)) {
            throw new NamingException("unknown");
        }
        // ok: jndi-injection
        return new InitialContext().lookup(name);
    }

    Object unsafePrefixed(HttpServletRequest req) throws NamingException {
        InitialContext ctx = new InitialContext();
        String name = String.join("/", "java:comp", "env", req.getParameter("name"));
        // ruleid: jndi-injection
        return ctx.lookup(name);
    }

    Object safeNumbered(HttpServletRequest req) throws NamingException {
        InitialContext ctx = new InitialContext();
        String name = String.join("/", "java:comp", "env", Integer.toString(Integer.parseInt(req.getParameter("name"))));
        // ok: jndi-injection
        return ctx.lookup(name);
    }
}
