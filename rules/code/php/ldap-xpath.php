<?php
$uid = $_GET['uid'];
// ruleid: ldap-injection
$found = ldap_search($link, 'ou=people,o=example', "(uid=$uid)");
// ruleid: ldap-injection
ldap_bind($link, 'uid=' . $_POST['name'] . ',o=example', $_POST['password']);
// ok: ldap-injection
$found = ldap_search($link, 'o=example', '(uid=' . ldap_escape($uid, '', LDAP_ESCAPE_FILTER) . ')');
// ok: ldap-injection
$found = ldap_search($link, 'o=example', '(uid=admin)');
// ruleid: xpath-injection
$nodes = $xml->xpath("//user[name='$uid']");
$xpath = new DOMXPath($document);
// ruleid: xpath-injection
$nodes = $xpath->query('//user[@id=' . $_GET['id'] . ']');
// ok: xpath-injection
$nodes = $xpath->query('//user[@id=' . (int) $_GET['id'] . ']');
// ok: xpath-injection
$nodes = $xml->xpath('//user[1]');
