import os
import queue
import threading
from concurrent.futures import ThreadPoolExecutor

from flask import Flask, request

app = Flask(__name__)


def ping(host):
    # deepruleid: command-injection
    os.system("ping " + host)


def count(host):
    # ok: command-injection
    os.system("ping -s " + str(len(host)))


def launch(host):
    # deepruleid: command-injection
    os.system("ping " + host)


def launch_fixed(host):
    # ok: command-injection
    os.system("ping localhost")


def line(host):
    return "ping " + host


def no_line(host):
    return "ping localhost"


@app.get("/unsafe-thread")
def unsafe_thread():
    threading.Thread(target=ping, args=(request.args["host"],)).start()
    return "done"


@app.get("/safe-thread")
def safe_thread():
    threading.Thread(target=count, args=(request.args["host"],)).start()
    return "done"


@app.get("/unsafe-submit")
def unsafe_submit():
    with ThreadPoolExecutor() as pool:
        pool.submit(launch, request.args["host"])
    return "done"


@app.get("/safe-submit")
def safe_submit():
    with ThreadPoolExecutor() as pool:
        pool.submit(launch_fixed, request.args["host"])
    return "done"


@app.get("/unsafe-future")
def unsafe_future():
    with ThreadPoolExecutor() as pool:
        future = pool.submit(line, request.args["host"])
    # deepruleid: command-injection
    os.system(future.result())
    return "done"


@app.get("/safe-future")
def safe_future():
    with ThreadPoolExecutor() as pool:
        future = pool.submit(no_line, request.args["host"])
    # ok: command-injection
    os.system(future.result())
    return "done"


@app.get("/unsafe-queue")
def unsafe_queue():
    jobs = queue.Queue()
    jobs.put(request.args["host"])
    # ruleid: command-injection
    os.system("ping " + jobs.get())
    return "done"


@app.get("/safe-queue")
def safe_queue():
    jobs, done = queue.Queue(), queue.Queue()
    jobs.put("localhost")
    done.put(request.args["host"])
    # ok: command-injection
    os.system("ping " + jobs.get())
    return "done"
