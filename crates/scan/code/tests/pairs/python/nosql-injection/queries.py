from bson import ObjectId
from flask import Flask, request
from pymongo import MongoClient

app = Flask(__name__)
db = MongoClient().shop


@app.post("/unsafe-login")
def unsafe_login():
    body = request.get_json()
    # ruleid: nosql-injection
    db.users.find_one({"name": body["name"], "key": body["key"]})
    return "done"


@app.post("/safe-login")
def safe_login():
    body = request.get_json()
    # ok: nosql-injection
    db.users.find_one({"name": str(body["name"]), "key": str(body["key"])})
    return "done"


@app.post("/unsafe-id")
def unsafe_id():
    # ruleid: nosql-injection
    db.orders.delete_one({"_id": request.json["id"]})
    return "done"


@app.post("/safe-id")
def safe_id():
    # ok: nosql-injection
    db.orders.delete_one({"_id": ObjectId(request.json["id"])})
    return "done"


@app.post("/unsafe-whole")
def unsafe_whole():
    # ruleid: nosql-injection
    db.orders.find(request.get_json())
    return "done"


@app.post("/safe-whole")
def safe_whole():
    # ok: nosql-injection
    db.orders.find({"open": True}, limit=len(request.get_json()))
    return "done"


@app.post("/unsafe-where")
def unsafe_where():
    # ruleid: nosql-injection-where
    db.orders.find({"$where": "this.n > " + str(request.args.get("n") or 0)})
    return "done"


@app.post("/safe-where")
def safe_where():
    # ok: nosql-injection-where
    db.orders.find({"$where": "this.n > " + str(int(request.args.get("n")))})
    return "done"


@app.post("/unsafe-kept")
def unsafe_kept():
    query = {"open": True}
    query["owner"] = request.json["owner"]
    # ruleid: nosql-injection
    db.orders.count_documents(query)
    return "done"


@app.post("/safe-dropped")
def safe_dropped():
    query = {"open": True}
    query["owner"] = request.json["owner"]
    del query["owner"]
    # ok: nosql-injection
    db.orders.count_documents(query)
    return "done"
