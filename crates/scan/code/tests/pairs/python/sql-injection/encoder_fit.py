import html
import sqlite3
import urllib.parse

from flask import Flask, request
from psycopg import sql

app = Flask(__name__)


@app.get("/unsafe-html")
def unsafe_html():
    name = html.escape(request.args["name"], quote=False)
    # ruleid: sql-injection
    sqlite3.connect("a.db").execute("SELECT 1 FROM t WHERE n = '" + name + "'")
    return "done"


@app.get("/safe-html")
def safe_html():
    name = html.escape(request.args["name"], quote=False)
    # ok: sql-injection
    sqlite3.connect("a.db").execute("SELECT 1 FROM t WHERE n = ?", (name,))
    return "done"


@app.get("/unsafe-unquote")
def unsafe_unquote():
    number = urllib.parse.unquote(request.args["n"])
    # ruleid: sql-injection
    sqlite3.connect("a.db").execute(f"SELECT 1 FROM t WHERE n = {number}")
    return "done"


@app.get("/safe-int")
def safe_int():
    number = int(request.args["n"])
    # ok: sql-injection
    sqlite3.connect("a.db").execute(f"SELECT 1 FROM t WHERE n = {number}")
    return "done"


@app.get("/unsafe-identifier")
def unsafe_identifier(cursor):
    table = sql.SQL(request.args["table"])
    # ruleid: sql-injection
    cursor.execute(table)
    return "done"


@app.get("/safe-identifier")
def safe_identifier(cursor):
    table = sql.SQL("TABLE {}").format(sql.Identifier(request.args["table"]))
    # ok: sql-injection
    cursor.execute(table)
    return "done"
