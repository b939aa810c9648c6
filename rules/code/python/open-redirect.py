from flask import Flask, redirect, request, url_for

app = Flask(__name__)


@app.get("/go")
def go():
    # ruleid: open-redirect
    return redirect(request.args["next"])


@app.get("/out")
def out():
    target = "https://" + request.args.get("host") + "/"
    # ruleid: open-redirect
    return redirect(target, code=302)


@app.get("/home")
def home():
    # ok: open-redirect
    return redirect(url_for("go", next=request.args["next"]))


@app.get("/listed")
def listed():
    page = request.args["page"]
    if page not in ("/a", "/b"):
        return "unknown"
    # ok: open-redirect
    return redirect(page)
