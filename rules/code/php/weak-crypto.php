<?php
// ruleid: weak-hash-password
$hash = md5($password);
// ruleid: weak-hash-password
$hash = hash('sha256', $salt . $user->password);
// ok: weak-hash-password
$hash = password_hash($password, PASSWORD_DEFAULT);
// ok: weak-hash-password
$key = md5($file);
// ruleid: weak-cipher
$out = openssl_encrypt($text, 'aes-128-ecb', $key);
// ruleid: weak-cipher
$out = openssl_decrypt($text, 'des-ede3-cbc', $key, 0, $iv);
// ok: weak-cipher
$out = openssl_encrypt($text, 'aes-256-gcm', $key, 0, $iv, $tag);
// ok: weak-cipher
$out = sodium_crypto_secretbox($text, $nonce, $key);
// ruleid: mcrypt
$out = mcrypt_encrypt(MCRYPT_RIJNDAEL_128, $key, $text, MCRYPT_MODE_CBC, $iv);
// ruleid: mcrypt
$out = mcrypt_decrypt(MCRYPT_DES, $key, $text, MCRYPT_MODE_ECB);
// ok: mcrypt
$out = openssl_encrypt($text, 'aes-256-gcm', $key, 0, $iv, $tag);
// ok: mcrypt
$iv = random_bytes(12);
// ruleid: weak-random
$token = md5(uniqid());
// ruleid: weak-random
$resetToken = mt_rand(100000, 999999);
// ok: weak-random
$token = bin2hex(random_bytes(16));
// ok: weak-random
$colour = rand(0, 255);
// ruleid: hardcoded-crypto-key
$out = openssl_encrypt($text, 'aes-256-gcm', 'an-example-key-of-thirty-two-byte', 0, $iv, $tag);
// ruleid: hardcoded-crypto-key
$mac = hash_hmac('sha256', $text, 'example-mac-key');
// ok: hardcoded-crypto-key
$mac = hash_hmac('sha256', $text, getenv('MAC_KEY'));
// ok: hardcoded-crypto-key
$out = openssl_encrypt($text, 'aes-256-gcm', $key, 0, $iv, $tag);
// ruleid: jwt-none-algorithm
$token2 = JWT::encode($claims, '', 'none');
// ruleid: jwt-none-algorithm
$claims = JWT::decode($jwt, $key, ['HS256', 'none']);
// ok: jwt-none-algorithm
$token2 = JWT::encode($claims, $key, 'RS256');
// ok: jwt-none-algorithm
$claims = JWT::decode($jwt, new Key($key, 'RS256'));
