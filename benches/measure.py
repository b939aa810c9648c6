"""Runs a command and tells what it took. Shared by the benchmark scripts."""
import json
import os
import subprocess
import sys
import tempfile

# On Linux a process that is started takes over the peak memory of the one that starts it (`ru_maxrss` outlives exec), and a script that
# has read a report of some megabytes is large. So a small process stands in between; its own 10 MiB are the least that can be measured.
LAUNCHER = """
import json, os, subprocess, sys, time
started = time.monotonic()
child = subprocess.Popen(sys.argv[2:])
_, status, usage = os.wait4(child.pid, 0)
wall = time.monotonic() - started
told = [wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status)]
os.write(int(sys.argv[1]), json.dumps(told).encode())
"""


def measure(command, rounds, codes=(0, 1), cwd=None):
    """Wall and processor seconds, peak MiB and standard output of the round with the best wall time."""
    best = None
    for _ in range(rounds):
        with tempfile.TemporaryFile() as out:
            reader, writer = os.pipe()
            launcher = [sys.executable, "-I", "-S", "-c", LAUNCHER, str(writer), *command]
            child = subprocess.Popen(launcher, stdout=out, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, cwd=cwd, pass_fds=[writer])
            os.close(writer)
            with os.fdopen(reader, "rb") as told:
                answer = told.read()
            if child.wait() != 0:
                sys.exit(f"{command[0]} could not be started")
            wall, cpu, memory, code = json.loads(answer)
            if code not in codes:
                sys.exit(f"{command[0]} ended with {code}")
            out.seek(0)
            output = out.read()
        if best is None or wall < best[0]:
            best = (wall, cpu, memory, output)
    return best
