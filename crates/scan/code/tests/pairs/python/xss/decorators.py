import functools
from html import escape

from django.http import HttpResponse


def same(function):
    @functools.wraps(function)
    def inner(*args, **kwargs):
        return function(*args, **kwargs)

    return inner


def escaped(function):
    @functools.wraps(function)
    def inner(*args, **kwargs):
        return escape(function(*args, **kwargs))

    return inner


def constant(function):
    def inner(text):
        function(text)
        return "constant"

    return inner


@same
def plain(text):
    return "<p>" + text


@escaped
def careful(text):
    return "<p>" + text


@functools.lru_cache
def cached(text):
    return text


@constant
def replaced(text):
    return text


def unsafe_wrapped(request):
    # deepruleid: xss-django
    return HttpResponse(plain(request.GET["q"]))


def safe_wrapped(request):
    # ok: xss-django
    return HttpResponse(careful(request.GET["q"]))


def unsafe_cached(request):
    # deepruleid: xss-django
    return HttpResponse(cached(request.GET["q"]))


def safe_replaced(request):
    # ok: xss-django
    return HttpResponse(replaced(request.GET["q"]))
