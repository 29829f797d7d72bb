"""Records against `onshi schema`, judged by jsonschema: what `check` accepts the schema accepts, and what the
schema refuses `check` refuses."""

from __future__ import annotations

import copy
import json
import random
import re
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version as package

import jsonschema
import yaml

from .case import ROOT, Verdict, onshi
from .made import SAMPLES, Made

ACCEPTED, SPOILT = 1000, 300
# A fixed seed, so that a run can be repeated.
SEED = 20261126

PLACES = [
    ("100-0013", "東京都千代田区霞が関"), ("920-0962", "石川県金沢市広坂"), ("812-0011", "福岡県福岡市博多区博多駅前"),
    ("460-0001", "愛知県名古屋市中区三の丸"), ("980-0803", "宮城県仙台市青葉区国分町"), ("060-0002", "北海道札幌市中央区北二条西"),
    ("730-0012", "広島県広島市中区上八丁堀"), ("760-0017", "香川県高松市番町"), ("530-0005", "大阪府大阪市北区中之島"),
]
NAMES = [("三浦 花江", "ミウラ ハナエ"), ("髙﨑 吉子", "タカサキ ヨシコ"), ("渡邉 健一", "ワタナベ ケンイチ"), ("緑川 さくら", "ミドリカワ サクラ"),
         ("医療法人はかた会 理事長 博多 桃子", "イリョウホウジンハカタカイ リジチョウ ハカタ モモコ")]
FACILITIES = [("さくら内科クリニック", "サクラナイカクリニック"), ("みなと医院", "ミナトイイン"), ("𠮷川診療所", "ヨシカワシンリョウジョ"),
              ("ＡＢＣクリニック", "エービーシークリニック"), ("こまち薬局 本店", "コマチヤッキョク ホンテン")]
PROVIDERS = [("NTT東日本 フレッツ光ネクスト", "IP-VPN"), ("NTT西日本 フレッツ 光クロス", "IP-VPN"), ("株式会社QTnet BBIQ", "IP-VPN")]


def judge(made: Made) -> list[Verdict]:
    schema = json.loads(onshi("schema").stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    return [accepted(validator, random.Random(SEED)), refused(validator, random.Random(SEED)), definitions()]


def verdict(what: str) -> Verdict:
    return Verdict("jsonschema", package("jsonschema"), what)


def accepted(validator, chance: random.Random) -> Verdict:
    said = verdict(f"the samples and {ACCEPTED:,} accepted records keep the schema")
    for name in SAMPLES:
        said.files += 1
        # A day is a day to YAML 1.1 alone; the program and the schema take it for text.
        record = yaml.load((ROOT / f"samples/{name}.yaml").read_text("utf-8"), yaml.BaseLoader)
        keep(said, validator, f"{name}.yaml", record)
    records, tried = [], 0
    while len(records) < ACCEPTED:
        batch = [random_record(chance) for _ in range(ACCEPTED - len(records))]
        tried += len(batch)
        records += [record for record, errors in zip(batch, checked(batch)) if not errors]
        if tried > 5 * ACCEPTED:
            said.add("generator", "random", f"only {len(records)} of {tried} were accepted")
            break
    for number, record in enumerate(records):
        said.files += 1
        keep(said, validator, f"random-{number}", record)
    return said


def keep(said: Verdict, validator, name: str, record: object) -> None:
    for error in validator.iter_errors(record):
        said.add("schema", name, f"{error.json_path}: {error.message}")


def checked(records: list[object]) -> list[int]:
    """How many errors `check` finds in each."""

    def errors(record: object) -> int:
        done = onshi("check", "-", "--format", "json", input=json.dumps(record, ensure_ascii=False), ok=(0, 1))
        return json.loads(done.stdout)["errors"]

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(errors, records))


def refused(validator, chance: random.Random) -> Verdict:
    said = verdict("what the schema refuses, check refuses")
    spoilt = []
    while len(spoilt) < SPOILT:
        record = spoil(random_record(chance), chance)
        if not validator.is_valid(record) and not is_left_out(next(validator.iter_errors(record)).instance):
            spoilt.append(record)
    for record, errors in zip(spoilt, checked(spoilt)):
        said.files += 1
        if errors == 0:
            error = next(validator.iter_errors(record))
            said.add("accepted", error.json_path, f"{error.message}; check finds no error")
    return said


def is_left_out(value: object) -> bool:
    """An empty text is a value left out. The schema has null for that, so that no list of choices offers it."""
    return isinstance(value, str) and not value.strip()


def definitions() -> Verdict:
    """The forms themselves against the schema of definitions."""
    said = verdict("the forms' definitions keep `schema --definition`")
    schema = json.loads(onshi("schema", "--definition").stdout)
    validator = jsonschema.Draft202012Validator(schema)
    no_forms = {"offices.yaml", "networks.yaml", "shared.yaml"}
    for path in sorted([*(ROOT / "forms").glob("*.yaml"), *(ROOT / "tests/forms").glob("*.yaml")]):
        if path.name in no_forms:
            continue
        said.files += 1
        definition = yaml.load(path.read_text("utf-8"), Definition)
        for error in validator.iter_errors(definition):
            said.add("schema", path, f"{error.json_path}: {error.message}")
    return said


class Definition(yaml.SafeLoader):
    """YAML 1.2 as far as definitions need it: a day is text, and so is a word such as `no`."""


Definition.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Definition.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))


def random_record(chance: random.Random) -> dict:
    pick = chance.choice
    (postal, place), (name, kana) = pick(PLACES), pick(NAMES)
    (facility, facility_kana), (provider, network) = pick(FACILITIES), pick(PROVIDERS)
    address = f"{place}{chance.randint(1, 99)}-{chance.randint(1, 30)}-{chance.randint(1, 9)}"
    kind = pick(["医科", "歯科", "薬局", "医科・歯科", ["医科", "歯科"]])
    status = {"status": pick(["ア", "イ", "ウ"])}
    month = str(chance.randint(1, 3))
    reader = {"status": pick("アイウ"), "maker": pick(["富士通", "キヤノン", "アトラス"])}
    network = {"status": pick("アイウ"), "provider": provider, "type": network}
    for part in (reader, network):
        if part["status"] == "イ":
            part["month"] = pick([month, int(month), f"{month}月"])
        if part["status"] == "ウ":
            part.pop("maker", None)
            part.pop("provider", None)
    day = pick(["2027-04-01", "令和9年4月1日", "R9.4.1", "2027/4/1"])
    record = {
        "facility": {"kind": kind, "category": "薬局" if kind == "薬局" else "診療所", "name": facility, "name_kana": facility_kana,
                     "postal_code": pick([postal, postal.replace("-", "")]), "address": address},
        "founder": {"name": name, "name_kana": kana, "postal_code": postal, "address": address,
                    "phone": f"0{chance.randint(10, 99)}-{chance.randint(100, 999)}-{chance.randint(1000, 9999)}"},
        "contact": {"name": "三浦 太一", "phone": "03-0000-0000"},
        "designation": {"date": day},
    }
    if chance.random() < 0.3:
        record["founder"]["email"] = "hana@example.jp"
    if chance.random() < 0.3:
        record["founder"]["registration"] = f"医 {chance.randint(1, 99999):05}"
    if chance.random() < 0.7:
        record["receipt_number"] = {
            "request_date": pick(["2026-12-10", "令和8年12月10日"]),
            "reply_to": {"name": name, "postal_code": postal, "address": address},
        }
    if chance.random() < 0.7 or "receipt_number" not in record:
        record["introduction_plan"] = {
            "account": pick(["済み", "未実施", "済"]), "usage_application": pick(["済み", "未実施"]), "reader": reader,
            "network": network, "work_start": "2027-03-01", "vendor": "霞ヶ浦システム",
            "operation_start": pick([day, "2027-04-01"]), "practice_start": "2027-04-01",
        }
    return japanese(record, chance)


KEYS = {"facility": "医療機関・薬局", "founder": "開設者", "contact": "担当者", "designation": "指定", "name": "名称",
        "receipt_number": "受付番号情報提供依頼書", "introduction_plan": "導入計画書"}


def japanese(record: dict, chance: random.Random) -> dict:
    """Some sections under their Japanese names."""
    if chance.random() < 0.5:
        return record
    return {KEYS.get(key, key): value for key, value in record.items()}


def spoil(record: dict, chance: random.Random) -> dict:
    """One value changed into something else, or a key that there is not."""
    record = copy.deepcopy(record)
    places = list(walk(record))
    section, key = chance.choice(places)
    if chance.random() < 0.2:
        section[chance.choice(["nmae", "備考欄", "x", "名　称"])] = "値"
        return record
    section[key] = chance.choice(["", " ", "なし", "13", "abc", 5, -1, 2.5, True, [], {}, ["医科", "医科"], ["x"], {"x": "y"}, "2027-13-45", "２７"])
    return record


def walk(value: dict):
    for key, part in value.items():
        yield value, key
        if isinstance(part, dict):
            yield from walk(part)
