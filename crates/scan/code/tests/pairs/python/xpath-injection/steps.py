from django.http import HttpResponse
from lxml import etree

tree = etree.parse("books.xml")


def steps(text):
    return [part for part in text.split("/")]


def numbers(text):
    return [int(part) for part in text.split("/")]


def nested(text):
    return {"path": {"title": text, "fixed": "book"}}


def depth(text, level):
    if level == 0:
        return text
    return depth(text, level - 1)


def unsafe_steps(request):
    # deepruleid: xpath-injection
    tree.xpath("//" + "/".join(steps(request.GET["p"])))
    return HttpResponse("done")


def safe_steps(request):
    # ok: xpath-injection
    tree.xpath("//book[" + "][".join(str(n) for n in numbers(request.GET["p"])) + "]")
    return HttpResponse("done")


def unsafe_nested(request):
    # deepruleid: xpath-injection
    tree.xpath("//" + nested(request.GET["p"])["path"]["title"])
    return HttpResponse("done")


def safe_nested(request):
    # ok: xpath-injection
    tree.xpath("//" + nested(request.GET["p"])["path"]["fixed"])
    return HttpResponse("done")


def unsafe_recursive(request):
    # deepruleid: xpath-injection
    tree.xpath("//" + depth(request.GET["p"], 3))
    return HttpResponse("done")


def safe_recursive(request):
    # ok: xpath-injection
    tree.xpath("//" + depth("book", len(request.GET["p"])))
    return HttpResponse("done")
