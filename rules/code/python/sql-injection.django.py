from django.db import connection
from django.db.models.expressions import RawSQL
from shop.models import Item


def items(request):
    name = request.GET["name"]
    # ruleid: sql-injection-django-raw
    return Item.objects.raw("SELECT * FROM shop_item WHERE name = '" + name + "'")


def annotated(request):
    # ruleid: sql-injection-django-raw
    return Item.objects.annotate(score=RawSQL(request.GET.get("score"), []))


def extra(request):
    # ruleid: sql-injection-django-raw
    return Item.objects.extra(where=[f"price < {request.GET['limit']}"])


def bound(request):
    # ok: sql-injection-django-raw
    return Item.objects.raw("SELECT * FROM shop_item WHERE name = %s", [request.GET["name"]])


def filtered(request):
    # ok: sql-injection-django-raw
    return Item.objects.filter(name=request.GET["name"])


def cursor(request):
    with connection.cursor() as cur:
        # ruleid: sql-injection
        cur.execute("DELETE FROM shop_item WHERE id = " + request.POST["id"])
        # ok: sql-injection
        cur.execute("DELETE FROM shop_item WHERE id = %s", [request.POST["id"]])
