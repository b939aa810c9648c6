import json
import logging

from django.http import HttpResponse

logger = logging.getLogger("shop")


class Event:
    def __init__(self, name, detail):
        self.name = name
        self.detail = detail

    def text(self):
        return self.name + " " + self.detail

    def quoted(self):
        return self.name + " " + repr(self.detail)


def unsafe_event(request):
    # deepruleid: log-injection
    logger.info(Event("login", request.GET["u"]).text())
    return HttpResponse("done")


def safe_event(request):
    # ok: log-injection
    logger.info(Event("login", request.GET["u"]).quoted())
    return HttpResponse("done")


def unsafe_fields(request):
    fields = {"user": request.GET["u"], "kind": "login"}
    # ruleid: log-injection
    logger.info("{kind} {user}".format(**fields))
    return HttpResponse("done")


def safe_fields(request):
    fields = {"user": request.GET["u"], "kind": "login"}
    # ok: log-injection
    logger.info(json.dumps(fields))
    return HttpResponse("done")
