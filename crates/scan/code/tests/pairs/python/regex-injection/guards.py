import re

from django.http import HttpResponse


def unsafe_length(request):
    text = request.GET["re"]
    if len(text) > 40:
        return HttpResponse("long")
    # ruleid: regex-injection
    re.compile(text)
    return HttpResponse("done")


def safe_letters(request):
    text = request.GET["re"]
    if not text.isalnum():
        return HttpResponse("odd")
    # ok: regex-injection
    re.compile(text)
    return HttpResponse("done")


def unsafe_pattern_argument(request):
    pattern, subject = request.GET["re"], "text"
    # ruleid: regex-injection
    re.fullmatch(pattern, subject)
    return HttpResponse("done")


def safe_swapped(request):
    pattern, subject = request.GET["re"], "text"
    pattern, subject = subject, pattern
    # ok: regex-injection
    re.fullmatch(pattern, subject)
    return HttpResponse("done")
