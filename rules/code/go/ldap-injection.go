package directory

import (
	"fmt"
	"net/http"

	"github.com/go-ldap/ldap/v3"
)

func find(conn *ldap.Conn, w http.ResponseWriter, r *http.Request) {
	uid := r.FormValue("uid")
	// ruleid: ldap-injection
	req := ldap.NewSearchRequest("dc=example,dc=com", ldap.ScopeWholeSubtree, ldap.NeverDerefAliases, 0, 0, false, "(uid="+uid+")", nil, nil)
	conn.Search(req)
	// ok: ldap-injection
	safe := ldap.NewSearchRequest("dc=example,dc=com", ldap.ScopeWholeSubtree, ldap.NeverDerefAliases, 0, 0, false, fmt.Sprintf("(uid=%s)", ldap.EscapeFilter(uid)), nil, nil)
	conn.Search(safe)
}

func unit(conn *ldap.Conn, w http.ResponseWriter, r *http.Request) {
	dn := fmt.Sprintf("ou=%s,dc=example,dc=com", r.URL.Query().Get("unit"))
	// ruleid: ldap-injection
	conn.Del(ldap.NewDelRequest(dn, nil))
	// ok: ldap-injection
	conn.Del(ldap.NewDelRequest("ou="+ldap.EscapeDN(r.FormValue("unit"))+",dc=example,dc=com", nil))
}
