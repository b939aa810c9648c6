import asyncio
import subprocess

from aiohttp import web


async def unsafe_run(request):
    # ruleid: command-injection
    subprocess.run("wc " + request.query["file"], shell=True, check=True)
    return web.Response(text="done")


async def safe_run(request):
    # ok: command-injection
    subprocess.run(["wc", request.query["file"]], shell=False, check=True)
    return web.Response(text="done")


async def unsafe_async(request):
    # ruleid: command-injection
    await asyncio.create_subprocess_shell("wc " + request.query["file"])
    return web.Response(text="done")


async def safe_async(request):
    # ok: command-injection
    await asyncio.create_subprocess_exec("wc", request.query["file"])
    return web.Response(text="done")


async def unsafe_dash_c(request):
    # ruleid: command-injection
    subprocess.Popen(["bash", "-c", "wc " + request.query["file"]])
    return web.Response(text="done")


async def safe_dash_c(request):
    # ok: command-injection
    subprocess.Popen(["bash", "-c", 'wc "$1"', "wc", request.query["file"]])
    return web.Response(text="done")


async def unsafe_program(request):
    # ruleid: command-injection-program
    subprocess.call([request.query["tool"], "--version"])
    return web.Response(text="done")


async def safe_program(request):
    # ok: command-injection-program
    subprocess.call(["git", "--version", request.query["tool"]])
    return web.Response(text="done")
