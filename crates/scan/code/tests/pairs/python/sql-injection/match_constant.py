import sqlite3

from flask import Flask, request

app = Flask(__name__)
db = sqlite3.connect("a.db")


@app.get("/unsafe-letter")
def unsafe_letter():
    guess = "ABC"[0]
    match guess:
        case "A":
            clause = request.args["q"]
        case "B":
            clause = "state = 1"
        case _:
            clause = "1 = 1"
    # ruleid: sql-injection
    db.execute("SELECT * FROM t WHERE " + clause)
    return "done"


@app.get("/safe-letter")
def safe_letter():
    guess = "ABC"[1]
    match guess:
        case "A":
            clause = request.args["q"]
        case "B":
            clause = "state = 1"
        case _:
            clause = "1 = 1"
    # ok: sql-injection
    db.execute("SELECT * FROM t WHERE " + clause)
    return "done"


@app.get("/unsafe-alternatives")
def unsafe_alternatives():
    clause = "1 = 1"
    match 2 + 1:
        case 3 | 4:
            clause = request.args["q"]
        case _:
            clause = "id = 1"
    # ruleid: sql-injection
    db.execute("SELECT * FROM t WHERE " + clause)
    return "done"


@app.get("/safe-alternatives")
def safe_alternatives():
    clause = "1 = 1"
    match 2 + 3:
        case 3 | 4:
            clause = request.args["q"]
        case _:
            clause = "id = 1"
    # ok: sql-injection
    db.execute("SELECT * FROM t WHERE " + clause)
    return "done"


@app.get("/unsafe-subject")
def unsafe_subject():
    match request.args["by"]:
        case "name":
            column = "name"
        case other:
            column = other
    # ruleid: sql-injection
    db.execute("SELECT * FROM t ORDER BY " + column)
    return "done"


@app.get("/safe-subject")
def safe_subject():
    match request.args["by"]:
        case "name":
            column = "name"
        case _:
            column = "id"
    # ok: sql-injection
    db.execute("SELECT * FROM t ORDER BY " + column)
    return "done"
