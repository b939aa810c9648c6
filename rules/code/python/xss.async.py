import html

import tornado.web
from aiohttp import web
from fastapi import FastAPI
from fastapi.responses import HTMLResponse

app = FastAPI()


@app.get("/hello")
def hello(name: str):
    # ruleid: xss-async
    return HTMLResponse("<h1>" + name + "</h1>")


@app.get("/escaped")
def escaped(name: str):
    # ok: xss-async
    return HTMLResponse("<h1>" + html.escape(name) + "</h1>")


async def greet(request):
    # ruleid: xss-async
    return web.Response(text="<p>" + request.query["q"] + "</p>", content_type="text/html")


class Search(tornado.web.RequestHandler):
    def get(self):
        # ruleid: xss-async
        self.write("<p>" + self.get_argument("q") + "</p>")

    def post(self):
        # ok: xss-async
        self.write({"q": self.get_argument("q")})
