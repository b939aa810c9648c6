import html

import jinja2
from flask import Flask, render_template_string, request
from mako.template import Template

app = Flask(__name__)


@app.get("/unsafe-string")
def unsafe_string():
    text = "<p>" + request.args["name"] + "</p>"
    # ruleid: template-injection
    return {"page": render_template_string(text)}


@app.get("/safe-string")
def safe_string():
    text = "<p>{{ name }}</p>"
    # ok: template-injection
    return {"page": render_template_string(text, name=request.args["name"])}


@app.get("/unsafe-escaped")
def unsafe_escaped():
    # ruleid: template-injection
    page = jinja2.Template("Hello " + html.escape(request.args["name"]))
    return {"page": page.render()}


@app.get("/safe-context")
def safe_context():
    # ok: template-injection
    page = jinja2.Template("Hello {{ name }}")
    return {"page": page.render(name=request.args["name"])}


@app.get("/unsafe-mako")
def unsafe_mako():
    # ruleid: template-injection
    page = Template(text=request.args["page"])
    return {"page": page.render()}


@app.get("/safe-mako")
def safe_mako():
    # ok: template-injection
    page = Template(text="Hello ${name}")
    return {"page": page.render(name=request.args["name"])}


@app.get("/unsafe-replaced")
def unsafe_replaced():
    text = "Hello NAME".replace("NAME", request.args["name"])
    # ruleid: template-injection
    page = jinja2.Environment(autoescape=True).from_string(text)
    return {"page": page.render()}


@app.get("/safe-replaced")
def safe_replaced():
    text = "Hello NAME".replace("NAME", "{{ name }}")
    # ok: template-injection
    page = jinja2.Environment(autoescape=True).from_string(text)
    return {"page": page.render(name=request.args["name"])}
