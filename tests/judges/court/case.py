"""What a judge says, and what of it is tolerated."""

from __future__ import annotations

import fnmatch
import os
import subprocess
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
ROOT = HERE.parent.parent
ONSHI = os.environ.get("ONSHI", str(ROOT / "target/debug/onshi"))
# The day that counts as today, so that deadlines do not pass while nobody looks.
TODAY = "2026-11-26"


@dataclass(frozen=True)
class Finding:
    """What a judge finds in a file."""

    rule: str
    file: str
    text: str


@dataclass
class Verdict:
    """What a judge said of all files it was asked about."""

    judge: str
    version: str
    what: str
    files: int = 0
    findings: list[Finding] = field(default_factory=list)

    def add(self, rule: str, file: str | Path, text: object) -> None:
        name = file.name if isinstance(file, Path) else file
        self.findings.append(Finding(rule, name, " ".join(str(text).split())[:400]))

    def check(self, holds: bool, rule: str, file: str | Path, text: object) -> None:
        if not holds:
            self.add(rule, file, text)


@dataclass
class Tolerated:
    """A finding that is the judge's fault, and why."""

    judge: str
    rule: str
    files: list[str]
    text: str
    reason: str
    used: bool = False

    def covers(self, judge: str, finding: Finding) -> bool:
        return (
            judge == self.judge
            and finding.rule == self.rule
            and any(fnmatch.fnmatchcase(finding.file, name) for name in self.files)
            and self.text in finding.text
        )


def tolerated() -> list[Tolerated]:
    entries = tomllib.loads((HERE / "tolerated.toml").read_text("utf-8"))["finding"]
    return [Tolerated(e["judge"], e["rule"], e["files"], e.get("text", ""), e["reason"]) for e in entries]


def command(*words: object, ok: tuple[int, ...] = (0,), **more) -> subprocess.CompletedProcess:
    """Runs a command; one that ends in any other way than `ok` ends the judging."""
    words = tuple(str(word) for word in words)
    done = subprocess.run(words, capture_output=True, text=more.pop("text", True), **more)
    if done.returncode not in ok:
        said = done.stderr if isinstance(done.stderr, str) else done.stderr.decode("utf-8", "replace")
        raise SystemExit(f"{' '.join(words)} ended with {done.returncode}:\n{said[-2000:]}")
    return done


def onshi(*words: object, ok: tuple[int, ...] = (0,), **more) -> subprocess.CompletedProcess:
    """Runs the program that is judged."""
    return command(ONSHI, *words, "--today", TODAY, ok=ok, cwd=ROOT, **more)


def version(*words: str) -> str:
    """The version a program says it has: the first word with a digit and a dot."""
    done = subprocess.run(words, capture_output=True, text=True)
    for word in (done.stdout + done.stderr).split():
        word = word.strip("(),v")
        if word[:1].isdigit() and "." in word:
            return word
    return "?"
