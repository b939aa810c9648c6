from contextlib import contextmanager
from html import escape

from flask import Flask, make_response, request

app = Flask(__name__)


def lines(text):
    for line in text.splitlines():
        yield "<p>" + line


def escaped_lines(text):
    for line in text.splitlines():
        yield "<p>" + escape(line)


def relay(text):
    yield from lines(text)


def drop(text):
    yield from escaped_lines(text)


@contextmanager
def opened(text):
    yield "<p>" + text


@contextmanager
def closed(text):
    yield "<p>" + str(len(text))


class Page:
    def __init__(self, text):
        self.text = text

    def __enter__(self):
        return self.text

    def __exit__(self, kind, value, trace):
        return False


class Cover(Page):
    def __enter__(self):
        return "cover"


@app.route("/unsafe-yield")
def unsafe_yield():
    # deepruleid: xss-flask
    return make_response("".join(lines(request.args["q"])))


@app.route("/safe-yield")
def safe_yield():
    # ok: xss-flask
    return make_response("".join(escaped_lines(request.args["q"])))


@app.route("/unsafe-relay")
def unsafe_relay():
    # deepruleid: xss-flask
    return make_response("".join(relay(request.args["q"])))


@app.route("/safe-relay")
def safe_relay():
    # ok: xss-flask
    return make_response("".join(drop(request.args["q"])))


@app.route("/unsafe-manager")
def unsafe_manager():
    with opened(request.args["q"]) as page:
        # deepruleid: xss-flask
        return make_response(page)


@app.route("/safe-manager")
def safe_manager():
    with closed(request.args["q"]) as page:
        # ok: xss-flask
        return make_response(page)


@app.route("/unsafe-enter")
def unsafe_enter():
    with Page(request.args["q"]) as page:
        # deepruleid: xss-flask
        return make_response(page)


@app.route("/safe-enter")
def safe_enter():
    with Cover(request.args["q"]) as page:
        # ok: xss-flask
        return make_response(page)
