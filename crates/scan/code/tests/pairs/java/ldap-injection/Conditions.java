package pairs.ldapinjection;

import jakarta.servlet.http.HttpServletRequest;
import javax.naming.NamingException;
import javax.naming.directory.*;

class Conditions {
    private static final boolean STRICT = true;

    void unsafeNegated(HttpServletRequest req, DirContext ctx) throws NamingException {
        String filter = "(objectClass=*)";
        if (STRICT) {
            filter = "(cn=" + req.getParameter("cn") + ")";
        }
        // ruleid: ldap-injection
        ctx.search("ou=groups", filter, new SearchControls());
    }

    void safeConstantField(HttpServletRequest req, DirContext ctx) throws NamingException {
        String filter = "(objectClass=*)";
        if (!STRICT) {
            filter = "(cn=" + req.getParameter("cn") + ")";
        }
        // ok: ldap-injection
        ctx.search("ou=groups", filter, new SearchControls());
    }

    void unsafeWhile(HttpServletRequest req, DirContext ctx) throws NamingException {
        String cn = "none";
        int i = 0;
        while (i < 1) {
            cn = req.getParameter("cn");
            i++;
        }
        // ruleid: ldap-injection
        ctx.search("ou=groups", "(cn=" + cn + ")", new SearchControls());
    }

    void safeWhileFalse(HttpServletRequest req, DirContext ctx) throws NamingException {
        String cn = "none";
        int i = 5;
        while (i < 1) {
            cn = req.getParameter("cn");
            i++;
        }
        // ok: ldap-injection
        ctx.search("ou=groups", "(cn=" + cn + ")", new SearchControls());
    }

    void unsafeAfterReturn(HttpServletRequest req, DirContext ctx) throws NamingException {
        String cn = req.getParameter("cn");
        if (cn.isEmpty()) {
            return;
        }
        // ruleid: ldap-injection
        ctx.search("ou=groups", "(cn=" + cn + ")", new SearchControls());
    }

    void safeAfterReturn(HttpServletRequest req, DirContext ctx) throws NamingException {
        String cn = req.getParameter("cn");
        if (10 % 2 == 0) {
            return;
        }
        // ok: ldap-injection
        ctx.search("ou=groups", "(cn=" + cn + ")", new SearchControls());
    }
}
