from html import escape

from flask import Flask, make_response, request

app = Flask(__name__)


@app.route("/unsafe-list")
def unsafe_list():
    items = ["<li>" + word + "</li>" for word in request.args["q"].split()]
    # ruleid: xss-flask
    return make_response("".join(items))


@app.route("/safe-list")
def safe_list():
    items = ["<li>" + escape(word) + "</li>" for word in request.args["q"].split()]
    # ok: xss-flask
    return make_response("".join(items))


@app.route("/unsafe-dict")
def unsafe_dict():
    table = {key: request.args[key] for key in ("a", "b")}
    # ruleid: xss-flask
    return make_response(table["a"])


@app.route("/safe-dict")
def safe_dict():
    table = {key: int(request.args[key]) for key in ("a", "b")}
    # ok: xss-flask
    return make_response(str(table["a"]))


@app.route("/unsafe-generator")
def unsafe_generator():
    # ruleid: xss-flask
    return make_response("".join(word.upper() for word in request.args["q"].split()))


@app.route("/safe-generator")
def safe_generator():
    # ok: xss-flask
    return make_response("".join("*" for word in request.args["q"].split()))


@app.route("/unsafe-map")
def unsafe_map():
    # ruleid: xss-flask
    return make_response("".join(map(str.upper, request.args["q"].split())))


@app.route("/safe-map")
def safe_map():
    # ok: xss-flask
    return make_response("".join(map(escape, request.args["q"].split())))
