import sqlite3

from flask import Flask, request
from sqlalchemy import text

app = Flask(__name__)
COLUMNS = {"name": "name", "age": "age"}


@app.route("/users")
def by_name():
    db = sqlite3.connect("app.db")
    # ruleid: sql-injection
    return db.execute(f"SELECT id FROM users WHERE name = '{request.args['name']}'").fetchall()


@app.route("/orders")
def orders():
    cursor = sqlite3.connect("app.db").cursor()
    query = "SELECT * FROM orders WHERE state = '%s'" % request.form.get("state")
    # ruleid: sql-injection
    cursor.execute(query)
    return {"rows": cursor.fetchall()}


@app.route("/bound")
def bound():
    cursor = sqlite3.connect("app.db").cursor()
    # ok: sql-injection
    cursor.execute("SELECT * FROM orders WHERE state = ?", (request.form.get("state"),))
    return {"rows": cursor.fetchall()}


@app.route("/page")
def page():
    number = int(request.args["page"])
    cursor = sqlite3.connect("app.db").cursor()
    # ok: sql-injection
    cursor.execute("SELECT * FROM orders LIMIT 20 OFFSET {}".format(number * 20))
    return {"rows": cursor.fetchall()}


@app.route("/sorted")
def ordered():
    column = request.args["by"]
    if column not in ("name", "age"):
        return {"error": "unknown column"}
    cursor = sqlite3.connect("app.db").cursor()
    # ok: sql-injection
    cursor.execute("SELECT * FROM users ORDER BY " + column)
    return {"rows": cursor.fetchall()}


def find(db, clause):
    # deepruleid: sql-injection
    return db.execute("SELECT * FROM users WHERE " + clause)


@app.route("/search")
def search():
    return {"rows": list(find(sqlite3.connect("app.db"), request.args["where"]))}


@app.route("/text")
def by_text(session):
    # ruleid: sql-injection-sqlalchemy-text
    clause = text("SELECT * FROM items WHERE tag = '" + request.args["tag"] + "'")
    return {"rows": session.scalars(clause).all()}


@app.route("/text2")
def by_order(session):
    # ruleid: sql-injection-sqlalchemy-text
    return {"rows": session.query(1).order_by(text(request.values["order"])).all()}


@app.route("/text3")
def by_bound_text(session):
    # ok: sql-injection-sqlalchemy-text
    clause = text("SELECT * FROM items WHERE tag = :tag").bindparams(tag=request.args["tag"])
    return {"rows": session.scalars(clause).all()}


@app.route("/text4")
def by_known_order(session):
    # ok: sql-injection-sqlalchemy-text
    return {"rows": session.query(1).order_by(text(COLUMNS.get(request.args["by"], "name"))).all()}
