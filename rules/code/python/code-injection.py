import ast
import importlib
import sys

from flask import Flask, request

app = Flask(__name__)


@app.get("/sum")
def total():
    # ruleid: code-injection
    value = eval(request.args["expr"])
    # ruleid: code-injection
    exec("x = " + request.args["expr"])
    # ok: code-injection
    other = ast.literal_eval(request.args["expr"])
    # ok: code-injection
    third = eval("1 + 1")
    return {"value": [value, other, third]}


@app.get("/plugin")
def plugin():
    name = request.args["name"]
    # ruleid: unsafe-import
    importlib.import_module("plugins." + name)
    # ruleid: unsafe-import
    __import__(name)
    # ok: unsafe-import
    importlib.import_module("plugins.base")
    if name in ("a", "b"):
        # ok: unsafe-import
        importlib.import_module("plugins." + name)
    return "loaded"


def main():
    # ruleid: code-injection-local
    print(eval(sys.argv[1]))
    # ruleid: code-injection-local
    exec(input("code: "))
    # ok: code-injection-local
    print(ast.literal_eval(sys.argv[1]))
    # ok: code-injection-local
    print(eval("2 ** 10"))
