import sqlite3

from flask import Flask, request

app = Flask(__name__)
db = sqlite3.connect("a.db")


def pair(value):
    return value, "1 = 1"


@app.get("/unsafe-tuple")
def unsafe_tuple():
    asked, fixed = request.args["q"], "1 = 1"
    # ruleid: sql-injection
    db.execute("SELECT * FROM t WHERE " + asked + fixed)
    return "done"


@app.get("/safe-tuple")
def safe_tuple():
    asked, fixed = request.args["q"], "1 = 1"
    # ok: sql-injection
    db.execute("SELECT * FROM t WHERE " + fixed)
    return str(len(asked))


@app.get("/unsafe-star")
def unsafe_star():
    first, *rest = ["1 = 1", request.args["q"], "2 = 2"]
    # ruleid: sql-injection
    db.execute("SELECT * FROM t WHERE " + rest[0])
    return first


@app.get("/safe-star")
def safe_star():
    first, *rest = ["1 = 1", request.args["q"], "2 = 2"]
    # ok: sql-injection
    db.execute("SELECT * FROM t WHERE " + first)
    return str(len(rest))


@app.get("/unsafe-swap")
def unsafe_swap():
    left, right = request.args["q"], "1 = 1"
    left, right = right, left
    # ruleid: sql-injection
    db.execute("SELECT * FROM t WHERE " + right)
    return left


@app.get("/safe-swap")
def safe_swap():
    left, right = request.args["q"], "1 = 1"
    left, right = right, left
    # ok: sql-injection
    db.execute("SELECT * FROM t WHERE " + left)
    return str(len(right))


@app.get("/unsafe-returned")
def unsafe_returned():
    asked, _ = pair(request.args["q"])
    # deepruleid: sql-injection
    db.execute("SELECT * FROM t WHERE " + asked)
    return "done"


@app.get("/safe-returned")
def safe_returned():
    _, fixed = pair(request.args["q"])
    # ok: sql-injection
    db.execute("SELECT * FROM t WHERE " + fixed)
    return "done"


@app.get("/unsafe-walrus")
def unsafe_walrus():
    if (clause := request.args.get("q")) is not None:
        # ruleid: sql-injection
        db.execute("SELECT * FROM t WHERE " + clause)
    return "done"


@app.get("/safe-walrus")
def safe_walrus():
    if (clause := len(request.args.get("q"))) is not None:
        # ok: sql-injection
        db.execute("SELECT * FROM t WHERE n = " + str(clause))
    return "done"
