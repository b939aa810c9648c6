from fastapi import FastAPI, Request
import psycopg

app = FastAPI()


@app.get("/user/{name}")
async def user(name: str):
    with psycopg.connect() as conn:
        # ruleid: sql-injection
        return conn.execute("SELECT * FROM users WHERE name = '" + name + "'").fetchone()


@app.get("/number/{key}")
async def number(key: int):
    with psycopg.connect() as conn:
        # ok: sql-injection
        return conn.execute(f"SELECT * FROM users WHERE id = {key}").fetchone()


@app.post("/raw")
async def raw(request: Request):
    body = await request.json()
    with psycopg.connect() as conn:
        # ruleid: sql-injection
        return conn.execute("SELECT * FROM users WHERE " + body["where"]).fetchone()
