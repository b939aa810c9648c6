import os
import uuid

from flask import Flask, request, send_file, send_from_directory
from werkzeug.utils import secure_filename

app = Flask(__name__)


@app.get("/unsafe-send")
def unsafe_send():
    # ruleid: path-traversal-response
    return send_file(os.path.join("/srv", request.args["name"]))


@app.get("/safe-send")
def safe_send():
    # ok: path-traversal-response
    return send_from_directory("/srv", request.args["name"])


@app.get("/unsafe-text")
def unsafe_text():
    key = str(request.args["key"])
    # ruleid: path-traversal-response
    return send_file(f"/srv/{key}.pdf")


@app.get("/safe-uuid")
def safe_uuid():
    key = uuid.UUID(request.args["key"])
    # ok: path-traversal-response
    return send_file(f"/srv/{key}.pdf")


@app.post("/unsafe-save")
def unsafe_save():
    file = request.files["file"]
    # ruleid: path-traversal-upload
    file.save("/srv/" + file.filename)
    return "done"


@app.post("/safe-save")
def safe_save():
    file = request.files["file"]
    # ok: path-traversal-upload
    file.save("/srv/" + secure_filename(file.filename))
    return "done"


@app.post("/unsafe-own")
def unsafe_own():
    file = request.files["file"]
    # ruleid: path-traversal-upload
    file.save(f"/srv/{uuid.uuid4()}-{file.filename}")
    return "done"


@app.post("/safe-own")
def safe_own():
    file = request.files["file"]
    # ok: path-traversal-upload
    file.save(f"/srv/{uuid.uuid4()}")
    return "done"
