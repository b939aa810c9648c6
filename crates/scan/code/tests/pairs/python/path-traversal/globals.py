import os

from django.http import HttpResponse

chosen = "a"
kept = "a"
SETTINGS = {"root": "/srv", "name": "a"}
DEFAULTS = {"root": "/srv", "name": "a"}


def choose(name):
    global chosen
    chosen = name


def keep(name):
    kept = name
    return len(kept)


def unsafe_global(request):
    choose(request.GET["name"])
    # deepruleid: path-traversal
    os.remove("/srv/" + chosen)
    return HttpResponse("done")


def safe_global(request):
    keep(request.GET["name"])
    # ok: path-traversal
    os.remove("/srv/" + kept)
    return HttpResponse("done")


def unsafe_settings(request):
    SETTINGS["name"] = request.GET["name"]
    # ruleid: path-traversal
    os.remove("/srv/" + SETTINGS["name"])
    return HttpResponse("done")


def safe_settings(request):
    DEFAULTS["note"] = request.GET["name"]
    # ok: path-traversal
    os.remove("/srv/" + DEFAULTS["name"])
    return HttpResponse("done")
