from bson import ObjectId
from flask import Flask, request
from pymongo import MongoClient

app = Flask(__name__)
db = MongoClient().shop


@app.post("/login")
def login():
    body = request.get_json()
    # ruleid: nosql-injection
    db.users.find_one({"name": body["name"], "password": body["password"]})
    # ruleid: nosql-injection
    db.orders.find({"$where": "this.owner == '" + request.args["owner"] + "'"})
    # ok: nosql-injection
    db.users.find_one({"name": str(body["name"])})
    # ok: nosql-injection
    db.orders.find_one({"_id": ObjectId(body["id"])})
    return "done"
