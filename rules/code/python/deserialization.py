import base64
import json
import pickle

import numpy as np
import torch
import yaml
from flask import Flask, request

app = Flask(__name__)


@app.post("/load")
def load():
    # ruleid: deserialization
    pickle.loads(request.data)
    # ruleid: deserialization
    pickle.loads(base64.b64decode(request.cookies["state"]))
    # ruleid: deserialization
    yaml.load(request.data, Loader=yaml.FullLoader)
    # ok: deserialization
    json.loads(request.data)
    # ok: deserialization
    yaml.safe_load(request.data)
    # ok: deserialization
    yaml.load(request.data, Loader=yaml.SafeLoader)
    return "read"


def read(stream):
    # ruleid: yaml-unsafe-load
    first = yaml.load(stream, Loader=yaml.Loader)
    # ruleid: yaml-unsafe-load
    second = yaml.unsafe_load(stream)
    # ok: yaml-unsafe-load
    third = yaml.load(stream, Loader=yaml.SafeLoader)
    # ok: yaml-unsafe-load
    fourth = yaml.safe_load(stream)
    return first, second, third, fourth


def old(stream, text):
    # ruleid: yaml-load-without-loader
    first = yaml.load(stream)
    # ruleid: yaml-load-without-loader
    second = yaml.load(text)
    # ok: yaml-load-without-loader
    third = yaml.safe_load(stream)
    # ok: yaml-load-without-loader
    fourth = yaml.load(stream, Loader=yaml.SafeLoader)
    return first, second, third, fourth


def model(path):
    # ruleid: torch-load-weights
    first = torch.load(path, weights_only=False)
    # ruleid: torch-load-weights
    second = np.load(path, allow_pickle=True)
    # ok: torch-load-weights
    third = torch.load(path, weights_only=True)
    # ok: torch-load-weights
    fourth = np.load(path)
    return first, second, third, fourth
