<?php
$document = new DOMDocument();
// ruleid: xxe-entities
$document->loadXML($xml, LIBXML_NOENT | LIBXML_DTDLOAD);
// ruleid: xxe-entities
$element = simplexml_load_string($xml, 'SimpleXMLElement', LIBXML_NOENT);
// ok: xxe-entities
$document->loadXML($xml);
// ok: xxe-entities
$element = simplexml_load_string($xml, 'SimpleXMLElement', LIBXML_NONET);
// ruleid: xxe-loader-enabled
libxml_disable_entity_loader(false);
// ruleid: xxe-loader-enabled
$document->substituteEntities = true;
// ok: xxe-loader-enabled
libxml_disable_entity_loader(true);
// ok: xxe-loader-enabled
$document->substituteEntities = false;
