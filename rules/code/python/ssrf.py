from urllib.parse import urlparse
from urllib.request import urlopen

import requests
from flask import Flask, request

app = Flask(__name__)
HOSTS = {"api.example.org"}


@app.get("/fetch")
def fetch():
    # ruleid: ssrf
    first = requests.get(request.args["url"], timeout=5).text
    # ruleid: ssrf
    second = urlopen("http://" + request.args["host"] + "/status").read()
    # ok: ssrf
    third = requests.get("https://api.example.org/items", params={"q": request.args["q"]}, timeout=5).text
    # ok: ssrf
    fourth = requests.get(f"https://api.example.org/items/{int(request.args['n'])}", timeout=5).text
    return {"all": [first, second, third, fourth]}


@app.get("/checked")
def checked():
    url = request.args["url"]
    if urlparse(url).hostname not in HOSTS:
        return {"error": "host"}
    # ok: ssrf
    return {"text": requests.get(url, timeout=5).text}
