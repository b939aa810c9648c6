import sqlite3
from dataclasses import dataclass

from flask import Flask, request

app = Flask(__name__)
db = sqlite3.connect("a.db")


@dataclass
class Query:
    where: str
    order: str


class Holder:
    def __init__(self, value):
        self._value = value
        self._other = "1 = 1"

    def value(self):
        return self._value

    def other(self):
        return self._other


class Settable:
    def set(self, text):
        self.text = text

    def get(self):
        return self.text


@app.get("/unsafe-data")
def unsafe_data():
    query = Query(where=request.args["q"], order="id")
    # deepruleid: sql-injection
    db.execute("SELECT * FROM t WHERE " + query.where)
    return "done"


@app.get("/safe-data")
def safe_data():
    query = Query(where=request.args["q"], order="id")
    # ok: sql-injection
    db.execute("SELECT * FROM t ORDER BY " + query.order)
    return "done"


@app.get("/unsafe-holder")
def unsafe_holder():
    holder = Holder(request.args["q"])
    # deepruleid: sql-injection
    db.execute("SELECT * FROM t WHERE " + holder.value())
    return "done"


@app.get("/safe-holder")
def safe_holder():
    holder = Holder(request.args["q"])
    # ok: sql-injection
    db.execute("SELECT * FROM t WHERE " + holder.other())
    return "done"


@app.get("/unsafe-set")
def unsafe_set():
    box = Settable()
    box.set("1 = 1")
    box.set(request.args["q"])
    # deepruleid: sql-injection
    db.execute("SELECT * FROM t WHERE " + box.get())
    return "done"


@app.get("/safe-set")
def safe_set():
    box = Settable()
    box.set(request.args["q"])
    box.set("1 = 1")
    # ok: sql-injection
    db.execute("SELECT * FROM t WHERE " + box.get())
    return "done"


@app.get("/unsafe-two")
def unsafe_two():
    first, second = Settable(), Settable()
    first.set("1 = 1")
    second.set(request.args["q"])
    # deepruleid: sql-injection
    db.execute("SELECT * FROM t WHERE " + second.get())
    return "done"


@app.get("/safe-two")
def safe_two():
    first, second = Settable(), Settable()
    first.set("1 = 1")
    second.set(request.args["q"])
    # ok: sql-injection
    db.execute("SELECT * FROM t WHERE " + first.get())
    return "done"
