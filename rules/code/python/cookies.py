from flask import Flask

app = Flask(__name__)
# ruleid: session-cookie-insecure
app.config["SESSION_COOKIE_SECURE"] = False
# ok: session-cookie-insecure
app.config["SESSION_COOKIE_SECURE"] = True
# ruleid: session-cookie-insecure
SESSION_COOKIE_HTTPONLY = False
# ok: session-cookie-insecure
CSRF_COOKIE_SECURE = True


def answer(response, value, secure):
    # ruleid: cookie-no-secure
    response.set_cookie("session", value, httponly=True)
    # ruleid: cookie-no-secure
    response.set_cookie("theme", "dark", secure=False, httponly=True)
    # ok: cookie-no-secure
    response.set_cookie("session", value, secure=True, httponly=True)
    # ok: cookie-no-secure
    response.set_cookie("auth_token", value, secure=secure, httponly=True)
    # ruleid: cookie-no-httponly
    response.set_cookie("session", value, secure=True)
    # ruleid: cookie-no-httponly
    response.set_cookie("auth_token", value, secure=True, httponly=False)
    # ok: cookie-no-httponly
    response.set_cookie("session", value, secure=True, httponly=True)
    # ok: cookie-no-httponly
    response.set_cookie("theme", "dark", secure=True)
