<?php
// ruleid: unsafe-unserialize
$state = unserialize($_COOKIE['state']);
$raw = base64_decode($_POST['state']);
// ruleid: unsafe-unserialize
$state = unserialize($raw);
// ok: unsafe-unserialize
$state = unserialize($raw, ['allowed_classes' => false]);
// ok: unsafe-unserialize
$state = json_decode($_COOKIE['state'], true);
// ok: unsafe-unserialize
$cache = unserialize(file_get_contents('/srv/cache/state'));
