from django.http import HttpResponse
from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe


def hello(request):
    # ruleid: xss-django
    return HttpResponse("<h1>" + request.GET["name"] + "</h1>")


def marked(request):
    # ruleid: xss-django
    return mark_safe("<b>%s</b>" % request.POST.get("text"))


def escaped(request):
    # ok: xss-django
    return HttpResponse("<h1>" + escape(request.GET["name"]) + "</h1>")


def formatted(request):
    # ok: xss-django
    return format_html("<b>{}</b>", request.GET["name"])


def plain(request):
    # ok: xss-django
    return HttpResponse(request.GET["name"], content_type="text/plain")
