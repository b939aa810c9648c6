from flask import Flask, render_template, render_template_string, request
from markupsafe import Markup, escape

app = Flask(__name__)


@app.route("/unsafe-markup")
def unsafe_markup():
    # ruleid: xss-markup
    part = Markup("<b>%s</b>" % request.args["q"])
    return render_template("page.html", part=part)


@app.route("/safe-markup")
def safe_markup():
    # ok: xss-markup
    part = Markup("<b>%s</b>") % request.args["q"]
    return render_template("page.html", part=part)


@app.route("/unsafe-escape-elsewhere")
def unsafe_escape_elsewhere():
    text = request.args["q"]
    escape(text)
    # ruleid: xss-markup
    return render_template("page.html", part=Markup(text))


@app.route("/safe-escape-assigned")
def safe_escape_assigned():
    text = request.args["q"]
    text = escape(text)
    # ok: xss-markup
    return render_template("page.html", part=Markup(text))


@app.route("/unsafe-return")
def unsafe_return():
    # ruleid: xss-flask
    return "<b>" + request.args["q"] + "</b>"


@app.route("/safe-return")
def safe_return():
    # ok: xss-flask
    return render_template_string("<b>{{ q }}</b>", q=request.args["q"])


@app.route("/unsafe-tuple")
def unsafe_tuple():
    # ruleid: xss-flask
    return "<b>%s</b>" % request.args["q"], 404


@app.route("/safe-tuple")
def safe_tuple():
    # ok: xss-flask
    return "<b>%s</b>" % escape(request.args["q"]), 404
