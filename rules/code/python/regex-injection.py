import re

from flask import Flask, request

app = Flask(__name__)


@app.get("/grep")
def grep():
    # ruleid: regex-injection
    re.search(request.args["re"], "text")
    # ruleid: regex-injection
    re.compile("^" + request.args["re"])
    # ok: regex-injection
    re.search(re.escape(request.args["re"]), "text")
    # ok: regex-injection
    re.search("^a+$", request.args["text"])
    return "done"
