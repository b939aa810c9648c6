package directory;

import jakarta.servlet.http.HttpServletRequest;
import javax.naming.NamingException;
import javax.naming.directory.DirContext;
import javax.naming.directory.InitialDirContext;
import javax.naming.directory.SearchControls;
import org.owasp.esapi.ESAPI;
import org.springframework.ldap.core.LdapTemplate;
import org.springframework.ldap.support.LdapEncoder;
import org.springframework.web.bind.annotation.*;

class PeopleController {
    private LdapTemplate ldap;

    @GetMapping("/people")
    Object find(@RequestParam String uid) {
        // ruleid: ldap-injection
        return ldap.search("ou=people", "(uid=" + uid + ")", (Object attrs) -> attrs);
    }

    void login(HttpServletRequest req, InitialDirContext ctx) throws NamingException {
        String filter = String.format("(&(uid=%s)(userPassword=%s))", req.getParameter("u"), req.getParameter("p"));
        // ruleid: ldap-injection
        ctx.search("ou=people,dc=example,dc=org", filter, new SearchControls());
    }

    void entry(HttpServletRequest req, DirContext ctx) throws NamingException {
        // ruleid: ldap-injection
        ctx.getAttributes("uid=" + req.getParameter("uid") + ",ou=people");
    }

    void wrongEncoder(HttpServletRequest req, DirContext ctx) throws NamingException {
        String uid = ESAPI.encoder().encodeForHTML(req.getParameter("uid"));
        // ruleid: ldap-injection
        ctx.search("ou=people", "(uid=" + uid + ")", new SearchControls());
    }

    @GetMapping("/people/safe")
    Object encoded(@RequestParam String uid) {
        // ok: ldap-injection
        return ldap.search("ou=people", "(uid=" + LdapEncoder.filterEncode(uid) + ")", (Object attrs) -> attrs);
    }

    void arguments(HttpServletRequest req, DirContext ctx) throws NamingException {
        Object[] args = {req.getParameter("uid")};
        // ok: ldap-injection
        ctx.search("ou=people", "(uid={0})", args, new SearchControls());
    }
}
