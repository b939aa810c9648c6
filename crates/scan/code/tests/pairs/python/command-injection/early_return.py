import ipaddress
import os
import re

from flask import Flask, abort, request

app = Flask(__name__)


@app.get("/unsafe-late")
def unsafe_late():
    host = request.args["host"]
    # ruleid: command-injection
    os.system("ping " + host)
    if not host.isalnum():
        abort(400)
    return "done"


@app.get("/safe-early")
def safe_early():
    host = request.args["host"]
    if not host.isalnum():
        abort(400)
    # ok: command-injection
    os.system("ping " + host)
    return "done"


@app.get("/unsafe-inverted")
def unsafe_inverted():
    host = request.args["host"]
    if host in ("a", "b"):
        return "known"
    # ruleid: command-injection
    os.system("ping " + host)
    return "done"


@app.get("/safe-inverted")
def safe_inverted():
    host = request.args["host"]
    if host in ("a", "b"):
        # ok: command-injection
        os.system("ping " + host)
    return "done"


@app.get("/unsafe-changed")
def unsafe_changed():
    host = request.args["host"]
    if not re.fullmatch(r"\w+", host):
        raise ValueError("host")
    host = request.args["other"]
    # ruleid: command-injection
    os.system("ping " + host)
    return "done"


@app.get("/safe-unchanged")
def safe_unchanged():
    host = request.args["host"]
    if not re.fullmatch(r"\w+", host):
        raise ValueError("host")
    # ok: command-injection
    os.system("ping " + host)
    return "done"


@app.get("/unsafe-parsed")
def unsafe_parsed():
    host = request.args["host"]
    address = ipaddress.ip_address("127.0.0.1")
    # ruleid: command-injection
    os.system(f"ping {host} {address}")
    return "done"


@app.get("/safe-parsed")
def safe_parsed():
    host = request.args["host"]
    address = ipaddress.ip_address(host)
    # ok: command-injection
    os.system(f"ping {address}")
    return "done"
