import functools

import requests


class Client:
    base = "http://localhost"

    def __init__(self, base=None):
        if base:
            self.base = base

    def get(self, path):
        # deepruleid: ssrf
        return requests.get(self.base + path, timeout=3)


class FixedClient:
    base = "http://localhost"

    def __init__(self, base=None):
        self.seen = base

    def get(self, path):
        # ok: ssrf
        return requests.get(self.base + "/status", timeout=3)


class Builder:
    def __init__(self):
        self.url = "http://"

    def host(self, host):
        self.url += host
        return self

    def note(self, text):
        self.text = text
        return self

    def build(self):
        return self.url


def unsafe_client(request):
    Client(request.GET["base"]).get("/status")


def safe_client(request):
    FixedClient(request.GET["base"]).get("/status")


def unsafe_builder(request):
    # deepruleid: ssrf
    requests.get(Builder().note("a").host(request.GET["host"]).build(), timeout=3)


def safe_builder(request):
    # ok: ssrf
    requests.get(Builder().note(request.GET["host"]).host("localhost").build(), timeout=3)


def unsafe_reduce(request):
    parts = ["http:/", request.GET["host"]]
    # ruleid: ssrf
    requests.get(functools.reduce(lambda left, right: left + "/" + right, parts), timeout=3)


def safe_reduce(request):
    parts = ["http:/", "localhost"]
    # ok: ssrf
    requests.get(functools.reduce(lambda left, right: left + "/" + right, parts), timeout=3, params=request.GET)
