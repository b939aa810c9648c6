import xml.sax
from xml.etree import ElementTree
from xml.sax.handler import feature_external_ges

import defusedxml.ElementTree
from flask import Flask, request
from lxml import etree

app = Flask(__name__)

# ruleid: xxe-lxml
loose = etree.XMLParser(resolve_entities=True)
# ruleid: xxe-lxml
fetching = etree.XMLParser(no_network=False)
# ok: xxe-lxml
strict = etree.XMLParser(resolve_entities=False, no_network=True)
# ok: xxe-lxml
blank = etree.XMLParser(remove_blank_text=True)

sax = xml.sax.make_parser()
# ruleid: xxe-sax-external-entities
sax.setFeature(feature_external_ges, True)
# ruleid: xxe-sax-external-entities
sax.setFeature(xml.sax.handler.feature_external_pes, 1)
# ok: xxe-sax-external-entities
sax.setFeature(feature_external_ges, False)
# ok: xxe-sax-external-entities
sax.setFeature(xml.sax.handler.feature_namespaces, True)


@app.post("/doc")
def doc():
    # ruleid: xml-bomb
    ElementTree.fromstring(request.data)
    # ruleid: xml-bomb
    xml.sax.parseString(request.get_data(), None)
    # ok: xml-bomb
    defusedxml.ElementTree.fromstring(request.data)
    # ok: xml-bomb
    ElementTree.parse("settings.xml")
    # ruleid: xxe-lxml-request
    etree.fromstring(request.data)
    # ruleid: xxe-lxml-request
    etree.XML(request.form["xml"])
    # ok: xxe-lxml-request
    etree.fromstring(request.data, parser=strict)
    # ok: xxe-lxml-request
    etree.parse("settings.xml")
    return "read"
