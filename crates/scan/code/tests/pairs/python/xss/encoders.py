import html
import shlex
import urllib.parse

from django.http import HttpResponse


def unsafe_shell_quote(request):
    # ruleid: xss-django
    return HttpResponse("<p>" + shlex.quote(request.GET["q"]) + "</p>")


def safe_html_escape(request):
    # ok: xss-django
    return HttpResponse("<p>" + html.escape(request.GET["q"]) + "</p>")


def unsafe_unescaped(request):
    # ruleid: xss-django
    return HttpResponse("<p>" + html.unescape(request.GET["q"]) + "</p>")


def safe_quoted(request):
    # ok: xss-django
    return HttpResponse("<a href='/x?q=" + urllib.parse.quote(request.GET["q"]) + "'>x</a>")


def unsafe_replace(request):
    # ruleid: xss-django
    return HttpResponse("<p>" + request.GET["q"].replace("script", "") + "</p>")


def safe_number(request):
    # ok: xss-django
    return HttpResponse("<p>" + str(float(request.GET["q"])) + "</p>")


def unsafe_type(request):
    # ruleid: xss-django
    return HttpResponse(request.GET["q"], content_type="text/html")


def safe_type(request):
    # ok: xss-django
    return HttpResponse(request.GET["q"], content_type="text/plain")
