import os
import tempfile


def write(path):
    # ruleid: insecure-tempfile
    name = tempfile.mktemp()
    # ruleid: insecure-tempfile
    other = tempfile.mktemp(suffix=".txt")
    # ok: insecure-tempfile
    handle, third = tempfile.mkstemp()
    # ok: insecure-tempfile
    fourth = tempfile.NamedTemporaryFile()
    # ruleid: world-writable
    os.chmod(path, 0o777)
    # ruleid: world-writable
    os.chmod(path, 0o666)
    # ok: world-writable
    os.chmod(path, 0o600)
    # ok: world-writable
    os.chmod(path, 0o755)
    return name, other, handle, third, fourth
