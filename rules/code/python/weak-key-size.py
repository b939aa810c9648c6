import hashlib

from Crypto.PublicKey import RSA
from cryptography.hazmat.primitives.asymmetric import rsa


def make(password, salt):
    # ruleid: weak-key-size-rsa
    rsa.generate_private_key(public_exponent=65537, key_size=1024)
    # ruleid: weak-key-size-rsa
    RSA.generate(1024)
    # ok: weak-key-size-rsa
    rsa.generate_private_key(public_exponent=65537, key_size=3072)
    # ok: weak-key-size-rsa
    RSA.generate(4096)
    # ruleid: weak-key-derivation
    hashlib.pbkdf2_hmac("sha256", password, salt, 1000)
    # ruleid: weak-key-derivation
    hashlib.pbkdf2_hmac("sha256", password, salt, 20000, 32)
    # ok: weak-key-derivation
    hashlib.pbkdf2_hmac("sha256", password, salt, 600000)
    # ok: weak-key-derivation
    hashlib.pbkdf2_hmac("sha512", password, salt, 210000)
