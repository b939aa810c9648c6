from django.shortcuts import redirect

from links import Link


def unsafe_view(request):
    # deepruleid: open-redirect
    return redirect(Link(request.GET["next"]).full())


def safe_view(request):
    # ok: open-redirect
    return redirect(Link(request.GET["next"]).local())
