"""Makes the files to be judged, all of them through the command line."""

from __future__ import annotations

import json
from pathlib import Path

from .case import ROOT, onshi
from .longest import longest

OWN = ROOT / "tests/forms"
SAMPLES = ["clinic", "corporation", "hospital", "medical-and-dental", "pharmacy", "rare-names", "reader-demo"]
APPLICATIONS = ["libreoffice", "chromium", "ghostscript", "scan", "object-streams", "hybrid", "linearised"]


def forms(*more: str | Path) -> list[str]:
    """The ids of all forms: what `onshi forms` has at the beginning of a line."""
    said = onshi("forms", *more).stdout
    return [line.split()[0] for line in said.splitlines() if line and not line[0].isspace()]


def is_on_paper(form: str) -> bool:
    """Whether a form of the tests is printed on an office's own PDF."""
    texts = [path.read_text("utf-8") for path in OWN.glob("*.yaml")]
    return any(f"\nid: {form}\n" in text and "\npaper:" in text for text in texts)


class Made:
    """The files: PDFs by what they claim to be, workbooks by what they are."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        # Every one of these is PDF/UA-1, and PDF/A-2a or PDF/A-3a.
        self.accessible: list[Path] = []
        self.carried: list[Path] = []
        # Print files: PDF/A-2u.
        self.print: list[Path] = []
        # Pages appended to an application of somebody else's making, which bounds what they can be.
        self.attached: list[Path] = []
        self.fill_in: list[Path] = []
        self.filled: list[Path] = []
        self.printed: list[Path] = []
        self.lists: list[Path] = []
        # The PDF whose page a workbook's is.
        self.twin: dict[Path, Path] = {}
        # The record a workbook was filled from.
        self.record: dict[Path, Path] = {}
        self.calendars: list[Path] = []
        self.forms = forms()
        # A form on an office's own PDF is no more than that PDF is, and has no workbook.
        self.own = [form for form in forms("--forms", OWN) if form not in self.forms and not is_on_paper(form)]

    def pdfs(self) -> list[Path]:
        return self.accessible + self.carried + self.print + self.attached

    def workbooks(self) -> list[Path]:
        return self.fill_in + self.filled + self.printed

    def all(self) -> Made:
        self.empty()
        self.samples()
        self.long()
        self.others()
        return self

    def empty(self) -> None:
        for ids, more in [(self.forms, ()), (self.own, ("--forms", OWN))]:
            for form in ids:
                for what in ("blank", "example"):
                    pdf = self.folder / f"{what}-{form}.pdf"
                    onshi(what, form, "-o", pdf, *more)
                    self.accessible.append(pdf)
                    book = pdf.with_suffix(".xlsx")
                    onshi(what, form, "-o", book, *more)
                    (self.fill_in if what == "blank" else self.printed).append(book)
                    self.twin[book] = pdf

    def fill(self, name: str, record: Path, *forms: str) -> None:
        words = [word for form in forms for word in ("--form", form)]
        out = self.folder / name
        out.mkdir()
        onshi("fill", record, *words, "-o", out)
        onshi("fill", record, *words, "-o", out, "--format", "xlsx")
        for pdf in sorted(out.glob("*.pdf")):
            to = self.folder / f"filled-{pdf.name}"
            pdf.rename(to)
            self.accessible.append(to)
            book = pdf.with_suffix(".xlsx").rename(to.with_suffix(".xlsx"))
            self.filled.append(book)
            self.twin[book] = to
            self.record[book] = record

    def samples(self) -> None:
        for name in SAMPLES:
            record = ROOT / "samples" / f"{name}.yaml"
            self.fill(name, record)
            out = self.folder / f"{name}-carried"
            out.mkdir()
            onshi("fill", record, "--carry-record", "-o", out)
            for pdf in sorted(out.glob("*.pdf")):
                self.carried.append(pdf.rename(self.folder / f"carried-{pdf.name}"))
            if name != "reader-demo" and name != "hospital":
                pdf = self.folder / f"schedule-{name}.pdf"
                onshi("schedule", record, "-o", pdf)
                self.accessible.append(pdf)
                calendar = pdf.with_suffix(".ics")
                onshi("schedule", record, "-o", calendar)
                self.calendars.append(calendar)

    def long(self) -> None:
        record = self.folder / "longest.yaml"
        record.write_text(json.dumps(longest(), ensure_ascii=False, indent=1), "utf-8")
        self.fill("longest", record)

    def others(self) -> None:
        for name in ("members.csv", "card_readers.xlsx"):
            pattern = self.folder / f"print-{Path(name).stem}-{{form}}.pdf"
            # Rows with errors are skipped and reported: exit status 1.
            onshi("batch", f"docs/samples/{name}", "--merge", pattern, ok=(0, 1))
        post = [word for kind in ("letters", "labels", "cover") for word in (f"--{kind}", self.folder / f"print-{kind}.pdf")]
        sender = ["--sender", "docs/samples/sender.yaml"]
        onshi("batch", "docs/samples/members.xlsx", "-o", self.folder / "posted", *post, *sender, ok=(0, 1))
        self.print = sorted(self.folder.glob("print-*.pdf"))
        batch = self.folder / "batch"
        onshi("batch", "docs/samples/members.csv", "-o", batch, ok=(0, 1))
        self.lists.append((batch / "summary.xlsx").rename(self.folder / "summary.xlsx"))
        # As members get them: with what the list knows.
        begun = self.folder / "begun"
        words = ["--format", "xlsx", "--unfilled", "--form", "別紙1", "--form", "別紙2"]
        onshi("batch", "docs/samples/members.csv", "-o", begun, *words, ok=(0, 1))
        for pdf in sorted(batch.glob("*.pdf"))[:4]:
            book = (begun / pdf.with_suffix(".xlsx").name).rename(self.folder / f"begun-{pdf.stem}.xlsx")
            self.fill_in.append(book)
            self.twin[book] = pdf
        roster = self.folder / "roster.xlsx"
        onshi("roster", "別紙1", "別紙2", "-o", roster)
        self.lists.append(roster)
        for name in APPLICATIONS:
            to = self.folder / f"attached-{name}.pdf"
            onshi("attach", "samples/clinic.yaml", "--to", f"tests/data/pdf/{name}.pdf", "-o", to)
            self.attached.append(to)
