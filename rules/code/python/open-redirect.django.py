from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme


def leave(request):
    # ruleid: open-redirect
    return HttpResponseRedirect(request.GET["next"])


def checked(request):
    target = request.GET["next"]
    if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        # ok: open-redirect
        return redirect(target)
    # ok: open-redirect
    return redirect("home")


def again(request):
    # ok: open-redirect
    return HttpResponseRedirect(request.get_full_path())
