import ssl

import httpx
import paramiko
import requests


def fetch(url):
    # ruleid: tls-verify-off
    requests.get(url, verify=False, timeout=5)
    # ruleid: tls-verify-off
    httpx.Client(verify=False)
    # ok: tls-verify-off
    requests.get(url, timeout=5)
    # ok: tls-verify-off
    requests.get(url, verify="/etc/ssl/own.pem", timeout=5)


def contexts():
    # ruleid: tls-context-unverified
    loose = ssl._create_unverified_context()
    ctx = ssl.create_default_context()
    # ruleid: tls-context-unverified
    ctx.check_hostname = False
    # ok: tls-context-unverified
    ctx.verify_mode = ssl.CERT_REQUIRED
    # ok: tls-context-unverified
    good = ssl.create_default_context()
    # ruleid: tls-old-protocol
    old = ssl.SSLContext(ssl.PROTOCOL_TLSv1)
    # ruleid: tls-old-protocol
    ctx.minimum_version = ssl.TLSVersion.TLSv1
    # ok: tls-old-protocol
    new = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # ok: tls-old-protocol
    ctx.minimum_version = ssl.TLSVersion.TLSv1_2
    return loose, good, old, new


def shell(client, other):
    # ruleid: ssh-host-key-unchecked
    client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
    # ruleid: ssh-host-key-unchecked
    other.set_missing_host_key_policy(paramiko.WarningPolicy)
    # ok: ssh-host-key-unchecked
    client.set_missing_host_key_policy(paramiko.RejectPolicy())
    # ok: ssh-host-key-unchecked
    client.load_system_host_keys()
