import os

from django.http import HttpResponse


def unsafe_for(request):
    line = "ping"
    for host in request.GET.getlist("host"):
        line += " " + host
    # ruleid: command-injection
    os.system(line)
    return HttpResponse("done")


def safe_for(request):
    line = "ping"
    for host in ["a", "b"]:
        line += " " + host
    # ok: command-injection
    os.system(line)
    return HttpResponse(str(len(request.GET.getlist("host"))))


def unsafe_while(request):
    line, last, count = "a", "b", 0
    while count < 3:
        # ruleid: command-injection
        os.system("ping " + line)
        line = last
        last = request.GET["host"]
        count += 1
    return HttpResponse("done")


def safe_while(request):
    line, last, count = "a", "b", 0
    while count < 3:
        # ok: command-injection
        os.system("ping " + line)
        line = last
        last = str(len(request.GET["host"]))
        count += 1
    return HttpResponse("done")


def unsafe_enumerate(request):
    for number, host in enumerate(request.GET.getlist("host")):
        # ruleid: command-injection
        os.system(f"ping -c {number} {host}")
    return HttpResponse("done")


def safe_enumerate(request):
    for number, _ in enumerate(request.GET.getlist("host")):
        # ok: command-injection
        os.system(f"ping -c {number} localhost")
    return HttpResponse("done")


def unsafe_for_else(request):
    chosen = "localhost"
    for host in ("a", "b"):
        if host == request.GET["host"]:
            break
    else:
        chosen = request.GET["host"]
    # ruleid: command-injection
    os.system("ping " + chosen)
    return HttpResponse("done")


def safe_for_else(request):
    chosen = "localhost"
    for host in ("a", "b"):
        if host == request.GET["host"]:
            chosen = host
            break
    # ok: command-injection
    os.system("ping " + chosen)
    return HttpResponse("done")


def unsafe_continue(request):
    for host in request.GET.getlist("host"):
        if host in ("a", "b"):
            continue
        # ruleid: command-injection
        os.system("ping " + host)
    return HttpResponse("done")


def safe_continue(request):
    for host in request.GET.getlist("host"):
        if host not in ("a", "b"):
            continue
        # ok: command-injection
        os.system("ping " + host)
    return HttpResponse("done")
