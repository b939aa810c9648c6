from flask import Flask, request, session

app = Flask(__name__)


@app.post("/set")
def store():
    # ruleid: trust-boundary-session
    session[request.form["key"]] = "1"
    # ruleid: trust-boundary-session
    session["user_id"] = request.form["id"]
    # ok: trust-boundary-session
    session["theme"] = request.form["theme"]
    # ok: trust-boundary-session
    session["page_id"] = int(request.form["page"])
    return "done"
