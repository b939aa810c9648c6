from urllib.parse import quote, urlparse

from flask import Flask, redirect, request, url_for

app = Flask(__name__)


@app.get("/unsafe-next")
def unsafe_next():
    # ruleid: open-redirect
    return redirect(request.args["next"])


@app.get("/safe-route")
def safe_route():
    # ok: open-redirect
    return redirect(url_for("unsafe_next", next=request.args["next"]))


@app.get("/unsafe-default")
def unsafe_default():
    # ruleid: open-redirect
    return redirect(request.args.get("next", "/"))


@app.get("/safe-default")
def safe_default():
    # ok: open-redirect
    return redirect("/" if request.args.get("next", "/") else "/home")


@app.get("/unsafe-host")
def unsafe_host():
    # ruleid: open-redirect
    return redirect("//" + request.args["host"])


@app.get("/safe-query")
def safe_query():
    # ok: open-redirect
    return redirect("/search?q=" + quote(request.args["host"]))


@app.get("/unsafe-parsed")
def unsafe_parsed():
    target = request.args["next"]
    if urlparse(target).path == "":
        return "empty"
    # ruleid: open-redirect
    return redirect(target)


@app.get("/safe-parsed")
def safe_parsed():
    target = request.args["next"]
    if urlparse(target).netloc:
        return "other host"
    # ok: open-redirect
    return redirect(target)
