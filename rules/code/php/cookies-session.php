<?php
// ruleid: cookie-without-protection
setcookie('sid', $sid, 0, '/', '', true, false);
// ruleid: cookie-without-protection
setcookie('sid', $sid, ['secure' => true, 'httponly' => false]);
// ok: cookie-without-protection
setcookie('sid', $sid, ['secure' => true, 'httponly' => true, 'samesite' => 'Lax']);
// ok: cookie-without-protection
setcookie('sid', $sid, 0, '/', '', true, true);
// ruleid: session-fixation
session_id($_GET['sid']);
$id = $_COOKIE['old'];
// ruleid: session-fixation
session_id($id);
// ok: session-fixation
session_regenerate_id(true);
// ok: session-fixation
session_id(bin2hex(random_bytes(16)));
// ruleid: session-id-in-address
ini_set('session.use_trans_sid', 1);
// ruleid: session-id-in-address
ini_set('session.use_only_cookies', '0');
// ok: session-id-in-address
ini_set('session.use_only_cookies', 1);
// ok: session-id-in-address
ini_set('session.use_strict_mode', 1);
