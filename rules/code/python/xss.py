import html

from flask import Flask, Response, make_response, render_template, request
from markupsafe import Markup, escape

app = Flask(__name__)


@app.route("/hello")
def hello():
    name = request.args["name"]
    # ruleid: xss-flask
    return "<h1>Hello " + name + "</h1>"


@app.route("/made")
def made():
    # ruleid: xss-flask
    return make_response(f"<p>{request.args['q']}</p>")


@app.route("/escaped")
def escaped():
    # ok: xss-flask
    return "<h1>Hello " + str(escape(request.args["name"])) + "</h1>"


@app.route("/rendered")
def rendered():
    # ok: xss-flask
    return render_template("hello.html", name=request.args["name"])


@app.route("/plain")
def plain():
    # ok: xss-flask
    return Response(html.escape(request.args["name"]))


@app.route("/markup")
def markup():
    # ruleid: xss-markup
    bold = Markup("<b>" + request.args["name"] + "</b>")
    # ruleid: xss-markup
    raw = Markup(request.args.get("raw"))
    # ok: xss-markup
    good = Markup("<b>{}</b>").format(request.args["name"])
    # ok: xss-markup
    fine = Markup("<b>" + escape(request.args["name"]) + "</b>")
    return render_template("page.html", parts=[bold, raw, good, fine])
