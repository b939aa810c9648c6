import sqlite3

from flask import Flask, request

app = Flask(__name__)
db = sqlite3.connect("a.db")


def same(value):
    return value


def forget(value):
    return "constant"


def wrap(prefix, value):
    text = prefix + value
    return text


def second(first, other):
    return other


def run(query):
    # deepruleid: sql-injection
    db.execute(query)


def run_checked(query):
    # ok: sql-injection
    db.execute(query)


@app.get("/unsafe-same")
def unsafe_same():
    # deepruleid: sql-injection
    db.execute("SELECT * FROM t WHERE " + same(request.args["q"]))
    return "done"


@app.get("/safe-forget")
def safe_forget():
    # ok: sql-injection
    db.execute("SELECT * FROM t WHERE " + forget(request.args["q"]))
    return "done"


@app.get("/unsafe-second")
def unsafe_second():
    # deepruleid: sql-injection
    db.execute("SELECT * FROM t WHERE " + second("1 = 1", request.args["q"]))
    return "done"


@app.get("/safe-second")
def safe_second():
    # ok: sql-injection
    db.execute("SELECT * FROM t WHERE " + second(request.args["q"], "1 = 1"))
    return "done"


@app.get("/unsafe-sink")
def unsafe_sink():
    run(wrap("SELECT * FROM t WHERE ", request.args["q"]))
    return "done"


@app.get("/safe-sink")
def safe_sink():
    run_checked(wrap("SELECT * FROM t WHERE ", "id = 1"))
    return "done"
