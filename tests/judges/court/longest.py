"""A record whose values are as long as its forms take: each is made longer until `check` says it does not fit."""

from __future__ import annotations

import copy
import json

import yaml

from .case import ROOT, onshi

# What a value is made longer with; kana fields take kana alone.
KANJI, KANA = "漢字仮名交文", "カナモジ"
FIELDS = {
    ("facility", "name"): KANJI,
    ("facility", "name_kana"): KANA,
    ("facility", "address"): KANJI,
    ("founder", "name"): KANJI,
    ("founder", "name_kana"): KANA,
    ("founder", "address"): KANJI,
    ("founder", "registration"): KANJI,
    ("receipt_number", "reply_to", "name"): KANJI,
    ("receipt_number", "reply_to", "address"): KANJI,
    ("introduction_plan", "reader", "maker"): KANJI,
    ("introduction_plan", "network", "provider"): KANJI,
    ("introduction_plan", "vendor"): KANJI,
}


def longest() -> dict:
    record = yaml.load((ROOT / "samples/clinic.yaml").read_text("utf-8"), yaml.BaseLoader)
    low = {path: 0 for path in FIELDS}
    high = {path: 128 for path in FIELDS}
    # All fields are searched at once: what does not fit is named by its key.
    while any(high[path] - low[path] > 1 for path in FIELDS):
        middle = {path: (low[path] + high[path]) // 2 for path in FIELDS}
        misfits = faults(stretched(record, middle))
        for path in FIELDS:
            if ".".join(path) in misfits:
                high[path] = middle[path]
            else:
                low[path] = middle[path]
    long = stretched(record, low)
    left = faults(long)
    if left or min(low.values()) == 0:
        raise SystemExit(f"the longest values: {left or low}")
    return long


def stretched(record: dict, more: dict[tuple, int]) -> dict:
    record = copy.deepcopy(record)
    for path, count in more.items():
        section = record
        for key in path[:-1]:
            section = section[key]
        letters = FIELDS[path]
        section[path[-1]] += (letters * (count // len(letters) + 1))[:count]
    return record


def faults(record: dict) -> set[str]:
    done = onshi("check", "-", "--format", "json", input=json.dumps(record, ensure_ascii=False), ok=(0, 1))
    return {d["field"] for d in json.loads(done.stdout)["diagnostics"] if d["severity"] == "error"}
