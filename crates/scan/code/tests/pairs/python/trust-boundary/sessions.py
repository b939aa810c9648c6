from flask import Flask, request, session

app = Flask(__name__)
ROLES = {"r": "reader", "w": "writer"}


@app.post("/unsafe-role")
def unsafe_role():
    # ruleid: trust-boundary-session
    session["role"] = request.form["role"]
    return "done"


@app.post("/safe-role")
def safe_role():
    # ok: trust-boundary-session
    session["role"] = ROLES.get(request.form["role"], "reader")
    return "done"


@app.post("/unsafe-key")
def unsafe_key():
    # ruleid: trust-boundary-session
    session[request.form["name"]] = "1"
    return "done"


@app.post("/safe-key")
def safe_key():
    # ok: trust-boundary-session
    session["name"] = "1"
    return str(len(request.form["name"]))


@app.post("/unsafe-update")
def unsafe_update():
    # ruleid: trust-boundary-session
    session.update(request.get_json())
    return "done"


@app.post("/safe-update")
def safe_update():
    # ok: trust-boundary-session
    session.update({"count": len(request.get_json())})
    return "done"


@app.post("/unsafe-admin")
def unsafe_admin():
    admin = request.form.get("admin", "no")
    # ruleid: trust-boundary-session
    session["is_admin"] = admin
    return "done"


@app.post("/safe-admin")
def safe_admin():
    admin = "no" if request.form.get("admin", "no") else "none"
    # ok: trust-boundary-session
    session["is_admin"] = admin
    return "done"
