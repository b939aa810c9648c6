<?php
// ruleid: code-injection
eval('$value = ' . $_GET['expression'] . ';');
$code = $_POST['code'];
// ruleid: code-injection
assert($code);
// ok: code-injection
eval('$value = 1 + 2;');
// ok: code-injection
$value = json_decode($_GET['data']);

// ruleid: callable-from-request
call_user_func($_GET['action'], 1);
// ruleid: callable-from-request
$list = array_map($_POST['map'], $list);
// ok: callable-from-request
call_user_func('strtoupper', $_GET['name']);
$actions = ['up' => 'strtoupper'];
// ok: callable-from-request
call_user_func($actions[$_GET['action']], 'a');

// ruleid: preg-replace-eval
$text = preg_replace('/(\w+)/e', 'strtoupper("$1")', $text);
// ruleid: preg-replace-eval
$text = preg_replace('#<b>(.*)</b>#ie', '$handler', $text);
// ok: preg-replace-eval
$text = preg_replace('/name/i', 'value', $text);
// ok: preg-replace-eval
$text = preg_replace_callback('/(\w+)/', fn ($m) => strtoupper($m[1]), $text);

$page = $_GET['page'];
// ruleid: file-inclusion
include 'pages/' . $page . '.php';
// ruleid: file-inclusion
require_once($_COOKIE['theme'] . '/header.php');
// ok: file-inclusion
include 'pages/' . basename($page) . '.php';
// ok: file-inclusion
require_once __DIR__ . '/vendor/autoload.php';

function showPage($page)
{
    if (!in_array($page, ['home', 'about'], true)) {
        $page = 'home';
    }
    // deepok: file-inclusion
    include "pages/$page.php";
}

showPage($_GET['page']);
