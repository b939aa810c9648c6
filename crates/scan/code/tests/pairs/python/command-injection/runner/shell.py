import os
import shlex

last = ""


def run(words):
    # deepruleid: command-injection
    os.system(" ".join(words))


def run_quoted(words):
    # ok: command-injection
    os.system(" ".join(shlex.quote(word) for word in words))
