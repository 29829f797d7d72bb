"""schemathesis asks `onshi serve` what its OpenAPI allows, and what it does not."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import urllib.request
from importlib.metadata import version as package
from pathlib import Path

from .case import ONSHI, ROOT, TODAY, Verdict
from .made import Made

# A few hundred requests in this many seconds, the same in every run as far as time allows.
SECONDS, EXAMPLES, SEED = 60, 25, 1


def judge(made: Made) -> list[Verdict]:
    verdict = Verdict("schemathesis", package("schemathesis"), "requests to onshi serve: no 500, answers as described")
    words = [ONSHI, "serve", "--no-open", "--today", TODAY]
    server = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT)
    try:
        address = server.stdout.readline().strip()
        url, key = re.fullmatch(r"(http://127\.0\.0\.1:\d+)/\?key=(\w+)", address).groups()
        ask(verdict, f"{url}/api/v1", key, made.folder)
        verdict.check(server.poll() is None, "ended", "server", "the server ended while it was asked")
    finally:
        server.terminate()
        server.wait(20)
    return [verdict]


def ask(verdict: Verdict, url: str, key: str, folder: Path) -> None:
    request = urllib.request.Request(f"{url}/openapi.json", headers={"Authorization": f"Bearer {key}"})
    with urllib.request.urlopen(request) as answer:
        schema = folder / "openapi.json"
        schema.write_bytes(answer.read())
    program = Path(sys.executable).with_name("schemathesis")
    report = folder / "schemathesis.json"
    words = [program, "run", schema, "--url", url, "--header", f"Authorization: Bearer {key}", "--checks", "all",
             "--max-examples", str(EXAMPLES), "--seed", str(SEED), "--max-time", str(SECONDS), "--continue-on-failure",
             "--report", "json", "--report-json-path", report]
    # Nothing but the server on this machine is asked.
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "NO_PROXY": "127.0.0.1", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(words, capture_output=True, text=True, cwd=folder, env=environment)
    if not report.exists():
        raise SystemExit(f"schemathesis ended with {done.returncode}:\n{(done.stdout + done.stderr)[-2000:]}")
    said = json.loads(report.read_text("utf-8"))
    verdict.files = said["test_cases"]["generated"]
    verdict.check(verdict.files >= 200, "few", "requests", verdict.files)
    operations = said["operations"]
    verdict.check(operations["tested"] == operations["total"], "untested", "operations", operations)
    for failure in said["failures"]:
        for operation in failure["operations"]:
            verdict.add(failure["code"], operation, f"{failure['title']}, {failure['count']} in all")
    for error in said["errors"]:
        verdict.add("error", "schemathesis", error)
