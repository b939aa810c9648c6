import logging

from flask import Flask, request

app = Flask(__name__)
logger = logging.getLogger(__name__)


@app.get("/login")
def login():
    # ruleid: log-injection
    logger.info("login by " + request.args["user"])
    # ruleid: log-injection
    logging.warning(f"login by {request.args['user']}")
    # ok: log-injection
    logger.info("login by " + repr(request.args["user"]))
    # ok: log-injection
    logger.info("login by " + request.args["user"].replace("\n", " "))
    return "done"
