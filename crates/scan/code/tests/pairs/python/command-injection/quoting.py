import html
import os
import shlex
import subprocess
from urllib.parse import quote

from django.http import HttpResponse


def unsafe_html(request):
    # ruleid: command-injection
    os.system("echo " + html.escape(request.GET["text"]))
    return HttpResponse("done")


def safe_quoted(request):
    # ok: command-injection
    os.system("echo " + shlex.quote(request.GET["text"]))
    return HttpResponse("done")


def unsafe_doubled(request):
    # ruleid: command-injection
    os.popen('echo "' + request.GET["text"].replace('"', '\\"') + '"')
    return HttpResponse("done")


def safe_joined(request):
    # ok: command-injection
    os.popen(shlex.join(["echo", request.GET["text"]]))
    return HttpResponse("done")


def unsafe_unquoted_again(request):
    words = shlex.split(shlex.quote("a") + " " + request.GET["text"])
    # ruleid: command-injection
    subprocess.run(" ".join(words), shell=True, check=False)
    return HttpResponse("done")


def safe_words(request):
    words = shlex.split(shlex.quote("a") + " " + request.GET["text"])
    # ok: command-injection
    subprocess.run(["echo", *words], check=False)
    return HttpResponse("done")


def unsafe_url_decoded(request):
    name = quote(request.GET["name"])
    raw = request.GET["name"]
    # ruleid: command-injection
    subprocess.getoutput("ls " + raw)
    return HttpResponse(name)


def safe_shell_off(request):
    name = quote(request.GET["name"])
    raw = request.GET["name"]
    # ok: command-injection
    subprocess.check_output(["ls", raw])
    return HttpResponse(name)
