from urllib.parse import quote, urlparse

import httpx
import requests
from flask import Flask, abort, request

app = Flask(__name__)
HOSTS = ("api.example.org", "cdn.example.org")
TARGETS = {"a": "https://api.example.org/", "b": "https://cdn.example.org/"}


@app.get("/unsafe-url")
def unsafe_url():
    # ruleid: ssrf
    requests.get("https://" + request.args["host"] + "/items", timeout=3)
    return "done"


@app.get("/safe-part")
def safe_part():
    # ok: ssrf
    requests.get("https://api.example.org/items/" + quote(request.args["host"]), timeout=3)
    return "done"


@app.get("/unsafe-scheme")
def unsafe_scheme():
    url = request.args["url"]
    if urlparse(url).scheme not in ("http", "https"):
        abort(400)
    # ruleid: ssrf
    requests.get(url, timeout=3)
    return "done"


@app.get("/safe-host")
def safe_host():
    url = request.args["url"]
    if urlparse(url).hostname not in HOSTS:
        abort(400)
    # ok: ssrf
    requests.get(url, timeout=3)
    return "done"


@app.get("/unsafe-target")
def unsafe_target():
    url = {"a": "https://api.example.org/"}.get("b", request.args["url"])
    # ruleid: ssrf
    httpx.get(url)
    return "done"


@app.get("/safe-target")
def safe_target():
    url = TARGETS.get(request.args["url"], "https://api.example.org/")
    # ok: ssrf
    httpx.get(url)
    return "done"


@app.get("/unsafe-argument")
def unsafe_argument():
    # ruleid: ssrf
    requests.post(request.args["url"], json={"a": 1}, timeout=3)
    return "done"


@app.get("/safe-argument")
def safe_argument():
    # ok: ssrf
    requests.post("https://api.example.org/", json={"a": request.args["url"]}, timeout=3)
    return "done"
