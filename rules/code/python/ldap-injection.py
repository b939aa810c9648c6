import ldap
from flask import Flask, request
from ldap.dn import escape_dn_chars
from ldap.filter import escape_filter_chars

app = Flask(__name__)
BASE = "ou=people,dc=example,dc=org"


@app.get("/person")
def person():
    conn = ldap.initialize("ldap://localhost")
    name = request.args["name"]
    # ruleid: ldap-injection
    conn.search_s(BASE, ldap.SCOPE_SUBTREE, "(cn=" + name + ")")
    # ruleid: ldap-injection
    conn.search_ext_s(BASE, ldap.SCOPE_SUBTREE, f"(&(cn={name})(active=TRUE))")
    # ok: ldap-injection
    conn.search_s(BASE, ldap.SCOPE_SUBTREE, "(cn=%s)" % escape_filter_chars(name))
    # ok: ldap-injection
    conn.search_s(BASE, ldap.SCOPE_SUBTREE, "(objectClass=person)")
    # ruleid: ldap-injection-dn
    conn.search_s("cn=" + name + "," + BASE, ldap.SCOPE_BASE)
    # ruleid: ldap-injection-dn
    conn.delete_s("cn=%s,%s" % (name, BASE))
    # ok: ldap-injection-dn
    conn.delete_s("cn=%s,%s" % (escape_dn_chars(name), BASE))
    # ok: ldap-injection-dn
    conn.delete_s("cn=old," + BASE)
    return "found"
