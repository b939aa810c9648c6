import base64
import hmac
import json
import pickle

import yaml
from flask import Flask, request

app = Flask(__name__)


@app.post("/unsafe-pickle")
def unsafe_pickle():
    # ruleid: deserialization
    pickle.loads(base64.b64decode(request.data))
    return "done"


@app.post("/safe-json")
def safe_json():
    # ok: deserialization
    json.loads(base64.b64decode(request.data))
    return "done"


@app.post("/unsafe-yaml")
def unsafe_yaml():
    # ruleid: deserialization
    yaml.load(request.data, Loader=yaml.FullLoader)
    return "done"


@app.post("/safe-yaml")
def safe_yaml():
    # ok: deserialization
    yaml.load(request.data, Loader=yaml.SafeLoader)
    return "done"


@app.post("/unsafe-other-data")
def unsafe_other_data():
    stored = pickle.dumps({"a": 1})
    stored = request.data or stored
    # ruleid: deserialization
    pickle.loads(stored)
    return "done"


@app.post("/safe-own-data")
def safe_own_data():
    stored = pickle.dumps({"a": 1})
    # ok: deserialization
    pickle.loads(stored)
    return str(len(request.data))


@app.post("/unsafe-cookie")
def unsafe_cookie():
    parts = request.cookies["state"].split(".")
    hmac.compare_digest("a", "b")
    # ruleid: deserialization
    pickle.loads(bytes.fromhex(parts[1]))
    return "done"


@app.post("/safe-cookie")
def safe_cookie():
    parts = request.cookies["state"].split(".")
    hmac.compare_digest("a", "b")
    # ok: deserialization
    json.loads(bytes.fromhex(parts[1]))
    return "done"
