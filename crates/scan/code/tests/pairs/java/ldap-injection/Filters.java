package pairs.ldapinjection;

import jakarta.servlet.http.HttpServletRequest;
import javax.naming.NamingException;
import javax.naming.directory.*;
import org.owasp.esapi.ESAPI;
import org.springframework.ldap.core.LdapTemplate;
import org.springframework.ldap.support.LdapEncoder;

class Filters {
    void unsafeHtmlEncoded(HttpServletRequest req, DirContext ctx) throws NamingException {
        String uid = ESAPI.encoder().encodeForHTML(req.getParameter("uid"));
        // ruleid: ldap-injection
        ctx.search("ou=people", "(uid=" + uid + ")", new SearchControls());
    }

    void safeLdapEncoded(HttpServletRequest req, DirContext ctx) throws NamingException {
        String uid = ESAPI.encoder().encodeForLDAP(req.getParameter("uid"));
        // ok: ldap-injection
        ctx.search("ou=people", "(uid=" + uid + ")", new SearchControls());
    }

    void unsafeInText(HttpServletRequest req, DirContext ctx) throws NamingException {
        String filter = "(&(objectClass=person)(mail=" + req.getParameter("mail") + "))";
        // ruleid: ldap-injection
        ctx.search("ou=people", filter, new Object[0], new SearchControls());
    }

    void safeInArguments(HttpServletRequest req, DirContext ctx) throws NamingException {
        String filter = "(&(objectClass=person)(mail={0}))";
        // ok: ldap-injection
        ctx.search("ou=people", filter, new Object[] {req.getParameter("mail")}, new SearchControls());
    }

    void unsafeOneOfTwo(HttpServletRequest req, LdapTemplate ldap) {
        String a = LdapEncoder.filterEncode(req.getParameter("a"));
        String b = req.getParameter("b");
        // ruleid: ldap-injection
        ldap.search("ou=people", "(&(a=" + a + ")(b=" + b + "))", (Object o) -> o);
    }

    void safeBoth(HttpServletRequest req, LdapTemplate ldap) {
        String a = LdapEncoder.filterEncode(req.getParameter("a"));
        String b = LdapEncoder.filterEncode(req.getParameter("b"));
        // ok: ldap-injection
        ldap.search("ou=people", "(&(a=" + a + ")(b=" + b + "))", (Object o) -> o);
    }
}
