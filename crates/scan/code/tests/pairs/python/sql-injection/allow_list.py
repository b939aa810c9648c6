import enum
import re
import sqlite3

from flask import Flask, abort, request

app = Flask(__name__)
db = sqlite3.connect("a.db")
COLUMNS = frozenset({"id", "name"})
ORDERS = {"up": "ASC", "down": "DESC"}


@app.get("/unsafe-member")
def unsafe_member():
    column = request.args["by"]
    if column not in COLUMNS:
        print("unknown column")
    # ruleid: sql-injection
    db.execute(f"SELECT * FROM t ORDER BY {column}")
    return "done"


@app.get("/safe-member")
def safe_member():
    column = request.args["by"]
    if column not in COLUMNS:
        abort(400)
    # ok: sql-injection
    db.execute(f"SELECT * FROM t ORDER BY {column}")
    return "done"


@app.get("/unsafe-table")
def unsafe_table():
    order = ORDERS.get("up") + request.args["order"]
    # ruleid: sql-injection
    db.execute("SELECT * FROM t ORDER BY id " + order)
    return "done"


@app.get("/safe-table")
def safe_table():
    order = ORDERS.get(request.args["order"], "ASC")
    # ok: sql-injection
    db.execute("SELECT * FROM t ORDER BY id " + order)
    return "done"


@app.get("/unsafe-index")
def unsafe_index():
    order = {"up": "ASC", "down": request.args["order"]}["down"]
    # ruleid: sql-injection
    db.execute("SELECT * FROM t ORDER BY id " + order)
    return "done"


@app.get("/safe-index")
def safe_index():
    order = {"up": "ASC", "down": "DESC"}[request.args["order"]]
    # ok: sql-injection
    db.execute("SELECT * FROM t ORDER BY id " + order)
    return "done"


@app.get("/unsafe-search")
def unsafe_search():
    column = request.args["by"]
    if not re.search("[a-z]+", column):
        abort(400)
    # ruleid: sql-injection
    db.execute("SELECT * FROM t ORDER BY " + column)
    return "done"


@app.get("/safe-fullmatch")
def safe_fullmatch():
    column = request.args["by"]
    if not re.fullmatch("[a-z]+", column):
        abort(400)
    # ok: sql-injection
    db.execute("SELECT * FROM t ORDER BY " + column)
    return "done"


@app.get("/unsafe-other-name")
def unsafe_other_name():
    column, way = request.args["by"], request.args["way"]
    if way not in ("ASC", "DESC"):
        abort(400)
    # ruleid: sql-injection
    db.execute("SELECT * FROM t ORDER BY " + column)
    return "done"


@app.get("/safe-same-name")
def safe_same_name():
    column, way = request.args["by"], request.args["way"]
    if way not in ("ASC", "DESC"):
        abort(400)
    # ok: sql-injection
    db.execute("SELECT * FROM t ORDER BY id " + way)
    return "done"
