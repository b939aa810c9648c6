import os
import shlex
import subprocess
import sys
from os import system as run_line

from flask import Flask, request

app = Flask(__name__)
TOOLS = {"list": "/bin/ls", "disk": "/bin/df"}


@app.get("/ping")
def ping():
    # ruleid: command-injection
    os.system("ping -c 1 " + request.args["host"])
    return "done"


@app.get("/alias")
def alias():
    # ruleid: command-injection
    run_line(f"ping -c 1 {request.args.get('host')}")
    return "done"


@app.get("/shell")
def shell():
    # ruleid: command-injection
    subprocess.run("grep %s words" % request.args["word"], shell=True, check=True)
    # ruleid: command-injection
    subprocess.check_output(["sh", "-c", "grep " + request.args["word"]])
    return "done"


@app.get("/quoted")
def quoted():
    # ok: command-injection
    os.system("ping -c 1 " + shlex.quote(request.args["host"]))
    # ok: command-injection
    subprocess.run(["ping", "-c", "1", request.args["host"]], check=True)
    return "done"


@app.get("/program")
def program():
    # ruleid: command-injection-program
    subprocess.run([request.args["tool"], "--version"], check=False)
    # ruleid: command-injection-program
    os.execv(request.args["tool"], ["tool"])
    # ok: command-injection-program
    subprocess.run([TOOLS.get(request.args["tool"], "/bin/ls"), "--version"], check=False)
    # ok: command-injection-program
    subprocess.run(["/bin/ls", request.args["tool"]], check=False)
    return "done"


def main():
    # ruleid: command-injection-local
    os.system("tar cf out.tar " + sys.argv[1])
    # ruleid: command-injection-local
    subprocess.call(os.environ["EDITOR"] + " notes", shell=True)
    # ok: command-injection-local
    subprocess.call(["tar", "cf", "out.tar", sys.argv[1]])
    # ok: command-injection-local
    os.system("tar cf out.tar " + shlex.quote(sys.argv[1]))
