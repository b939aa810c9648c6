import html

import tornado.web
from fastapi.responses import HTMLResponse
from pyramid.response import Response


class Unsafe(tornado.web.RequestHandler):
    def get(self):
        name = self.get_query_argument("name")
        # ruleid: xss-async
        self.finish("<b>" + name + "</b>")


class Safe(tornado.web.RequestHandler):
    def get(self):
        name = html.escape(self.get_query_argument("name"))
        # ok: xss-async
        self.finish("<b>" + name + "</b>")


def unsafe_pyramid(request):
    # ruleid: xss-async
    return Response("<b>%s</b>" % request.params["name"])


def safe_pyramid(request):
    # ok: xss-async
    return Response("<b>%s</b>" % html.escape(request.params["name"]))


async def unsafe_starlette(request):
    form = await request.form()
    # ruleid: xss-async
    return HTMLResponse("<b>" + form["name"] + "</b>")


async def safe_starlette(request):
    form = await request.form()
    # ok: xss-async
    return HTMLResponse("<b>" + html.escape(form["name"]) + "</b>")
