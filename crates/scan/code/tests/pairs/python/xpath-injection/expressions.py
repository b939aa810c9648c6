from lxml import etree

from django.http import HttpResponse
from xml.sax.saxutils import escape

tree = etree.parse("books.xml")


def unsafe_concat(request):
    # ruleid: xpath-injection
    tree.xpath("//book[title='" + request.GET["t"] + "']")
    return HttpResponse("done")


def safe_variable(request):
    # ok: xpath-injection
    tree.xpath("//book[title=$t]", t=request.GET["t"])
    return HttpResponse("done")


def unsafe_xml_escape(request):
    # ruleid: xpath-injection
    tree.xpath("//book[title='%s']" % escape(request.GET["t"]))
    return HttpResponse("done")


def safe_position(request):
    # ok: xpath-injection
    tree.xpath("//book[%d]" % int(request.GET["t"]))
    return HttpResponse("done")


def unsafe_compiled(request):
    # ruleid: xpath-injection
    find = etree.XPath(f"//book[@id='{request.GET['id']}']")
    find(tree)
    return HttpResponse("done")


def safe_compiled(request):
    # ok: xpath-injection
    find = etree.XPath("//book[@id=$id]")
    find(tree, id=request.GET["id"])
    return HttpResponse("done")


def unsafe_axis(request):
    axis = request.GET["axis"]
    if axis == "child":
        axis = "child"
    # ruleid: xpath-injection
    tree.xpath(axis + "::book")
    return HttpResponse("done")


def safe_axis(request):
    axis = request.GET["axis"]
    if axis not in ["child", "descendant"]:
        raise ValueError(axis)
    # ok: xpath-injection
    tree.xpath(axis + "::book")
    return HttpResponse("done")
