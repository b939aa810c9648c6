from html import escape

from django.http import HttpResponse


class Person:
    title = "guest"

    def __init__(self, name):
        self._name = name

    @property
    def name(self):
        return self._name

    @property
    def shown(self):
        return escape(self._name)

    @property
    def nick(self):
        return self._nick

    @nick.setter
    def nick(self, value):
        self._nick = value

    @staticmethod
    def greet(name):
        return "Hello " + name

    @staticmethod
    def wave(name):
        return "Hello"

    @classmethod
    def named(cls, name):
        return cls(name)

    @classmethod
    def unnamed(cls, name):
        return cls("nobody")

    def __str__(self):
        return self._name

    def __len__(self):
        return len(self._name)


def unsafe_property(request):
    # deepruleid: xss-django
    return HttpResponse(Person(request.GET["q"]).name)


def safe_property(request):
    # ok: xss-django
    return HttpResponse(Person(request.GET["q"]).shown)


def unsafe_setter(request):
    person = Person("a")
    person.nick = request.GET["q"]
    # deepruleid: xss-django
    return HttpResponse(person.nick)


def safe_setter(request):
    person = Person("a")
    person.nick = request.GET["q"]
    # ok: xss-django
    return HttpResponse(person.name)


def unsafe_static(request):
    # deepruleid: xss-django
    return HttpResponse(Person.greet(request.GET["q"]))


def safe_static(request):
    # ok: xss-django
    return HttpResponse(Person.wave(request.GET["q"]))


def unsafe_class_method(request):
    # deepruleid: xss-django
    return HttpResponse(Person.named(request.GET["q"]).name)


def safe_class_method(request):
    # ok: xss-django
    return HttpResponse(Person.unnamed(request.GET["q"]).name)


def unsafe_text(request):
    # deepruleid: xss-django
    return HttpResponse(str(Person(request.GET["q"])))


def safe_text(request):
    # ok: xss-django
    return HttpResponse(str(len(Person(request.GET["q"]))))
