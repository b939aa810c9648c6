import asyncio

from aiohttp import web


async def read(request):
    return await request.text()


async def size(request):
    return len(await request.text())


async def later(value):
    await asyncio.sleep(0)
    return value


async def never(value):
    await asyncio.sleep(0)
    return "1 + 1"


async def unsafe_body(request):
    # ruleid: code-injection
    eval(await request.text())
    return web.Response(text="done")


async def safe_body(request):
    # ok: code-injection
    eval(str(len(await request.text())))
    return web.Response(text="done")


async def unsafe_read(request):
    # deepruleid: code-injection
    eval(await read(request))
    return web.Response(text="done")


async def safe_read(request):
    # ok: code-injection
    eval(str(await size(request)))
    return web.Response(text="done")


async def unsafe_later(request):
    # deepruleid: code-injection
    eval(await later(request.query["v"]))
    return web.Response(text="done")


async def safe_later(request):
    # ok: code-injection
    eval(await never(request.query["v"]))
    return web.Response(text="done")


async def unsafe_gather(request):
    first, second = await asyncio.gather(later(request.query["v"]), never("a"))
    # deepruleid: code-injection
    eval(first)
    return web.Response(text=second)


async def safe_gather(request):
    first, second = await asyncio.gather(later("2"), never("a"))
    # ok: code-injection
    eval(first)
    return web.Response(text=second + str(len(request.query["v"])))
