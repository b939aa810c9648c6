import jinja2
from flask import Flask, render_template_string, request
from mako.template import Template

app = Flask(__name__)


@app.get("/hello")
def hello():
    name = request.args["name"]
    # ruleid: template-injection
    first = render_template_string("Hello " + name)
    # ruleid: template-injection
    second = jinja2.Environment(autoescape=True).from_string(name).render()
    # ruleid: template-injection
    third = Template("Hello %s" % name).render()
    # ok: template-injection
    fourth = render_template_string("Hello {{ name }}", name=name)
    # ok: template-injection
    fifth = jinja2.Template("Hello {{ name }}").render(name=name)
    return {"all": [first, second, third, fourth, fifth]}
