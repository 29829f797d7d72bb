"""What a release carries of others: cargo-deny on the licences, versions and sources of crates, and their texts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from .case import ROOT, Verdict, version
from .made import Made


def judge(made: Made) -> list[Verdict]:
    program = Path(sys.executable).with_name("cargo-deny")
    verdict = Verdict("cargo-deny", version(str(program), "--version"), "licences, versions and sources of all crates")
    words = [program, "--format", "json", "check", "licenses", "bans", "sources"]
    done = subprocess.run(words, capture_output=True, text=True, cwd=ROOT)
    lines = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]
    verdict.files = (ROOT / "Cargo.lock").read_text("utf-8").count("[[package]]")
    for line in lines:
        fields = line["fields"]
        if line["type"] == "diagnostic" and fields["severity"] == "error":
            verdict.add(fields.get("code") or "error", "Cargo.lock", fields["message"])
    verdict.check(done.returncode == 0 or verdict.findings, "status", "Cargo.lock", done.stderr[-300:])

    texts = Verdict("cargo metadata", version("cargo", "--version"), "LICENSES-THIRD-PARTY.txt is up to date")
    texts.files = 1
    done = subprocess.run([ROOT / ".ci/licences", "--check"], capture_output=True, text=True, env=os.environ)
    texts.check(done.returncode == 0, "stale", "LICENSES-THIRD-PARTY.txt", done.stderr)
    return [verdict, texts]
