from flask import Flask, request

from shell import run, run_quoted as careful

app = Flask(__name__)


@app.get("/unsafe")
def unsafe():
    run(["ls", request.args["dir"]])
    return "done"


@app.get("/safe")
def safe():
    careful(["ls", request.args["dir"]])
    return "done"
