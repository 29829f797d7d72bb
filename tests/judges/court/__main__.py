"""Makes the files, asks the judges, prints what they said. Ends with 1 if a finding is not explained."""

from __future__ import annotations

import importlib
import sys
import tempfile
import time
import unicodedata
from collections import Counter
from pathlib import Path

from .case import ONSHI, Verdict, tolerated, version
from .made import Made

PARTS = ["pdfs", "aloud", "pages", "workbooks", "records", "texts", "api", "release"]
# How many unexplained findings of one rule are printed.
SHOWN = 12


def main() -> int:
    parts = sys.argv[1:] or PARTS
    unknown = [part for part in parts if part not in PARTS]
    if unknown:
        print(f"no such part: {', '.join(unknown)}; there are {', '.join(PARTS)}", file=sys.stderr)
        return 2
    verdicts: list[Verdict] = []
    with tempfile.TemporaryDirectory(prefix="onshi-judges-") as folder:
        start = time.monotonic()
        made = Made(Path(folder)).all()
        progress("files made", start)
        for part in parts:
            start = time.monotonic()
            verdicts += importlib.import_module(f".{part}", __package__).judge(made)
            progress(part, start)
    return report(verdicts, parts)


def progress(what: str, start: float) -> None:
    print(f"{what}: {time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)


def report(verdicts: list[Verdict], parts: list[str]) -> int:
    entries = tolerated()
    left: list[tuple[str, str]] = []
    rows = [("judge", "version", "what", "files", "verdict", "findings left")]
    passed = failed = 0
    for verdict in verdicts:
        kept, unexplained = [], []
        for finding in verdict.findings:
            covering = [entry for entry in entries if entry.covers(verdict.judge, finding)]
            if covering:
                covering[0].used = True
                kept.append(finding.rule)
            else:
                unexplained.append(finding)
        # Nothing judged is no verdict.
        good = not unexplained and verdict.files > 0
        passed, failed = passed + good, failed + (not good)
        counts = ", ".join(f"{rule} × {count}" for rule, count in Counter(kept).items()) or "none"
        rows.append((verdict.judge, verdict.version, verdict.what, str(verdict.files), "pass" if good else "FAIL", counts))
        seen: Counter[str] = Counter()
        for finding in unexplained:
            seen[finding.rule] += 1
            if seen[finding.rule] <= SHOWN:
                left.append((f"{verdict.judge}: {finding.rule} in {finding.file}", finding.text))
        left += [(f"{verdict.judge}: {rule}", f"{n - SHOWN} more") for rule, n in seen.items() if n > SHOWN]
    print(f"\n{version(ONSHI, '--version')} of onshi\n")
    table(rows)
    used = [entry for entry in entries if entry.used]
    if used:
        print("\nTolerated, because it is the judge that is wrong (tests/judges/tolerated.toml):")
        for entry in used:
            print(f"- {entry.judge}, {entry.rule}: {entry.reason}")
    # A part that was not asked cannot find anything.
    stale = [entry for entry in entries if not entry.used] if parts == PARTS else []
    for entry in stale:
        left.append((f"tolerated.toml: {entry.judge}, {entry.rule}", "occurs no more: remove the entry"))
    if left:
        print("\nUnexplained:")
        for what, text in left:
            print(f"- {what}: {text}")
    print(f"\n{passed} passed, {failed + len(stale)} failed")
    return 1 if left or failed else 0


def table(rows: list[tuple[str, ...]]) -> None:
    widths = [max(map(wide, column)) for column in zip(*rows)]
    for number, row in enumerate(rows):
        print("| " + " | ".join(cell + " " * (width - wide(cell)) for cell, width in zip(row, widths)) + " |")
        if number == 0:
            print("|" + "|".join("-" * (width + 2) for width in widths) + "|")


def wide(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


sys.exit(main())
