import hmac
import os

import psycopg2
import pymysql
from cryptography.fernet import Fernet
from flask import Flask

app = Flask(__name__)
# ruleid: hardcoded-flask-secret
app.secret_key = "not so secret"
# ruleid: hardcoded-flask-secret
app.config["SECRET_KEY"] = "written here"
# ok: hardcoded-flask-secret
app.secret_key = os.environ["SECRET_KEY"]
# ok: hardcoded-flask-secret
app.config["THEME"] = "dark"


def sign(data, key):
    # ruleid: hardcoded-key
    hmac.new(b"static key", data, "sha256")
    # ruleid: hardcoded-key
    Fernet(b"c3RhdGljIGtleSBzdGF0aWMga2V5IHN0YXRpYyBrZXk=")
    # ok: hardcoded-key
    hmac.new(key, data, "sha256")
    # ok: hardcoded-key
    Fernet(Fernet.generate_key())


def connect():
    # ruleid: hardcoded-db-password
    psycopg2.connect(host="db", user="shop", password="plain words")
    # ruleid: hardcoded-db-password
    pymysql.connect(host="db", user="shop", password="plain words")
    # ok: hardcoded-db-password
    psycopg2.connect(host="db", user="shop", password=os.environ["DB_PASSWORD"])
    # ok: hardcoded-db-password
    psycopg2.connect(host="db", user="shop", password="")
