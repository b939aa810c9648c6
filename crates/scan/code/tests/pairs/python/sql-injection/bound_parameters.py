import sqlite3

from django.http import HttpResponse


def unsafe_percent(request):
    db = sqlite3.connect("shop.db")
    # ruleid: sql-injection
    db.execute("SELECT id FROM item WHERE name = '%s'" % request.GET["name"])
    return HttpResponse("done")


def safe_percent(request):
    db = sqlite3.connect("shop.db")
    # ok: sql-injection
    db.execute("SELECT id FROM item WHERE name = ?", (request.GET["name"],))
    return HttpResponse("done")


def unsafe_named(request):
    values = {"state": request.POST["state"]}
    # ruleid: sql-injection
    sqlite3.connect("shop.db").execute("UPDATE item SET state = '{state}'".format(**values))
    return HttpResponse("done")


def safe_named(request):
    values = {"state": request.POST["state"]}
    # ok: sql-injection
    sqlite3.connect("shop.db").execute("UPDATE item SET state = :state", values)
    return HttpResponse("done")


def unsafe_many(request):
    keys = request.GET.getlist("key")
    # ruleid: sql-injection
    sqlite3.connect("shop.db").execute("SELECT * FROM item WHERE id IN (" + ",".join(keys) + ")")
    return HttpResponse("done")


def safe_many(request):
    keys = request.GET.getlist("key")
    marks = ",".join("?" for _ in range(10))
    # ok: sql-injection
    sqlite3.connect("shop.db").execute("SELECT * FROM item WHERE id IN (" + marks + ")", keys)
    return HttpResponse("done")
