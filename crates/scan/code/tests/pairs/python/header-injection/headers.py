import html
from urllib.parse import quote

from flask import Flask, make_response, request
from werkzeug.utils import secure_filename

app = Flask(__name__)


@app.get("/unsafe-html")
def unsafe_html():
    response = make_response("done")
    # ruleid: header-injection
    response.headers["X-Name"] = html.escape(request.args["name"])
    return response


@app.get("/safe-quoted")
def safe_quoted():
    response = make_response("done")
    # ok: header-injection
    response.headers["X-Name"] = quote(request.args["name"])
    return response


@app.get("/unsafe-strip")
def unsafe_strip():
    response = make_response("done")
    # ruleid: header-injection
    response.headers["X-Name"] = request.args["name"].strip()
    return response


@app.get("/safe-replaced")
def safe_replaced():
    response = make_response("done")
    # ok: header-injection
    response.headers["X-Name"] = request.args["name"].replace("\r", "").replace("\n", "")
    return response


@app.get("/unsafe-file")
def unsafe_file():
    response = make_response("done")
    # ruleid: header-injection
    response.headers["Content-Disposition"] = "attachment; filename=" + request.args["name"]
    return response


@app.get("/safe-file")
def safe_file():
    response = make_response("done")
    # ok: header-injection
    response.headers["Content-Disposition"] = "attachment; filename=" + secure_filename(request.args["name"])
    return response


@app.get("/unsafe-language")
def unsafe_language():
    response = make_response("done")
    language = request.args["l"]
    # ruleid: header-injection
    response.headers["Content-Language"] = language
    return response


@app.get("/safe-language")
def safe_language():
    response = make_response("done")
    language = request.args["l"]
    if language not in ("de", "en"):
        language = "en"
    # ok: header-injection
    response.headers["Content-Language"] = language
    return response
