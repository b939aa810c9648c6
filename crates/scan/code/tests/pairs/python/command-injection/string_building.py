import base64
import io
import os
from string import Template

from flask import Flask, request

app = Flask(__name__)


@app.get("/unsafe-io")
def unsafe_io():
    out = io.StringIO()
    out.write("ping ")
    out.write(request.args["host"])
    # ruleid: command-injection
    os.system(out.getvalue())
    return "done"


@app.get("/safe-io")
def safe_io():
    out = io.StringIO()
    out.write("ping ")
    out.write("localhost")
    note = io.StringIO()
    note.write(request.args["host"])
    # ok: command-injection
    os.system(out.getvalue())
    return "done"


@app.get("/unsafe-bytes")
def unsafe_bytes():
    coded = base64.b64encode(request.args["host"].encode("utf-8"))
    host = base64.b64decode(coded).decode("utf-8")
    # ruleid: command-injection
    os.system("ping " + host)
    return "done"


@app.get("/safe-bytes")
def safe_bytes():
    coded = base64.b64encode(request.args["host"].encode("utf-8"))
    size = len(base64.b64decode(coded))
    # ok: command-injection
    os.system("ping -s " + str(size) + " localhost")
    return "done"


@app.get("/unsafe-template")
def unsafe_template():
    line = Template("ping $host").substitute(host=request.args["host"])
    # ruleid: command-injection
    os.system(line)
    return "done"


@app.get("/safe-template")
def safe_template():
    line = Template("ping $host").substitute(host="localhost")
    # ok: command-injection
    os.system(line)
    return request.method


@app.get("/unsafe-augmented")
def unsafe_augmented():
    line = "ping "
    line += request.args["host"]
    # ruleid: command-injection
    os.system(line)
    return "done"


@app.get("/safe-augmented")
def safe_augmented():
    line = request.args["host"]
    line = "ping "
    line += "localhost"
    # ok: command-injection
    os.system(line)
    return "done"


@app.get("/unsafe-slice")
def unsafe_slice():
    host = request.args["host"].strip().lower()[:40]
    # ruleid: command-injection
    os.system("ping {0} -c {1}".format(host, 1))
    return "done"


@app.get("/safe-slice")
def safe_slice():
    host = "localhost".strip().lower()[:40]
    # ok: command-injection
    os.system("ping {0} -c {1}".format(host, len(request.args["host"])))
    return "done"
