from urllib.parse import quote

from flask import Flask, make_response, request

app = Flask(__name__)


@app.get("/file")
def download():
    response = make_response("data")
    # ruleid: header-injection
    response.headers["Content-Disposition"] = "attachment; filename=" + request.args["name"]
    # ruleid: header-injection
    response.headers.add("X-Trace", request.args["trace"])
    # ok: header-injection
    response.headers["X-Trace"] = quote(request.args["trace"])
    # ok: header-injection
    response.headers["X-Page"] = str(int(request.args["page"]))
    return response
