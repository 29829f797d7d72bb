"""Judges of workbooks: openpyxl, SheetJS, ExcelJS and LibreOffice read the same values, LibreOffice prints the
page as the PDF has it, and what it saves is still the form."""

from __future__ import annotations

import csv
import datetime
import json
import re
import unicodedata
from collections import Counter
from importlib.metadata import version as package
from pathlib import Path

import openpyxl
import pymupdf
import yaml

from .case import HERE, Verdict, command, onshi
from .made import Made
from .office import Office

MM = 25.4 / 72
# How far a rule of the workbook's page may lie from the PDF's, in mm.
NEAR = 1.0
# What is printed in a cell may reach so far over the box, in mm: the overhang of letters.
OVER = 0.4

# A day as the forms print it: a number format that a program does not know leaves a bare number.
DAY = re.compile(r"(?:令和|西暦)[元0-9]+年[0-9]+月[0-9]+日")
Cells = dict[str, dict[str, str]]


def judge(made: Made) -> list[Verdict]:
    office = Office(made.folder)
    saved = office.convert(made.workbooks() + made.lists, "xlsx")
    return [values(made, saved), own(made, saved), kept(made, saved), *printed(made, office)]


def libreoffice(what: str) -> Verdict:
    return Verdict("LibreOffice", Office.version(), what)


def node_version(*names: str) -> list[str]:
    return command("node", HERE / "versions.mjs", *names).stdout.split()


def values(made: Made, saved: dict[Path, Path]) -> Verdict:
    versions = [package("openpyxl"), *node_version("xlsx", "exceljs"), Office.version()]
    verdict = Verdict("openpyxl · SheetJS · ExcelJS · LibreOffice", " · ".join(versions), "the same values in every cell")
    books = made.workbooks() + made.lists
    lines = command("node", HERE / "readers.mjs", *books).stdout.splitlines()
    for book, line in zip(books, lines, strict=True):
        verdict.files += 1
        said = json.loads(line)
        first = cells(book)
        verdict.check(any(first.values()), "empty", book, "no cell has a value")
        for name, read in (said | {"LibreOffice": {"sheets": cells(saved[book])}}).items():
            if "fault" in read:
                verdict.add(f"opened by {name}", book, read["fault"])
                continue
            other = read["sheets"]
            for sheet in sorted(first.keys() | other.keys()):
                a, b = same(first.get(sheet, {})), same(other.get(sheet, {}))
                for address in sorted(a.keys() | b.keys()):
                    if a.get(address) != b.get(address):
                        text = f"{sheet}!{address} is {a.get(address)!r} to openpyxl, {b.get(address)!r} to {name}"
                        verdict.add(f"value {name}", book, text)
    return verdict


def cells(book: Path) -> Cells:
    """Sheets by name, each with its values by address."""
    opened = openpyxl.load_workbook(book, rich_text=False)
    return {
        sheet.title: {cell.coordinate: plain(cell.value) for row in sheet.iter_rows() for cell in row if cell.value not in (None, "")}
        for sheet in opened
    }


def plain(value: object) -> str:
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


def same(cells: dict[str, str]) -> dict[str, str]:
    # A line break is written in two ways.
    return {address: value.replace("\r\n", "\n") for address, value in cells.items()}


def own(made: Made, saved: dict[Path, Path]) -> Verdict:
    """What `onshi import` reads is the record the workbook was filled from, before LibreOffice saved it and after."""
    verdict = Verdict("LibreOffice → onshi import", Office.version(), "saved again: the same record")
    for book in made.filled:
        verdict.files += 1
        record = leaves(yaml.load(made.record[book].read_text("utf-8"), yaml.BaseLoader))
        first = imported(book)
        again = imported(saved[book])
        for key in sorted(first.keys() | again.keys()):
            if first.get(key) != again.get(key):
                verdict.add("saved", book, f"{key} was {first.get(key)!r}, is {again.get(key)!r}")
        for key, value in first.items():
            # Days and numbers are written in one way, whatever the record has; a form's kind is one of several.
            if key in record and letters(value) != letters(record[key]) and key != "facility.kind":
                verdict.add("record", book, f"{key} is {record[key]!r} in the record, {value!r} in the workbook")
        verdict.check(len(first) > 5, "few", book, first)
    return verdict


def imported(book: Path) -> dict[str, str]:
    return leaves(yaml.load(onshi("import", book, "-o", "-").stdout, yaml.BaseLoader))


def letters(value: str) -> str:
    return unicodedata.normalize("NFC", value).strip()


def leaves(value: object, key: str = "") -> dict[str, str]:
    if isinstance(value, dict):
        pairs = [(f"{key}.{name}" if key else name, part) for name, part in value.items()]
    elif isinstance(value, list):
        pairs = [(f"{key}[{number}]", part) for number, part in enumerate(value)]
    else:
        return {key: str(value)} if value not in ("", None) else {}
    return {path: text for name, part in pairs for path, text in leaves(part, name).items()}


def kept(made: Made, saved: dict[Path, Path]) -> Verdict:
    """What makes a workbook a form to fill in is still there after LibreOffice saved it."""
    verdict = libreoffice("saved again: locks, drop-downs, messages, print areas")
    for book in made.fill_in:
        verdict.files += 1
        before, after = openpyxl.load_workbook(book), openpyxl.load_workbook(saved[book])
        verdict.check(before.sheetnames == after.sheetnames, "sheets", book, after.sheetnames)
        for sheet in before:
            if sheet.title not in after.sheetnames:
                continue
            other = after[sheet.title]
            verdict.check(sheet.protection.sheet == other.protection.sheet, "protection", book, sheet.title)
            # LibreOffice knows one way of being hidden.
            hidden = [part.sheet_state != "visible" for part in (sheet, other)]
            verdict.check(hidden[0] == hidden[1], "hidden", book, other.sheet_state)
            verdict.check(area(sheet) == area(other), "print area", book, f"{area(sheet)}, then {area(other)}")
            open_before, open_after = unlocked(sheet), unlocked(other)
            verdict.check(open_before == open_after, "locks", book, sorted(open_before ^ open_after)[:9])
            was, now = validations(sheet), validations(other)
            verdict.check(was.keys() == now.keys(), "validations", book, sorted(was.keys() ^ now.keys())[:9])
            for cell in sorted(was.keys() & now.keys()):
                verdict.check(was[cell] == now[cell], "validation", book, f"{cell}: {was[cell]}, then {now[cell]}")
    return verdict


def area(sheet) -> str:
    return str(sheet.print_area).replace("$", "")


def unlocked(sheet) -> set[str]:
    inside = {c for merged in sheet.merged_cells.ranges for row in merged.rows for c in row[0:]}
    corner = {(merged.min_row, merged.min_col) for merged in sheet.merged_cells.ranges}
    hidden = inside - corner
    return {
        cell.coordinate
        for row in sheet.iter_rows()
        for cell in row
        if not cell.protection.locked and (cell.row, cell.column) not in hidden
    }


def validations(sheet) -> dict[str, tuple]:
    """What each cell takes and says. A formula that a kind of limit has no use for is left out."""
    found = {}
    for v in sheet.data_validations.dataValidation:
        kind = v.type or "none"
        is_pair = kind not in ("none", "list") and (v.operator or "between") in ("between", "notBetween")
        formulas = (v.formula1 if kind != "none" else None, v.formula2 if is_pair else None)
        texts = tuple(text or "" for text in (v.promptTitle, v.prompt, v.errorTitle, v.error))
        what = (kind, *formulas, *texts, bool(v.showInputMessage), bool(v.showErrorMessage))
        for range_ in v.sqref.ranges:
            for row in range_.rows:
                for r, c in row:
                    found[f"{openpyxl.utils.get_column_letter(c)}{r}"] = what
    return found


def printed(made: Made, office: Office) -> list[Verdict]:
    verdicts = []
    books = made.workbooks()
    for fonts, what in (("japanese", "printed with the fonts"), ("plain", "printed without Japanese fonts")):
        verdict = libreoffice(f"{what}: one page, rules within {NEAR} mm, text inside its box")
        for book, pdf in office.convert(books, "pdf", fonts).items():
            verdict.files += 1
            compare(verdict, book, pdf, made.twin[book], fonts == "japanese")
        verdicts.append(verdict)
    return verdicts


def compare(verdict: Verdict, book: Path, pdf: Path, twin: Path, has_fonts: bool) -> None:
    with pymupdf.open(pdf) as ours, pymupdf.open(twin) as theirs:
        if len(ours) != len(theirs):
            return verdict.add("pages", book, f"{len(ours)} pages, {len(theirs)} in the PDF")
        said = "".join(page.get_text() for page in ours)
        for day in DAY.findall(squeezed("".join(page.get_text() for page in theirs))):
            verdict.check(day in squeezed(said), "day", book, f"{day} is not there")
        for number, (page, other) in enumerate(zip(ours, theirs), 1):
            size = [abs(a - b) * MM for a, b in zip(page.rect.br, other.rect.br)]
            verdict.check(max(size) < 1, "paper", book, f"page {number}: {page.rect} for {other.rect}")
            for axis, (mine, wanted) in enumerate(zip(rules(page), rules(other, stroked=True))):
                name = "across" if axis == 0 else "down"
                for at in wanted:
                    off = min((abs(at - here) for here in mine), default=999)
                    verdict.check(off <= NEAR, f"rule {name}", book, f"page {number}: none within {off:.1f} mm of {at:.1f}")
            if has_fonts:
                inside(verdict, book, number, page)
    return None


def squeezed(text: str) -> str:
    return "".join(text.split())


def rules(page, stroked: bool = False) -> tuple[list[float], list[float]]:
    """The places of the rules across and down the page, in mm; a rule is a line or, if not all of them are
    stroked, a thin box. The bars of a code are boxes."""
    across, down = set(), set()
    for drawing in page.get_drawings():
        for item in drawing["items"]:
            if item[0] == "l":
                a, b = item[1], item[2]
                box = pymupdf.Rect(min(a.x, b.x), min(a.y, b.y), max(a.x, b.x), max(a.y, b.y))
            elif item[0] == "re" and not stroked and drawing["type"] != "s" and not is_light(drawing):
                box = item[1]
            else:
                continue
            if box.height < 3 and box.width > 8:
                across.add(round((box.y0 + box.y1) / 2 * MM, 1))
            elif box.width < 3 and box.height > 8:
                down.add(round((box.x0 + box.x1) / 2 * MM, 1))
    return sorted(across), sorted(down)


def is_light(drawing: dict) -> bool:
    fill = drawing.get("fill")
    return fill is not None and min(fill) > 0.5


def inside(verdict: Verdict, book: Path, number: int, page) -> None:
    """No letter crosses a rule that is drawn through its place; a stroke from corner to corner is none."""
    lines = []
    for drawing in page.get_drawings():
        for item in drawing["items"]:
            if item[0] == "l":
                a, b = item[1], item[2]
                lines.append((min(a.x, b.x), min(a.y, b.y), max(a.x, b.x), max(a.y, b.y)))
            elif item[0] == "re" and not is_light(drawing):
                lines.append(tuple(item[1]))
    lines = [line for line in lines if min(line[2] - line[0], line[3] - line[1]) < 3]
    over = OVER / MM
    for block in page.get_text("rawdict")["blocks"]:
        for line in block.get("lines", []):
            for span in line["spans"]:
                for char in span["chars"]:
                    if char["c"].isspace():
                        continue
                    # A letter's box has room round it: the ink is taken as its middle part.
                    x0, y0, x1, y1 = char["bbox"]
                    y0, y1 = y0 + (y1 - y0) * 0.2, y1 - (y1 - y0) * 0.2
                    for lx0, ly0, lx1, ly1 in lines:
                        vertical = lx1 - lx0 < ly1 - ly0
                        if vertical and x0 + over < (lx0 + lx1) / 2 < x1 - over and ly0 < y1 and ly1 > y0:
                            verdict.add("text", book, f"page {number}: “{char['c']}” of “{texts(line)}” crosses a rule down")
                        if not vertical and y0 + over < (ly0 + ly1) / 2 < y1 - over and lx0 < x1 and lx1 > x0:
                            verdict.add("text", book, f"page {number}: “{char['c']}” of “{texts(line)}” crosses a rule across")


def texts(line: dict) -> str:
    return "".join(char["c"] for span in line["spans"] for char in span["chars"])
