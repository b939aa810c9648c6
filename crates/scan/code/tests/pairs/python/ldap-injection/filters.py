import html

import ldap
from django.http import HttpResponse
from ldap.dn import escape_dn_chars
from ldap.filter import escape_filter_chars, filter_format

BASE = "ou=people,dc=example,dc=org"
conn = ldap.initialize("ldap://localhost")


def unsafe_html(request):
    # ruleid: ldap-injection
    conn.search_s(BASE, ldap.SCOPE_SUBTREE, "(cn=" + html.escape(request.GET["cn"]) + ")")
    return HttpResponse("done")


def safe_filter(request):
    # ok: ldap-injection
    conn.search_s(BASE, ldap.SCOPE_SUBTREE, "(cn=" + escape_filter_chars(request.GET["cn"]) + ")")
    return HttpResponse("done")


def unsafe_dn_in_filter(request):
    # ruleid: ldap-injection
    conn.search_s(BASE, ldap.SCOPE_SUBTREE, "(cn=%s)" % escape_dn_chars(request.GET["cn"]))
    return HttpResponse("done")


def safe_format(request):
    # ok: ldap-injection
    conn.search_s(BASE, ldap.SCOPE_SUBTREE, filter_format("(cn=%s)", [request.GET["cn"]]))
    return HttpResponse("done")


def unsafe_filter_in_dn(request):
    # ruleid: ldap-injection-dn
    conn.delete_s("cn=" + escape_filter_chars(request.GET["cn"]) + "," + BASE)
    return HttpResponse("done")


def safe_dn(request):
    # ok: ldap-injection-dn
    conn.delete_s("cn=" + escape_dn_chars(request.GET["cn"]) + "," + BASE)
    return HttpResponse("done")


def unsafe_one_of_two(request):
    name = escape_filter_chars(request.GET["cn"])
    mail = request.GET["mail"]
    # ruleid: ldap-injection
    conn.search_s(BASE, ldap.SCOPE_SUBTREE, f"(&(cn={name})(mail={mail}))")
    return HttpResponse("done")


def safe_both(request):
    name = escape_filter_chars(request.GET["cn"])
    mail = escape_filter_chars(request.GET["mail"])
    # ok: ldap-injection
    conn.search_s(BASE, ldap.SCOPE_SUBTREE, f"(&(cn={name})(mail={mail}))")
    return HttpResponse("done")
