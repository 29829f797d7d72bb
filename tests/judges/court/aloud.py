"""What a listener is told of each form: the way through its structure tree, written down once in aloud/ and compared.

The texts come from outloud's reading of the pages. `ALOUD=write` writes them down again: read what changed."""

from __future__ import annotations

import os
import re
from importlib.metadata import version as package
from pathlib import Path

import pikepdf
from outloud.model import Document

from .case import HERE, Verdict
from .made import Made


def judge(made: Made) -> list[Verdict]:
    grids = Verdict("the tree", package("pikepdf"), "tables close by RowSpan and ColSpan, cells have headers")
    aloud = Verdict("a listener", package("outloud"), "the way through each form, as written in aloud/")
    for pdf in made.accessible + made.carried:
        grids.files += 1
        walk = Walk(pdf)
        for rule, text in walk.faults:
            grids.add(rule, pdf, text)
        form = pdf.stem.removeprefix("example-")
        if pdf.stem.startswith("example-") and form in made.forms + made.own:
            aloud.files += 1
            compare(aloud, pdf, HERE / "aloud" / f"{form}.txt", walk.lines)
    for path in (HERE / "aloud").iterdir():
        aloud.check(path.stem in made.forms + made.own, "no form", path, "written down for a form that is not there")
    return [grids, aloud]


def compare(verdict: Verdict, pdf: Path, written: Path, lines: list[str]) -> None:
    text = "\n".join(lines) + "\n"
    if os.environ.get("ALOUD") == "write":
        written.write_text(text, "utf-8")
    known = written.read_text("utf-8") if written.exists() else ""
    if known != text:
        was, now = known.splitlines(), text.splitlines()
        at = next((i for i, pair in enumerate(zip(was, now)) if pair[0] != pair[1]), min(len(was), len(now)))
        line = [(part[at] if at < len(part) else "nothing").strip() for part in (was, now)]
        verdict.add("said", pdf, f"line {at + 1} was “{line[0]}”, is “{line[1]}”")


class Walk:
    """Goes through a document as a screen reader does."""

    def __init__(self, pdf: Path) -> None:
        self.document = Document(str(pdf))
        self.lines: list[str] = []
        self.faults: list[tuple[str, str]] = []
        self.level = 0
        with pikepdf.open(pdf) as opened:
            self.pages = {page.objgen: index for index, page in enumerate(opened.pages)}
            self.kids(opened.Root.StructTreeRoot, None)
        self.document.close()

    def kids(self, element: pikepdf.Dictionary, page: int | None) -> None:
        for kid in listed(element.get("/K")):
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                self.element(kid, self.page_of(kid, page))

    def page_of(self, element: pikepdf.Dictionary, page: int | None) -> int | None:
        own = element.get("/Pg")
        return page if own is None else self.pages[own.objgen]

    def element(self, element: pikepdf.Dictionary, page: int | None) -> None:
        kind = str(element.S).removeprefix("/")
        if kind in ("Document", "Part"):
            self.lines.append(kind)
            return self.kids(element, page)
        if kind == "Table":
            return self.table(element, page)
        text = self.text(element, page)
        if kind[0] == "H":
            level = int(kind[1:])
            if level > self.level + 1:
                self.faults.append(("level", f"{kind} “{text}” comes after H{self.level}"))
            self.level = level
            title = squeezed(str(element.get("/T", "")))
            if title != text:
                self.faults.append(("title", f"{kind} “{text}” has the title “{title}”"))
        self.lines.append(f"{kind} {text}".rstrip())
        return None

    def text(self, element: pikepdf.Dictionary, page: int | None) -> str:
        page = self.page_of(element, page)
        kind = str(element.get("/S", "")).removeprefix("/")
        if "/ActualText" in element:
            return squeezed(str(element.ActualText))
        if "/Alt" in element:
            return f"[{kind}: {element.Alt}]"
        parts = []
        for kid in listed(element.get("/K")):
            if isinstance(kid, pikepdf.Dictionary):
                if "/S" in kid:
                    parts.append(self.text(kid, page))
                elif str(kid.get("/Type")) == "/OBJR" and "/A" in kid.Obj:
                    parts.append(f" <{kid.Obj.A.URI}>")
                elif "/MCID" in kid:
                    parts.append(self.content(page, int(kid.MCID)))
            else:
                parts.append(self.content(page, int(kid)))
        return "".join(parts)

    def content(self, page: int | None, mcid: int) -> str:
        return squeezed(self.document.content(page).mcid_text.get((None, mcid)) or "")

    def table(self, table: pikepdf.Dictionary, page: int | None) -> None:
        rows = [row for row in listed(table.K) if str(row.S) == "/TR"]
        # Which cell is where, by the spans of those before it (ISO 32000-1, 14.8.5.7, table 349).
        grid: dict[tuple[int, int], Cell] = {}
        cells: list[Cell] = []
        for r, row in enumerate(rows):
            c = 0
            for element in listed(row.get("/K")):
                while (r, c) in grid:
                    c += 1
                cell = Cell(element, r, c, self.text(element, page))
                cells.append(cell)
                for place in cell.places():
                    if place in grid:
                        self.faults.append(("overlap", f"“{cell.text}” lies over “{grid[place].text}”"))
                    grid[place] = cell
                c += cell.columns
        width = 1 + max(c for _, c in grid)
        holes = [(r, c) for r in range(len(rows)) for c in range(width) if (r, c) not in grid]
        if holes or any(r >= len(rows) for r, _ in grid):
            self.faults.append(("grid", f"no cell at {holes} of {len(rows)} rows and {width} columns"))
        if not any(cell.is_header for cell in cells):
            self.faults.append(("header", f"a table of {len(cells)} cells has no header"))
        self.lines.append(f"Table of {len(rows)} rows and {width} columns")
        for r in range(len(rows)):
            self.lines.append("  row")
            for cell in (cell for cell in cells if cell.row == r):
                if cell.is_header:
                    self.lines.append(f"    TH {cell.scope} {cell.text}".rstrip())
                else:
                    headers = " › ".join(header.text for header in headers_of(cell, cells))
                    self.lines.append(f"    {headers}: {cell.text}".rstrip())


class Cell:
    def __init__(self, element: pikepdf.Dictionary, row: int, column: int, text: str) -> None:
        attributes = [a for a in listed(element.get("/A")) if str(a.get("/O")) == "/Table"]
        span = {key: int(a[key]) for a in attributes for key in ("/RowSpan", "/ColSpan") if key in a}
        scope = [str(a.Scope).removeprefix("/") for a in attributes if "/Scope" in a]
        self.row, self.column, self.text = row, column, text
        self.rows, self.columns = span.get("/RowSpan", 1), span.get("/ColSpan", 1)
        self.is_header = str(element.S) == "/TH"
        self.scope = scope[0] if scope else ""

    def places(self) -> list[tuple[int, int]]:
        rows = range(self.row, self.row + self.rows)
        return [(r, c) for r in rows for c in range(self.column, self.column + self.columns)]


def headers_of(cell: Cell, cells: list[Cell]) -> list[Cell]:
    """The headers of a cell: of its columns those above it, of its rows the nearest block at its left."""

    def beside(header: Cell) -> bool:
        return header.scope == "Row" and header.column < cell.column and overlap(
            (header.row, header.rows), (cell.row, cell.rows)
        )

    def above(header: Cell) -> bool:
        return header.scope == "Column" and header.row < cell.row and overlap(
            (header.column, header.columns), (cell.column, cell.columns)
        )

    headers = [header for header in cells if header.is_header]
    columns = [header for header in headers if above(header)]
    # Of headers repeated further down, the last counts.
    columns = [h for h in columns if not any(o.row > h.row and o.columns == h.columns for o in columns)]
    rows = [header for header in headers if beside(header)]
    # A row with two labels and two values: the second value's is the second label.
    values = [c for c in cells if not c.is_header and overlap((c.row, c.rows), (cell.row, cell.rows))]
    between = [v.column for v in values if v.column < cell.column]
    nearest = [h for h in rows if not any(h.column < column for column in between) or h.rows > 1 and h.column == 0]
    return columns + nearest


def overlap(a: tuple[int, int], b: tuple[int, int]) -> bool:
    return a[0] < b[0] + b[1] and b[0] < a[0] + a[1]


def listed(value) -> list:
    if value is None:
        return []
    return list(value) if isinstance(value, pikepdf.Array) else [value]


def squeezed(text: str) -> str:
    # Between Japanese letters a space is layout; the forms have no other that matters when read aloud.
    return re.sub(r"\s+", "", text)
