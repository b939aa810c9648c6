import os
from html import escape
from pathlib import Path

from django.http import HttpResponse
from werkzeug.utils import secure_filename

ROOT = "/srv/files"


def unsafe_escape(request):
    # ruleid: path-traversal
    with open(os.path.join(ROOT, escape(request.GET["name"]))) as handle:
        return HttpResponse(len(handle.read()))


def safe_secure(request):
    # ok: path-traversal
    with open(os.path.join(ROOT, secure_filename(request.GET["name"]))) as handle:
        return HttpResponse(len(handle.read()))


def unsafe_dirname(request):
    # ruleid: path-traversal
    os.remove(os.path.dirname(request.GET["name"]) + "/notes")
    return HttpResponse("done")


def safe_basename(request):
    # ok: path-traversal
    os.remove(ROOT + "/" + os.path.basename(request.GET["name"]))
    return HttpResponse("done")


def unsafe_normal(request):
    full = os.path.normpath(os.path.join(ROOT, request.GET["name"]))
    # ruleid: path-traversal
    os.listdir(full)
    return HttpResponse("done")


def safe_normal(request):
    full = os.path.normpath(os.path.join(ROOT, request.GET["name"]))
    if not full.startswith(ROOT + "/"):
        return HttpResponse("outside")
    # ok: path-traversal
    os.listdir(full)
    return HttpResponse("done")


def unsafe_pathlib(request):
    target = (Path(ROOT) / request.GET["name"]).resolve()
    # ruleid: path-traversal
    target.unlink()
    return HttpResponse("done")


def safe_pathlib(request):
    target = (Path(ROOT) / request.GET["name"]).resolve()
    if not target.is_relative_to(ROOT):
        return HttpResponse("outside")
    # ok: path-traversal
    target.unlink()
    return HttpResponse("done")
