import os

# ok: django-debug
DEBUG = os.getenv("DEVELOPMENT") == "1"
ALLOWED_HOSTS = ["example.org"]
INSTALLED_APPS = ["shop"]
