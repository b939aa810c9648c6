import abc
import os

from flask import Flask, request

app = Flask(__name__)


class Step(abc.ABC):
    @abc.abstractmethod
    def line(self, text):
        """Return the command for a text."""


class Spliced(Step):
    def line(self, text):
        return "echo " + text


class Fixed(Step):
    def line(self, text):
        return "echo fixed"


class Base:
    def __init__(self, text):
        self.text = text

    def shown(self):
        return self.text

    def command(self):
        return "echo " + self.shown()


class Plain(Base):
    pass


class Masked(Base):
    def shown(self):
        return "***"


class Calls(Base):
    def shown(self):
        return super().shown()


class CallsNothing(Base):
    def shown(self):
        super().shown()
        return "none"


@app.get("/unsafe-implementation")
def unsafe_implementation():
    step = Spliced()
    # deepruleid: command-injection
    os.system(step.line(request.args["text"]))
    return "done"


@app.get("/safe-implementation")
def safe_implementation():
    step = Fixed()
    # ok: command-injection
    os.system(step.line(request.args["text"]))
    return "done"


@app.get("/unsafe-inherited")
def unsafe_inherited():
    # deepruleid: command-injection
    os.system(Plain(request.args["text"]).command())
    return "done"


@app.get("/safe-overridden")
def safe_overridden():
    # ok: command-injection
    os.system(Masked(request.args["text"]).command())
    return "done"


@app.get("/unsafe-super")
def unsafe_super():
    # deepruleid: command-injection
    os.system(Calls(request.args["text"]).shown())
    return "done"


@app.get("/safe-super")
def safe_super():
    # ok: command-injection
    os.system(CallsNothing(request.args["text"]).shown())
    return "done"
