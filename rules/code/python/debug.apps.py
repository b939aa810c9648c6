# ruleid: django-debug
DEBUG = True
SITE_ID = 1
INSTALLED_APPS = ["shop", "blog"]


def trace():
    # ok: django-debug
    DEBUG = False
    return DEBUG
