import ldap
from django.http import HttpResponse

BASE = "ou=people,dc=example,dc=org"


class Directory:
    def __init__(self):
        self.conn = ldap.initialize("ldap://localhost")
        self.clauses = []

    def where(self, name, value):
        self.clauses.append("(" + name + "=" + value + ")")
        return self

    def run(self):
        # deepruleid: ldap-injection
        return self.conn.search_s(BASE, ldap.SCOPE_SUBTREE, "(&" + "".join(self.clauses) + ")")


class Counting(Directory):
    def where(self, name, value):
        self.clauses.append("(" + name + "=*)")
        return self

    def run(self):
        # ok: ldap-injection
        return self.conn.search_s(BASE, ldap.SCOPE_SUBTREE, "(&" + "".join(self.clauses) + ")")


def unsafe_directory(request):
    Directory().where("cn", request.GET["cn"]).run()
    return HttpResponse("done")


def safe_directory(request):
    Counting().where("cn", request.GET["cn"]).run()
    return HttpResponse("done")


def unsafe_conditional(request):
    conn = ldap.initialize("ldap://localhost")
    text = "(cn=*)"
    if request.GET.get("cn"):
        text = "(cn=" + request.GET["cn"] + ")"
    # ruleid: ldap-injection
    conn.search_s(BASE, ldap.SCOPE_SUBTREE, text)
    return HttpResponse("done")


def safe_conditional(request):
    conn = ldap.initialize("ldap://localhost")
    text = "(cn=*)"
    if request.GET.get("cn"):
        text = "(objectClass=person)"
    # ok: ldap-injection
    conn.search_s(BASE, ldap.SCOPE_SUBTREE, text)
    return HttpResponse("done")
