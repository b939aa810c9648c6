from flask import Flask, request
from lxml import etree

app = Flask(__name__)


@app.get("/book")
def book():
    tree = etree.parse("books.xml")
    title = request.args["title"]
    # ruleid: xpath-injection
    tree.xpath("//book[title='" + title + "']")
    # ruleid: xpath-injection
    etree.XPath(f"//book[title='{title}']")
    # ok: xpath-injection
    tree.xpath("//book[title=$title]", title=title)
    # ok: xpath-injection
    tree.xpath("//book[%d]" % int(request.args["n"]))
    return "found"
