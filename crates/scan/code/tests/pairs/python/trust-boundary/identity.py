from django.contrib.auth import authenticate
from django.http import HttpResponse


def unsafe_identity(request):
    name = request.POST["name"]
    # ruleid: trust-boundary-session
    request.session["user_id"] = name
    return HttpResponse("done")


def safe_identity(request):
    user = authenticate(request, token="fixed")
    # ok: trust-boundary-session
    request.session["user_id"] = user.pk
    return HttpResponse("done")


def unsafe_tenant(request):
    # ruleid: trust-boundary-session
    request.session["tenant"] = request.GET.get("tenant")
    return HttpResponse("done")


def safe_tenant(request):
    tenant = request.GET.get("tenant")
    if tenant not in ("north", "south"):
        return HttpResponse("unknown")
    # ok: trust-boundary-session
    request.session["tenant"] = tenant
    return HttpResponse("done")
