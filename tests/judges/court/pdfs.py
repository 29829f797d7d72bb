"""Judges of what a PDF claims to be: qpdf, page, pdf_oxide, outloud, and pdffonts."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version as package
from pathlib import Path

import page
import pdf_oxide

from .case import Verdict, version
from .made import Made


def judge(made: Made) -> list[Verdict]:
    return [qpdf(made), conformance(made), oxide(made), outloud(made), fonts(made)]


def qpdf(made: Made) -> Verdict:
    verdict = Verdict("qpdf", version("qpdf", "--version"), "qpdf --check")
    for pdf in made.pdfs():
        verdict.files += 1
        done = subprocess.run(["qpdf", "--check", pdf], capture_output=True, text=True)
        verdict.check(done.returncode == 0, "check", pdf, done.stdout + done.stderr)
    return verdict


def claims(made: Made) -> list[tuple[Path, str]]:
    """What each file says it is."""
    pairs = [(pdf, profile) for pdf in made.accessible for profile in ("2a", "ua1")]
    pairs += [(pdf, profile) for pdf in made.carried for profile in ("3a", "ua1")]
    return pairs + [(pdf, "2u") for pdf in made.print]


def conformance(made: Made) -> Verdict:
    verdict = Verdict("page", package("page-validation"), "PDF/A-2a, 3a, 2u and PDF/UA-1")
    files = set()
    for pdf, profile in claims(made):
        files.add(pdf)
        report = page.validate_pdf(str(pdf), profile=profile).to_dict()
        # A file that claims less than is asked here would pass a weaker test elsewhere.
        verdict.check(claimed(pdf) >= {profile}, "claim", pdf, f"does not say that it is {profile}")
        for failure in report["failures"]:
            verdict.add(f"{profile} {failure.get('rule_id') or failure.get('rule')}", pdf, failure)
    verdict.files = len(files)
    return verdict


def claimed(pdf: Path) -> set[str]:
    """The standards that a file's metadata names."""
    bytes_ = pdf.read_bytes()
    part = re.search(rb"pdfaid:part[>=\"']+(\d)", bytes_)
    level = re.search(rb"pdfaid:conformance[>=\"']+(\w)", bytes_)
    ua = re.search(rb"pdfuaid:part[>=\"']+(\d)", bytes_)
    names = set()
    if part and level:
        names.add(part[1].decode() + level[1].decode().lower())
    if ua:
        names.add("ua" + ua[1].decode())
    return names


def oxide(made: Made) -> Verdict:
    verdict = Verdict("pdf_oxide", package("pdf_oxide"), "the same, judged again")
    files = set()
    for pdf, profile in claims(made):
        files.add(pdf)
        document = pdf_oxide.PdfDocument(str(pdf))
        said = document.validate_pdf_ua() if profile == "ua1" else document.validate_pdf_a(profile)
        for error in said["errors"]:
            code = re.match(r"\[([\w-]+)\]", error)
            verdict.add(f"{profile} {code[1] if code else error}", pdf, error)
    verdict.files = len(files)
    return verdict


def outloud(made: Made) -> Verdict:
    verdict = Verdict("outloud", package("outloud"), "PDF/UA-1 and what a listener meets")

    def ask(pdfs: list[Path]) -> list[dict]:
        program = Path(sys.executable).with_name("outloud")
        done = subprocess.run([program, "--json", "-", *pdfs], capture_output=True, text=True)
        return json.loads(done.stdout)["results"]

    pdfs = made.accessible + made.carried
    with ThreadPoolExecutor(2) as pool:
        results = [result for part in pool.map(ask, [pdfs[::2], pdfs[1::2]]) for result in part]
    verdict.files = len(results)
    for result in results:
        for finding in result["findings"]:
            # What it remarks without asking for a change is not a finding.
            if finding["severity"] != "info":
                text = f"{finding['message']} ({finding.get('evidence') or ''})"
                verdict.add(finding["rule"], Path(result["path"]), text)
    return verdict


def fonts(made: Made) -> Verdict:
    verdict = Verdict("pdffonts", version("pdffonts", "-v"), "fonts embedded, subset, with Unicode")
    for pdf in made.accessible + made.carried + made.print:
        verdict.files += 1
        done = subprocess.run(["pdffonts", pdf], capture_output=True, text=True)
        rows = done.stdout.splitlines()[2:]
        verdict.check(bool(rows), "none", pdf, "no font")
        for row in rows:
            name, embedded, subset, unicode_ = row.split()[0], *row.split()[-5:-2]
            verdict.check(re.match(r"[A-Z]{6}\+", name) is not None, "name", pdf, row)
            verdict.check((embedded, subset, unicode_) == ("yes",) * 3, "embedded", pdf, row)
    return verdict
