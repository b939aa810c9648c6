from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme


def unsafe_unchecked(request):
    target = request.POST["next"]
    if url_has_allowed_host_and_scheme(request.path, allowed_hosts=None):
        # ruleid: open-redirect
        return redirect(target)
    return redirect("home")


def safe_checked(request):
    target = request.POST["next"]
    if url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        # ok: open-redirect
        return redirect(target)
    return redirect("home")


def unsafe_or(request):
    # ruleid: open-redirect
    return HttpResponseRedirect(request.GET.get("next") or "/")


def safe_and(request):
    # ok: open-redirect
    return HttpResponseRedirect((len(request.GET.get("next")) and "/a") or "/")


def unsafe_counter(request):
    pages = {1: "/a", 2: request.GET["next"]}
    # ruleid: open-redirect
    return HttpResponseRedirect(pages[1 + 1])


def safe_counter(request):
    pages = {1: "/a", 2: request.GET["next"]}
    # ok: open-redirect
    return HttpResponseRedirect(pages[2 - 1])
