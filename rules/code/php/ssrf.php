<?php
$url = $_GET['url'];
// ruleid: ssrf
$c = curl_init($url);
// ruleid: ssrf
curl_setopt($c, CURLOPT_URL, 'http://' . $_POST['host'] . '/status');
// ruleid: ssrf
$body = file_get_contents($_GET['feed']);
// ruleid: ssrf
$answer = $client->request('GET', $_GET['callback']);
// ok: ssrf
$c = curl_init('https://api.example/users/' . $_GET['id']);
// ok: ssrf
$body = file_get_contents('https://api.example/?q=' . urlencode($_GET['q']));
$feeds = ['news' => 'https://news.example/feed'];
// ok: ssrf
$body = file_get_contents($feeds[$_GET['feed']]);

function fetchPage($address)
{
    // deepruleid: ssrf
    return file_get_contents($address);
}

fetchPage($_POST['address']);
