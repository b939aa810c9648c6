import sqlite3

from flask import Flask, request

app = Flask(__name__)
db = sqlite3.connect("a.db")


@app.get("/unsafe-if")
def unsafe_if():
    text = request.args["q"]
    number = 106
    if 7 * 18 + number > 200:
        clause = text
    else:
        clause = "1 = 1"
    # ruleid: sql-injection
    db.execute("SELECT * FROM t WHERE " + clause)
    return "done"


@app.get("/safe-if")
def safe_if():
    text = request.args["q"]
    number = 106
    if 7 * 18 + number < 200:
        clause = text
    else:
        clause = "1 = 1"
    # ok: sql-injection
    db.execute("SELECT * FROM t WHERE " + clause)
    return "done"


@app.get("/unsafe-ternary")
def unsafe_ternary():
    limit = 500 // 42
    clause = request.args["q"] if limit + 86 > 90 else "none"
    # ruleid: sql-injection
    db.execute("SELECT * FROM t WHERE " + clause)
    return "done"


@app.get("/safe-ternary")
def safe_ternary():
    limit = 500 // 42
    clause = "none" if limit + 86 > 90 else request.args["q"]
    # ok: sql-injection
    db.execute("SELECT * FROM t WHERE " + clause)
    return "done"


@app.get("/unsafe-flag")
def unsafe_flag():
    clause = "1 = 1"
    debug = False
    if not debug:
        clause = request.args["q"]
    # ruleid: sql-injection
    db.execute("SELECT * FROM t WHERE " + clause)
    return "done"


@app.get("/safe-flag")
def safe_flag():
    clause = "1 = 1"
    debug = False
    if debug:
        clause = request.args["q"]
    # ok: sql-injection
    db.execute("SELECT * FROM t WHERE " + clause)
    return "done"
