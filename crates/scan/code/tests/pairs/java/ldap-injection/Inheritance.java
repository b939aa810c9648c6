package pairs.ldapinjection;

import jakarta.servlet.http.HttpServletRequest;
import javax.naming.NamingException;
import javax.naming.directory.*;

class Inheritance {
    static class Directory {
        protected String base = "ou=people";

        String filter(String uid) {
            return "(uid=" + uid + ")";
        }

        void find(InitialDirContext ctx, String uid) throws NamingException {
            // deepruleid: ldap-injection
            ctx.search(base, filter(uid), new SearchControls());
        }
    }

    static class NumberDirectory {
        String filter(String uid) {
            return "(uidNumber=" + Integer.valueOf(uid) + ")";
        }

        void find(InitialDirContext ctx, String uid) throws NamingException {
            // ok: ldap-injection
            ctx.search("ou=people", filter(uid), new SearchControls());
        }
    }

    static class Sub extends Directory {
        void lookup(HttpServletRequest req, InitialDirContext ctx) throws NamingException {
            super.find(ctx, req.getParameter("uid"));
        }
    }

    static class NumberSub extends NumberDirectory {
        void lookup(HttpServletRequest req, InitialDirContext ctx) throws NamingException {
            super.find(ctx, req.getParameter("uid"));
        }
    }

    static class Chosen {
        protected String choose(HttpServletRequest req) {
            return req.getParameter("uid");
        }
    }

    static class Replaced extends Chosen {
        @Override
        protected String choose(HttpServletRequest req) {
            return "admin";
        }
    }

    void unsafeInherited(HttpServletRequest req, DirContext ctx) throws NamingException {
        Chosen chosen = new Chosen();
        // deepruleid: ldap-injection
        ctx.search("ou=people", "(uid=" + chosen.choose(req) + ")", new SearchControls());
    }

    void safeReplaced(HttpServletRequest req, DirContext ctx) throws NamingException {
        Chosen chosen = new Replaced();
        // ok: ldap-injection
        ctx.search("ou=people", "(uid=" + chosen.choose(req) + ")", new SearchControls());
    }
}
