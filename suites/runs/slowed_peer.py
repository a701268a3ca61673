#!/usr/bin/env python3
"""For tests: another system, whose inferences take FACTOR as long as they did.

slowed_peer.py FACTOR PROGRAM... --result-fd=N    asks PROGRAM, which speaks the protocol of suites/peers/README.md
"""
import os
import subprocess
import sys

factor, *program, descriptor = sys.argv[1:]
answers = os.fdopen(int(descriptor.partition("=")[2]), "w", buffering=1)
asked = subprocess.Popen([*program, "--result-fd=1"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
for request in sys.stdin:
    asked.stdin.write(request)
    answer = asked.stdout.readline()
    if request.startswith("run ") and answer.startswith("ok "):
        ns, waited = answer.split()[1:]
        answer = f"ok {round(int(ns) * float(factor))} {waited}\n"
    answers.write(answer)
