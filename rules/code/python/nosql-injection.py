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
    db.orders.find_one(body)
    # ruleid: nosql-injection-where, nosql-injection
    db.orders.find({"$where": "this.owner == '" + request.args["owner"] + "'"})
    # ruleid: nosql-injection-where
    db.orders.find({"$where": f"this.n > {str(request.args['n'])}"})
    # ok: nosql-injection-where
    db.orders.find({"$where": "this.n > " + str(int(request.args["n"]))})
    # ok: nosql-injection-where
    db.orders.find({"$where": "this.paid < this.price"})
    # ok: nosql-injection
    db.users.find_one({"name": str(body["name"])})
    # ok: nosql-injection
    db.orders.find_one({"_id": ObjectId(body["id"])})
    return "done"
