from flask import Flask, render_template_string, request

app = Flask(__name__)
PAGES = {"a": "Hello {{ name }}", "b": "Bye {{ name }}"}


class Mail:
    def __init__(self, subject, body):
        self.subject, self.body = subject, body

    def source(self):
        return self.body


@app.get("/unsafe-page")
def unsafe_page():
    pages = dict(a="Hello", b=request.args["page"])
    # ruleid: template-injection
    return {"page": render_template_string(pages["b"])}


@app.get("/safe-page")
def safe_page():
    # ok: template-injection
    return {"page": render_template_string(PAGES[request.args["page"]])}


@app.get("/unsafe-mail")
def unsafe_mail():
    mail = Mail("hello", request.args["text"])
    # deepruleid: template-injection
    return {"page": render_template_string(mail.source())}


@app.get("/safe-mail")
def safe_mail():
    mail = Mail(request.args["text"], "hello")
    # ok: template-injection
    return {"page": render_template_string(mail.source())}
