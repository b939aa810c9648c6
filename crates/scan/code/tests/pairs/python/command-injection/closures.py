import os
from functools import partial

from flask import Flask, request

app = Flask(__name__)


def ping(prefix, host):
    # deepruleid: command-injection
    os.system(prefix + host)


def ping_fixed(prefix, host):
    # ok: command-injection
    os.system(prefix + "localhost")


def apply(action, value):
    return action(value)


@app.get("/unsafe-closure")
def unsafe_closure():
    host = request.args["host"]

    def line():
        return "ping " + host

    # deepruleid: command-injection
    os.system(line())
    return "done"


@app.get("/safe-closure")
def safe_closure():
    host = request.args["host"]

    def line():
        return "ping localhost"

    # ok: command-injection
    os.system(line())
    return str(len(host))


@app.get("/unsafe-lambda")
def unsafe_lambda():
    build = lambda host: "ping " + host
    # deepruleid: command-injection
    os.system(build(request.args["host"]))
    return "done"


@app.get("/safe-lambda")
def safe_lambda():
    build = lambda host: "ping localhost"
    # ok: command-injection
    os.system(build(request.args["host"]))
    return "done"


@app.get("/unsafe-partial")
def unsafe_partial():
    partial(ping, "ping ")(request.args["host"])
    return "done"


@app.get("/safe-partial")
def safe_partial():
    partial(ping_fixed, "ping ")(request.args["host"])
    return "done"


@app.get("/unsafe-callback")
def unsafe_callback():
    # deepruleid: command-injection
    os.system(apply(lambda host: "ping " + host, request.args["host"]))
    return "done"


@app.get("/safe-callback")
def safe_callback():
    # ok: command-injection
    os.system(apply(lambda host: "ping " + str(len(host)), request.args["host"]))
    return "done"


@app.get("/unsafe-nonlocal")
def unsafe_nonlocal():
    line = "ping localhost"

    def change():
        nonlocal line
        line = "ping " + request.args["host"]

    change()
    # deepruleid: command-injection
    os.system(line)
    return "done"


@app.get("/safe-nonlocal")
def safe_nonlocal():
    line = "ping localhost"

    def change():
        line = "ping " + request.args["host"]
        return len(line)

    change()
    # ok: command-injection
    os.system(line)
    return "done"
