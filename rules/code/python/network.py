import ftplib
import socket
import telnetlib

import uvicorn
from flask import Flask
from flask_cors import CORS

app = Flask(__name__)
# ruleid: bind-all-interfaces
socket.socket().bind(("0.0.0.0", 80))
# ruleid: bind-all-interfaces
uvicorn.run(app, host="0.0.0.0")
# ok: bind-all-interfaces
socket.socket().bind(("127.0.0.1", 80))
# ok: bind-all-interfaces
uvicorn.run(app, host="127.0.0.1")

# ruleid: cors-any-origin
CORS(app, origins="*", supports_credentials=True)
# ruleid: cors-any-origin
CORS_ALLOW_ALL_ORIGINS = True
# ok: cors-any-origin
CORS(app, origins=["https://example.org"], supports_credentials=True)
# ok: cors-any-origin
CORS_ALLOWED_ORIGINS = ["https://example.org"]

# ruleid: cleartext-protocol
telnetlib.Telnet("router")
# ruleid: cleartext-protocol
ftplib.FTP("files.example.org")
# ok: cleartext-protocol
ftplib.FTP_TLS("files.example.org")
# ok: cleartext-protocol
socket.create_connection(("files.example.org", 990))
