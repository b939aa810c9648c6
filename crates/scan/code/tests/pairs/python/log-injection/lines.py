import html
import logging

from flask import Flask, request

app = Flask(__name__)
logger = logging.getLogger(__name__)


@app.get("/unsafe-html")
def unsafe_html():
    # ruleid: log-injection
    logger.info("user " + html.escape(request.args["u"]))
    return "done"


@app.get("/safe-repr")
def safe_repr():
    # ok: log-injection
    logger.info("user " + repr(request.args["u"]))
    return "done"


@app.get("/unsafe-tab")
def unsafe_tab():
    # ruleid: log-injection
    logger.warning("user %s", request.args["u"].replace("\t", " "))
    return "done"


@app.get("/safe-newline")
def safe_newline():
    # ok: log-injection
    logger.warning("user %s", request.args["u"].replace("\n", " "))
    return "done"


@app.get("/unsafe-text")
def unsafe_text():
    # ruleid: log-injection
    logging.error("page %s" % request.args["page"])
    return "done"


@app.get("/safe-size")
def safe_size():
    # ok: log-injection
    logging.error("page %s" % len(request.args["page"]))
    return "done"
