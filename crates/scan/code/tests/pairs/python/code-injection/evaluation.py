import ast
import importlib
import json
import operator

from flask import Flask, request

app = Flask(__name__)
ACTIONS = {"add": operator.add, "sub": operator.sub}


@app.get("/unsafe-eval")
def unsafe_eval():
    # ruleid: code-injection
    value = eval(request.args["v"])
    return str(bool(value))


@app.get("/safe-literal")
def safe_literal():
    # ok: code-injection
    value = ast.literal_eval(request.args["v"])
    return str(bool(value))


@app.get("/unsafe-scope")
def unsafe_scope():
    # ruleid: code-injection
    eval(request.args["v"], {"__builtins__": {}})
    return "done"


@app.get("/safe-scope")
def safe_scope():
    # ok: code-injection
    eval("x + 1", {"__builtins__": {}, "x": request.args["v"]})
    return "done"


@app.get("/unsafe-compile")
def unsafe_compile():
    tree = ast.parse(request.args["v"])
    # ruleid: code-injection
    compile(tree, "input", "exec")
    return "done"


@app.get("/safe-compile")
def safe_compile():
    tree = ast.parse("1 + 1")
    # ok: code-injection
    compile(tree, request.args["v"], "exec")
    return "done"


@app.get("/unsafe-action")
def unsafe_action():
    # ruleid: code-injection
    eval("operator." + request.args["action"])(1, 2)
    return "done"


@app.get("/safe-action")
def safe_action():
    ACTIONS[request.args["action"]](1, 2)
    # ok: code-injection
    eval("operator." + "add")(1, 2)
    return "done"


@app.get("/unsafe-json")
def unsafe_json():
    data = json.loads(request.args["v"])
    # ruleid: code-injection
    exec(data["code"])
    return "done"


@app.get("/safe-json")
def safe_json():
    data = json.loads(request.args["v"])
    # ok: code-injection
    exec("print(1)", {"code": data["code"]})
    return "done"


@app.get("/unsafe-module")
def unsafe_module():
    # ruleid: unsafe-import
    importlib.import_module("plugins." + request.args["name"])
    return "done"


@app.get("/safe-module")
def safe_module():
    name = request.args["name"]
    if name not in {"csv", "json"}:
        raise ValueError(name)
    # ok: unsafe-import
    importlib.import_module("plugins." + name)
    return "done"
