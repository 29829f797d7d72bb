"""Judges of what is on a page: poppler, MuPDF and PDFium must show the same picture and the same text."""

from __future__ import annotations

import io
import re
import subprocess
import unicodedata
from collections import Counter
from importlib.metadata import version as package
from pathlib import Path

import numpy as np
import pymupdf
import pypdfium2
from PIL import Image, ImageFilter

from .case import Verdict, version
from .made import Made

# Pictures are made three times as fine and reduced, so that each renderer's rule for thin lines matters less.
DPI, FINE = 60, 3
# Of a page's pixels after a blur of one pixel: how far apart two renderers may be on average and at one place,
# in steps of 255. Their rules for thin lines and the edges of letters differ; a missing letter is further apart.
MEAN, MOST = 3.0, 60
# What stands for something drawn: a tick box, a circle round a word.
DRAWN = set("☐☑○")


def judge(made: Made) -> list[Verdict]:
    names = ("poppler", version("pdftoppm", "-v")), ("MuPDF", package("pymupdf")), ("PDFium", package("pypdfium2"))
    judge, versions = (" · ".join(part) for part in zip(*names))
    pixels = Verdict(judge, versions, f"the same page at {DPI} dpi")
    words = Verdict(judge, versions, "the same text in the same order")
    for pdf in made.pdfs():
        pixels.files += 1
        words.files += 1
        compare_pixels(pixels, pdf, made.attached)
        compare_words(words, pdf)
    return [pixels, words]


def poppler(pdf: Path) -> list[np.ndarray]:
    done = subprocess.run(["pdftoppm", "-r", str(DPI * FINE), "-gray", pdf], capture_output=True, check=True)
    pages, stream = [], io.BytesIO(done.stdout)
    while stream.read(2) == b"P5":
        fields: list[int] = []
        while len(fields) < 3:
            fields += [int(word) for word in stream.readline().split()]
        width, height, _ = fields
        pages.append(np.frombuffer(stream.read(width * height), np.uint8).reshape(height, width))
    return pages


def mupdf(pdf: Path) -> list[np.ndarray]:
    pages = []
    with pymupdf.open(pdf) as document:
        for page in document:
            map_ = page.get_pixmap(dpi=DPI * FINE, colorspace=pymupdf.csGRAY, annots=True)
            pages.append(np.frombuffer(map_.samples, np.uint8).reshape(map_.height, map_.width))
    return pages


def pdfium(pdf: Path) -> list[np.ndarray]:
    document = pypdfium2.PdfDocument(pdf)
    return [np.asarray(page.render(scale=DPI * FINE / 72).to_pil().convert("L")) for page in document]


def compare_pixels(verdict: Verdict, pdf: Path, attached: list[Path]) -> None:
    renderers = {"poppler": poppler(pdf), "MuPDF": mupdf(pdf), "PDFium": pdfium(pdf)}
    counts = {name: len(pages) for name, pages in renderers.items()}
    if len(set(counts.values())) > 1:
        return verdict.add("pages", pdf, counts)
    first, *others = renderers.items()
    # Of an application with pages appended, those are ours: the last.
    start = counts["poppler"] - 1 if pdf in attached else 0
    for number in range(start, counts["poppler"]):
        for name, pages in others:
            a, b = first[1][number], pages[number]
            if abs(a.shape[0] - b.shape[0]) > 1 or abs(a.shape[1] - b.shape[1]) > 1:
                verdict.add("size", pdf, f"page {number + 1}: {a.shape} of {first[0]}, {b.shape} of {name}")
                continue
            mean, most = apart(a, b)
            text = f"page {number + 1}: {first[0]} and {name} are {mean:.2f} apart on average, {most} at most"
            verdict.check(mean <= MEAN and most <= MOST, "pixels", pdf, text)
    return None


def apart(a: np.ndarray, b: np.ndarray) -> tuple[float, int]:
    height, width = min(a.shape[0], b.shape[0]), min(a.shape[1], b.shape[1])
    soft = [reduced(page[:height, :width]) for page in (a, b)]
    # A renderer may round the page's origin: the nearest of nine places counts.
    best = None
    for dy in (-1, 0, 1):
        for dx in (-1, 0, 1):
            moved = np.roll(soft[1], (dy, dx), (0, 1))
            difference = np.abs(soft[0] - moved)[2:-2, 2:-2]
            here = (float(difference.mean()), int(difference.max()))
            best = min(best, here) if best else here
    return best


def reduced(page: np.ndarray) -> np.ndarray:
    image = Image.fromarray(page).reduce(FINE).filter(ImageFilter.GaussianBlur(1))
    return np.asarray(image).astype(int)


def squeezed(text: str) -> str:
    # A soft hyphen, a byte-order mark and kinds of spaces are what programs put between words.
    text = unicodedata.normalize("NFC", text)
    return re.sub(r"[\s\u00ad\ufeff\ufffe\u0002\x0c]+", "", text)


def compare_words(verdict: Verdict, pdf: Path) -> None:
    done = subprocess.run(["pdftotext", "-raw", pdf, "-"], capture_output=True, check=True)
    texts = {"poppler": done.stdout.decode("utf-8")}
    with pymupdf.open(pdf) as document:
        texts["MuPDF"] = "".join(page.get_text("text", sort=False) for page in document)
    document = pypdfium2.PdfDocument(pdf)
    texts["PDFium"] = "".join(page.get_textpage().get_text_range() for page in document)
    read, mu, fium = (squeezed(text) for text in texts.values())
    verdict.check(bool(read), "text", pdf, "no text")
    if read != mu:
        verdict.add("order", pdf, f"poppler and MuPDF: {apart_at(read, mu)}")
    # A program that ignores what stands for a drawing still reads everything else.
    lacking = Counter(read) - Counter(fium)
    added = Counter(fium) - Counter(read)
    if lacking.keys() <= DRAWN and not added:
        if lacking:
            verdict.add("ActualText", pdf, f"PDFium lacks {dict(lacking)}")
        said = "".join(c for c in read if c not in lacking)
        if said != fium:
            verdict.add("order of PDFium", pdf, apart_at(said, fium))
    else:
        verdict.add("letters", pdf, f"PDFium lacks {dict(lacking)} and adds {dict(added)}")


def apart_at(a: str, b: str) -> str:
    at = next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
    near = slice(max(at - 8, 0), at + 16)
    return f"…{a[near]}… and …{b[near]}…"
