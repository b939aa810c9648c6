import os
import shutil
from pathlib import Path

from flask import Flask, request, send_file, send_from_directory
from werkzeug.utils import secure_filename

app = Flask(__name__)
ROOT = "/srv/files"


@app.get("/read")
def read():
    name = request.args["name"]
    # ruleid: path-traversal
    with open(os.path.join(ROOT, name)) as handle:
        first = handle.read()
    # ruleid: path-traversal
    shutil.rmtree(ROOT + "/" + name)
    # ruleid: path-traversal
    second = (Path(ROOT) / name).read_text()
    # ok: path-traversal
    with open(os.path.join(ROOT, secure_filename(name))) as handle:
        third = handle.read()
    # ok: path-traversal
    os.remove(os.path.join(ROOT, os.path.basename(name)))
    return {"all": [first, second, third]}


@app.get("/checked")
def checked():
    full = os.path.realpath(os.path.join(ROOT, request.args["name"]))
    if not full.startswith(ROOT + os.sep):
        return {"error": "outside"}
    # ok: path-traversal
    with open(full) as handle:
        return {"text": handle.read()}


@app.get("/send")
def send():
    # ruleid: path-traversal-response
    return send_file("/srv/files/" + request.args["name"])


@app.get("/folder")
def folder():
    # ruleid: path-traversal-response
    return send_from_directory(request.args["dir"], "index.html")


@app.get("/good")
def good():
    # ok: path-traversal-response
    return send_from_directory(ROOT, request.args["name"])


@app.get("/number")
def number():
    # ok: path-traversal-response
    return send_file(f"/srv/files/{int(request.args['n'])}.pdf")


@app.post("/upload")
def upload():
    file = request.files["file"]
    # ruleid: path-traversal-upload
    file.save("/srv/files/" + file.filename)
    # ruleid: path-traversal-upload
    file.save(os.path.join(ROOT, request.form["name"]))
    # ok: path-traversal-upload
    file.save(os.path.join(ROOT, secure_filename(file.filename)))
    # ok: path-traversal-upload
    file.save("/srv/files/latest")
    return "stored"
