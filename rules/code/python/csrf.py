from django.views.decorators.csrf import csrf_exempt, csrf_protect
from flask import Flask

app = Flask(__name__)
# ruleid: csrf-off
app.config["WTF_CSRF_ENABLED"] = False
# ok: csrf-off
app.config["WTF_CSRF_ENABLED"] = True


# ruleid: csrf-off
@csrf_exempt
def pay(request):
    return None


# ok: csrf-off
@csrf_protect
def transfer(request):
    return None
