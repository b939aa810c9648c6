import requests
from fastapi import FastAPI

app = FastAPI()


@app.get("/unsafe-name")
def unsafe_name(host: str):
    # ruleid: ssrf
    requests.get(f"http://{host}/", timeout=3)
    return {}


@app.get("/safe-number")
def safe_number(host: int):
    # ok: ssrf
    requests.get(f"http://shard{host}/", timeout=3)
    return {}


@app.get("/unsafe-or")
def unsafe_or(host: str):
    target = host or "localhost"
    # ruleid: ssrf
    requests.get("http://" + target, timeout=3)
    return {}


@app.get("/safe-or")
def safe_or(host: str):
    target = "localhost" or host
    # ok: ssrf
    requests.get("http://" + target, timeout=3)
    return {}


@app.get("/unsafe-choice")
def unsafe_choice(host: str):
    target = host if host != "localhost" else "other"
    # ruleid: ssrf
    requests.get("http://" + target, timeout=3)
    return {}


@app.get("/safe-choice")
def safe_choice(host: str):
    target = host if host in ("a", "b") else "other"
    # ok: ssrf
    requests.get("http://" + target, timeout=3)
    return {}


@app.get("/unsafe-none")
def unsafe_none(host: str):
    target = None
    if target is None:
        target = host
    # ruleid: ssrf
    requests.get("http://" + target, timeout=3)
    return {}


@app.get("/safe-none")
def safe_none(host: str):
    target = None
    if target is not None:
        target = host
    else:
        target = "localhost"
    # ok: ssrf
    requests.get("http://" + target, timeout=3)
    return {}


@app.get("/unsafe-nested")
def unsafe_nested(host: str):
    target, level = "localhost", 3
    if level > 1:
        if level > 2:
            target = host
    # ruleid: ssrf
    requests.get("http://" + target, timeout=3)
    return {}


@app.get("/safe-nested")
def safe_nested(host: str):
    target, level = "localhost", 3
    if level > 1:
        if level > 5:
            target = host
    # ok: ssrf
    requests.get("http://" + target, timeout=3)
    return {}
