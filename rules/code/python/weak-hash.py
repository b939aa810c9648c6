import hashlib

from cryptography.hazmat.primitives import hashes


def digest(data, password):
    # ruleid: weak-hash-md5
    hashlib.md5(data).hexdigest()
    # ruleid: weak-hash-md5
    hashlib.new("md5", data)
    # ok: weak-hash-md5
    hashlib.md5(data, usedforsecurity=False)
    # ok: weak-hash-md5
    hashlib.sha256(data)
    # ruleid: weak-hash-sha1
    hashlib.sha1(data)
    # ruleid: weak-hash-sha1
    hashes.Hash(hashes.SHA1())
    # ok: weak-hash-sha1
    hashlib.sha1(data, usedforsecurity=False)
    # ok: weak-hash-sha1
    hashes.Hash(hashes.SHA256())
    # ruleid: password-fast-hash
    hashlib.sha256(password.encode()).hexdigest()
    # ruleid: password-fast-hash
    hashlib.sha512(password)
    # ok: password-fast-hash
    hashlib.scrypt(password, salt=data, n=2**14, r=8, p=1)
    # ok: password-fast-hash
    hashlib.sha256(data)
