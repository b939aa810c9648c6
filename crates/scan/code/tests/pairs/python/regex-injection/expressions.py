import html
import re

from django.http import HttpResponse


def unsafe_search(request):
    # ruleid: regex-injection
    re.search(request.GET["re"], "text")
    return HttpResponse("done")


def safe_subject(request):
    # ok: regex-injection
    re.search("text", request.GET["re"])
    return HttpResponse("done")


def unsafe_html(request):
    # ruleid: regex-injection
    re.compile("^" + html.escape(request.GET["re"]))
    return HttpResponse("done")


def safe_escape(request):
    # ok: regex-injection
    re.compile("^" + re.escape(request.GET["re"]))
    return HttpResponse("done")


def unsafe_joined(request):
    words = [re.escape("a"), request.GET["word"]]
    # ruleid: regex-injection
    re.findall("|".join(words), "text")
    return HttpResponse("done")


def safe_joined(request):
    words = [re.escape("a"), re.escape(request.GET["word"])]
    # ok: regex-injection
    re.findall("|".join(words), "text")
    return HttpResponse("done")


def unsafe_count(request):
    # ruleid: regex-injection
    re.sub("a{%s}" % request.GET["n"], "", "text")
    return HttpResponse("done")


def safe_count(request):
    # ok: regex-injection
    re.sub("a{%d}" % int(request.GET["n"]), "", "text")
    return HttpResponse("done")
