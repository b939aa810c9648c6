import configparser
import sqlite3

from flask import Flask, request

app = Flask(__name__)
db = sqlite3.connect("a.db")


@app.get("/unsafe-key")
def unsafe_key():
    values = {"fixed": "1 = 1"}
    values["asked"] = request.args["q"]
    # ruleid: sql-injection
    db.execute("SELECT * FROM t WHERE " + values["asked"])
    return "done"


@app.get("/safe-key")
def safe_key():
    values = {"fixed": "1 = 1"}
    values["asked"] = request.args["q"]
    # ok: sql-injection
    db.execute("SELECT * FROM t WHERE " + values["fixed"])
    return "done"


@app.get("/unsafe-overwritten")
def unsafe_overwritten():
    values = {"q": "1 = 1"}
    values["q"] = request.args["q"]
    # ruleid: sql-injection
    db.execute("SELECT * FROM t WHERE " + values.get("q"))
    return "done"


@app.get("/safe-overwritten")
def safe_overwritten():
    values = {"q": request.args["q"]}
    values["q"] = "1 = 1"
    # ok: sql-injection
    db.execute("SELECT * FROM t WHERE " + values.get("q"))
    return "done"


@app.get("/unsafe-removed")
def unsafe_removed():
    values = {"a": request.args["q"], "b": "1 = 1"}
    clause = values.pop("a")
    # ruleid: sql-injection
    db.execute("SELECT * FROM t WHERE " + clause)
    return "done"


@app.get("/safe-removed")
def safe_removed():
    values = {"a": request.args["q"], "b": "1 = 1"}
    values.pop("a")
    # ok: sql-injection
    db.execute("SELECT * FROM t WHERE " + " ".join(values.values()))
    return "done"


@app.get("/unsafe-config")
def unsafe_config():
    conf = configparser.ConfigParser()
    conf.add_section("s")
    conf.set("s", "fixed", "1 = 1")
    conf.set("s", "asked", request.args["q"])
    # ruleid: sql-injection
    db.execute("SELECT * FROM t WHERE " + conf.get("s", "asked"))
    return "done"


@app.get("/safe-config")
def safe_config():
    conf = configparser.ConfigParser()
    conf.add_section("s")
    conf.set("s", "fixed", "1 = 1")
    conf.set("s", "asked", request.args["q"])
    # ok: sql-injection
    db.execute("SELECT * FROM t WHERE " + conf.get("s", "fixed"))
    return "done"


@app.get("/unsafe-update")
def unsafe_update():
    values = {"order": "id"}
    values.update(order=request.args["order"])
    # ruleid: sql-injection
    db.execute("SELECT * FROM t ORDER BY " + values["order"])
    return "done"


@app.get("/safe-update")
def safe_update():
    values = {"order": request.args["order"]}
    values.update(order="id")
    # ok: sql-injection
    db.execute("SELECT * FROM t ORDER BY " + values["order"])
    return "done"
