import os

from Crypto.Cipher import AES, ARC4, DES
from cryptography.hazmat.primitives.ciphers import modes


def encrypt(key):
    # ruleid: weak-cipher
    DES.new(key, DES.MODE_CBC)
    # ruleid: weak-cipher
    ARC4.new(key)
    # ok: weak-cipher
    AES.new(key, AES.MODE_GCM)
    # ok: weak-cipher
    modes.GCM(os.urandom(12))
    # ruleid: weak-cipher-mode
    AES.new(key, AES.MODE_ECB)
    # ruleid: weak-cipher-mode
    modes.ECB()
    # ok: weak-cipher-mode
    AES.new(key, AES.MODE_EAX)
    # ok: weak-cipher-mode
    modes.CTR(os.urandom(16))
    # ruleid: static-iv
    AES.new(key, AES.MODE_CBC, b"0123456789abcdef")
    # ruleid: static-iv
    modes.CBC(b"0123456789abcdef")
    # ok: static-iv
    AES.new(key, AES.MODE_CBC, os.urandom(16))
    # ok: static-iv
    modes.CBC(os.urandom(16))
