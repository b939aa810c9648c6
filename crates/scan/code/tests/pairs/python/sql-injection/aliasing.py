import sqlite3

from flask import Flask, request

app = Flask(__name__)
db = sqlite3.connect("a.db")


class Box:
    clause = "1 = 1"


@app.get("/unsafe-alias")
def unsafe_alias():
    box = Box()
    other = box
    other.clause = request.args["q"]
    # ruleid: sql-injection
    db.execute("SELECT * FROM t WHERE " + box.clause)
    return "done"


@app.get("/safe-alias")
def safe_alias():
    box = Box()
    other = Box()
    other.clause = request.args["q"]
    # ok: sql-injection
    db.execute("SELECT * FROM t WHERE " + box.clause)
    return "done"


@app.get("/unsafe-list-alias")
def unsafe_list_alias():
    parts = ["1 = 1"]
    view = parts
    view[0] = request.args["q"]
    # ruleid: sql-injection
    db.execute("SELECT * FROM t WHERE " + parts[0])
    return "done"


@app.get("/safe-list-alias")
def safe_list_alias():
    parts = ["1 = 1"]
    view = parts[:]
    view[0] = request.args["q"]
    # ok: sql-injection
    db.execute("SELECT * FROM t WHERE " + parts[0])
    return "done"


@app.get("/unsafe-rebound")
def unsafe_rebound():
    clause = request.args["q"]
    kept = clause
    clause = "1 = 1"
    # ruleid: sql-injection
    db.execute("SELECT * FROM t WHERE " + kept)
    return "done" if clause else "none"


@app.get("/safe-rebound")
def safe_rebound():
    clause = request.args["q"]
    kept = clause
    clause = "1 = 1"
    # ok: sql-injection
    db.execute("SELECT * FROM t WHERE " + clause)
    return "done" if kept else "none"
