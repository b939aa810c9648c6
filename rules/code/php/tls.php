<?php
// ruleid: tls-verification-off
curl_setopt($c, CURLOPT_SSL_VERIFYPEER, false);
// ruleid: tls-verification-off
curl_setopt($c, CURLOPT_SSL_VERIFYHOST, 0);
// ruleid: tls-verification-off
$client = new Client(['base_uri' => 'https://api.example', 'verify' => false]);
// ruleid: tls-verification-off
$context = stream_context_create(['ssl' => ['verify_peer' => false]]);
// ok: tls-verification-off
curl_setopt($c, CURLOPT_SSL_VERIFYPEER, true);
// ok: tls-verification-off
curl_setopt($c, CURLOPT_SSL_VERIFYHOST, 2);
// ok: tls-verification-off
$client = new Client(['base_uri' => 'https://api.example', 'verify' => '/etc/ssl/own.pem']);
