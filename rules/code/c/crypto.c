#include <curl/curl.h>
#include <libxml/parser.h>
#include <openssl/aes.h>
#include <openssl/des.h>
#include <openssl/evp.h>
#include <openssl/md5.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>

void digests(const unsigned char *data, size_t n, unsigned char *out, EVP_MD_CTX *ctx)
{
    // ruleid: weak-hash
    MD5(data, n, out);
    // ruleid: weak-hash
    EVP_DigestInit_ex(ctx, EVP_sha1(), NULL);
    // ok: weak-hash
    EVP_DigestInit_ex(ctx, EVP_sha256(), NULL);
    // ok: weak-hash
    SHA256(data, n, out);
}

void ciphers(EVP_CIPHER_CTX *ctx, const unsigned char *key, const unsigned char *iv)
{
    // ruleid: weak-cipher
    EVP_EncryptInit_ex(ctx, EVP_des_cbc(), NULL, key, iv);
    // ruleid: weak-cipher
    EVP_EncryptInit_ex(ctx, EVP_aes_256_ecb(), NULL, key, NULL);
    // ok: weak-cipher
    EVP_EncryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, key, iv);
    // ok: weak-cipher
    EVP_EncryptInit_ex(ctx, EVP_chacha20_poly1305(), NULL, key, iv);
}

void secrets(unsigned char *session_key, char *token, int n)
{
    for (int i = 0; i < n; i++) {
        // ruleid: weak-random
        session_key[i] = rand() & 0xff;
        // ruleid: weak-random
        token[i] = 'a' + random() % 26;
    }
    // ok: weak-random
    RAND_bytes(session_key, n);
    // ok: weak-random
    int dice = rand() % 6;
}

void tls(SSL_CTX *ctx, CURL *curl)
{
    // ruleid: tls-verification-off
    SSL_CTX_set_verify(ctx, SSL_VERIFY_NONE, NULL);
    // ruleid: tls-verification-off
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
    // ok: tls-verification-off
    SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
    // ok: tls-verification-off
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
    // ruleid: tls-old-version
    SSL_CTX *old = SSL_CTX_new(TLSv1_client_method());
    // ruleid: tls-old-version
    SSL_CTX_set_min_proto_version(ctx, TLS1_VERSION);
    // ok: tls-old-version
    SSL_CTX *good = SSL_CTX_new(TLS_client_method());
    // ok: tls-old-version
    SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION);
}

void keys(EVP_CIPHER_CTX *ctx, AES_KEY *aes, const unsigned char *iv)
{
    unsigned char *key = (unsigned char *)"0123456789abcdef0123456789abcdef";
    // ruleid: hard-coded-key
    EVP_EncryptInit_ex(ctx, EVP_aes_256_cbc(), NULL, key, iv);
    // ruleid: hard-coded-key
    AES_set_encrypt_key("0123456789abcdef", 128, aes);
    unsigned char fresh[32];
    RAND_bytes(fresh, sizeof fresh);
    // ok: hard-coded-key
    EVP_EncryptInit_ex(ctx, EVP_aes_256_cbc(), NULL, fresh, iv);
    // ok: hard-coded-key
    AES_set_encrypt_key((unsigned char *)getenv("KEY"), 128, aes);
}

void pairs(RSA *rsa, BIGNUM *e)
{
    // ruleid: short-rsa-key
    RSA_generate_key_ex(rsa, 1024, e, NULL);
    // ruleid: short-rsa-key
    EVP_RSA_gen(512);
    // ok: short-rsa-key
    RSA_generate_key_ex(rsa, 2048, e, NULL);
    // ok: short-rsa-key
    EVP_RSA_gen(3072);
}

void documents(const char *text, int n)
{
    // ruleid: xxe
    xmlReadMemory(text, n, "in.xml", NULL, XML_PARSE_NOENT | XML_PARSE_DTDLOAD);
    // ruleid: xxe
    xmlReadFile("in.xml", NULL, XML_PARSE_NOENT);
    // ok: xxe
    xmlReadMemory(text, n, "in.xml", NULL, XML_PARSE_NONET);
    // ok: xxe
    xmlReadFile("in.xml", NULL, 0);
}
