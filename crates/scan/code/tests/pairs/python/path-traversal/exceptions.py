import os

from django.http import HttpResponse


class Refused(Exception):
    pass


def refuse(value):
    raise Refused(value)


def unsafe_except(request):
    name = "a"
    try:
        name = request.GET["name"]
        int(name)
    except ValueError:
        # ruleid: path-traversal
        os.remove("/srv/" + name)
    return HttpResponse("done")


def safe_except(request):
    name = "a"
    try:
        number = int(request.GET["name"])
        name = str(number)
    except ValueError:
        # ok: path-traversal
        os.remove("/srv/" + name)
    return HttpResponse("done")


def unsafe_finally(request):
    name = "a"
    try:
        name = request.GET["name"]
    finally:
        # ruleid: path-traversal
        os.remove("/srv/" + name)
    return HttpResponse("done")


def safe_finally(request):
    name = request.GET["name"]
    try:
        size = len(name)
    finally:
        name = "a"
        # ok: path-traversal
        os.remove("/srv/" + name)
    return HttpResponse(str(size))


def unsafe_else(request):
    try:
        name = request.GET["name"]
    except KeyError:
        name = "a"
    else:
        # ruleid: path-traversal
        os.remove("/srv/" + name)
    return HttpResponse("done")


def safe_else(request):
    try:
        name = request.GET["name"]
    except KeyError:
        name = "a"
        # ok: path-traversal
        os.remove("/srv/" + name)
    return HttpResponse(str(len(name)))


def unsafe_message(request):
    try:
        raise Refused(request.GET["name"])
    except Refused as error:
        # ruleid: path-traversal
        os.remove("/srv/" + str(error))
    return HttpResponse("done")


def safe_message(request):
    try:
        raise Refused("a")
    except Refused as error:
        # ok: path-traversal
        os.remove("/srv/" + str(error))
    return HttpResponse(str(len(request.GET["name"])))
