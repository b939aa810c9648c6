use jsonwebtoken::{DecodingKey, EncodingKey, Validation};
use md5::{Digest, Md5};
use sha1::Sha1;

fn client() {
    // ruleid: tls-verification-off
    let lax = reqwest::Client::builder().danger_accept_invalid_certs(true).build();
    // ruleid: tls-verification-off
    let named = TlsConnector::builder().danger_accept_invalid_hostnames(true).build();
    // ok: tls-verification-off
    let strict = reqwest::Client::builder().danger_accept_invalid_certs(false).build();
    // ok: tls-verification-off
    let plain = reqwest::Client::builder().build();
}

fn digests(data: &[u8]) {
    // ruleid: weak-hash
    let old = Md5::digest(data);
    // ruleid: weak-hash
    let hasher = Sha1::new();
    // ok: weak-hash
    let good = Sha256::digest(data);
    // ok: weak-hash
    let state = Sha512::new();
}

fn keys() {
    // ruleid: hard-coded-key
    let key = EncodingKey::from_secret("sign-with-this".as_ref());
    let text = "sign-with-this";
    // ruleid: hard-coded-key
    let other = DecodingKey::from_secret(text.as_bytes());
    let secret = std::env::var("JWT_KEY").unwrap();
    // ok: hard-coded-key
    let sound = EncodingKey::from_secret(secret.as_bytes());
    // ok: hard-coded-key
    let same = DecodingKey::from_secret(secret.as_bytes());
}

fn validation() {
    let mut v = Validation::default();
    // ruleid: jwt-validation-off
    v.insecure_disable_signature_validation();
    // ruleid: jwt-validation-off
    v.validate_exp = false;
    // ok: jwt-validation-off
    v.validate_exp = true;
    // ok: jwt-validation-off
    v.set_audience(&["shop"]);
}

fn cors() {
    // ruleid: cors-any-origin
    let open = Cors::permissive();
    // ruleid: cors-any-origin
    let layer = CorsLayer::very_permissive();
    // ok: cors-any-origin
    let named = Cors::default().allowed_origin("https://shop.example.com");
    // ok: cors-any-origin
    let plain = CorsLayer::new();
}
