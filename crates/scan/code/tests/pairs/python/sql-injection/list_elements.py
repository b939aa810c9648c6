import sqlite3
from collections import deque

from flask import Flask, request

app = Flask(__name__)
db = sqlite3.connect("a.db")


@app.get("/unsafe-pop")
def unsafe_pop():
    parts = ["a", request.args["q"], "b"]
    parts.pop(0)
    # ruleid: sql-injection
    db.execute("SELECT * FROM t WHERE " + parts[0])
    return "done"


@app.get("/safe-pop")
def safe_pop():
    parts = ["a", request.args["q"], "b"]
    parts.pop(0)
    # ok: sql-injection
    db.execute("SELECT * FROM t WHERE " + parts[1])
    return "done"


@app.get("/unsafe-append")
def unsafe_append():
    parts = []
    parts.append("a = 1")
    parts.append(request.args["q"])
    # ruleid: sql-injection
    db.execute("SELECT * FROM t WHERE " + parts[1])
    return "done"


@app.get("/safe-append")
def safe_append():
    parts = []
    parts.append("a = 1")
    parts.append(request.args["q"])
    # ok: sql-injection
    db.execute("SELECT * FROM t WHERE " + parts[0])
    return "done"


@app.get("/unsafe-deque")
def unsafe_deque():
    parts = deque(["a = 1"])
    parts.append(request.args["q"])
    parts.popleft()
    # ruleid: sql-injection
    db.execute("SELECT * FROM t WHERE " + parts[0])
    return "done"


@app.get("/safe-deque")
def safe_deque():
    parts = deque(["a = 1"])
    parts.append(request.args["q"])
    parts.pop()
    # ok: sql-injection
    db.execute("SELECT * FROM t WHERE " + parts[0])
    return "done"


@app.get("/unsafe-clear")
def unsafe_clear():
    parts = [request.args["q"]]
    copy = list(parts)
    parts.clear()
    # ruleid: sql-injection
    db.execute("SELECT * FROM t WHERE " + " AND ".join(copy))
    return "done"


@app.get("/safe-clear")
def safe_clear():
    parts = [request.args["q"]]
    parts.clear()
    parts.append("1 = 1")
    # ok: sql-injection
    db.execute("SELECT * FROM t WHERE " + " AND ".join(parts))
    return "done"


@app.get("/unsafe-delete")
def unsafe_delete():
    parts = [request.args["q"], "a = 1"]
    del parts[1]
    # ruleid: sql-injection
    db.execute("SELECT * FROM t WHERE " + parts[0])
    return "done"


@app.get("/safe-delete")
def safe_delete():
    parts = [request.args["q"], "a = 1"]
    del parts[0]
    # ok: sql-injection
    db.execute("SELECT * FROM t WHERE " + parts[0])
    return "done"
