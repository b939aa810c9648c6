import os

from django.http import HttpResponse


def join(*parts):
    return "/".join(parts)


def count(*parts):
    return str(len(parts))


def pick(**options):
    return options["name"]


def pick_root(**options):
    return options["root"]


def default(name="a"):
    return name


def mixed(root, /, name, *, suffix):
    return root + suffix


def unsafe_args(request):
    # deepruleid: path-traversal
    os.remove(join("/srv", request.GET["name"]))
    return HttpResponse("done")


def safe_args(request):
    # ok: path-traversal
    os.remove(count("/srv", request.GET["name"]))
    return HttpResponse("done")


def unsafe_kwargs(request):
    # deepruleid: path-traversal
    os.remove(pick(root="/srv", name=request.GET["name"]))
    return HttpResponse("done")


def safe_kwargs(request):
    # ok: path-traversal
    os.remove(pick_root(root="/srv", name=request.GET["name"]))
    return HttpResponse("done")


def unsafe_default(request):
    # deepruleid: path-traversal
    os.remove(default(request.GET["name"]))
    return HttpResponse("done")


def safe_default(request):
    # ok: path-traversal
    os.remove(default())
    return HttpResponse(str(len(request.GET["name"])))


def unsafe_keyword_only(request):
    # deepruleid: path-traversal
    os.remove(mixed("/srv/", "a", suffix=request.GET["name"]))
    return HttpResponse("done")


def safe_keyword_only(request):
    # ok: path-traversal
    os.remove(mixed("/srv/", request.GET["name"], suffix="a"))
    return HttpResponse("done")


def unsafe_spread(request):
    options = {"name": request.GET["name"], "root": "/srv"}
    # deepruleid: path-traversal
    os.remove(pick(**options))
    return HttpResponse("done")


def safe_spread(request):
    options = {"name": request.GET["name"], "root": "/srv"}
    # ok: path-traversal
    os.remove(pick_root(**options))
    return HttpResponse("done")
