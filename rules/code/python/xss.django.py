from django.http import HttpResponse
from django.shortcuts import render
from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe


def hello(request):
    # ruleid: xss-django
    return HttpResponse("<h1>" + request.GET["name"] + "</h1>")


def marked(request):
    # ruleid: xss-mark-safe
    return mark_safe("<b>%s</b>" % request.POST.get("text"))


def escaped(request):
    # ok: xss-django
    return HttpResponse("<h1>" + escape(request.GET["name"]) + "</h1>")


def formatted(request):
    # ok: xss-django, xss-mark-safe
    return format_html("<b>{}</b>", request.GET["name"])


def plain(request):
    # ok: xss-django
    return HttpResponse(request.GET["name"], content_type="text/plain")


def rendered(request):
    # ruleid: xss-mark-safe
    return render(request, "page.html", {"text": mark_safe(request.GET["text"])})


def rendered_escaped(request):
    # ok: xss-mark-safe
    return render(request, "page.html", {"text": mark_safe(escape(request.GET["text"]))})
