# ruleid: django-debug
DEBUG = True
ALLOWED_HOSTS = []
INSTALLED_APPS = ["shop"]
