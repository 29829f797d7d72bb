//! Every rule of every form speaks on a record that breaks it, and is silent on the samples.

use std::collections::BTreeSet;

use crate::common::{TODAY, changed, codes, report, sample};
use onshi::calendar::Date;
use onshi::form::Forms;

/// A rule, a sample changed so that it is broken, and the day.
struct Case {
    code: &'static str,
    changes: &'static [(&'static str, &'static str)],
    today: Date,
}

const fn case(code: &'static str, changes: &'static [(&'static str, &'static str)]) -> Case {
    Case { code, changes, today: TODAY }
}

const REPLY_TO: &str = "    address: 東京都千代田区霞が関1-2-2\nintroduction_plan";
const BOTH_READERS: &str = "    - {product: Caora, units: 1, preference: 第一}\n    - {product: Hi-CARA, units: 1, preference: 第二}";

const WISHES: &str = "    - {event: \"10月1日 10:00～12:00\", slot: \"11:00～11:15 (15分)\"}
    - {event: \"10月2日 13:00～15:00\", slot: \"14:00～14:15 (15分)\"}
    - {event: \"10月3日 15:00～17:00\", slot: \"16:00～16:15 (15分)\"}";
const FOUR_WISHES: &str = "    - {event: 10月1日 10時～12時, slot: 11時～12時}
    - {event: 10月2日 10時～12時, slot: 11時～12時}
    - {event: 10月3日 10時～12時, slot: 11時～12時}
    - {event: 10月4日 10時～12時, slot: 11時～12時}";

const CASES: &[Case] = &[
    case("receipt-number/retroactive", &[("date: 2024-04-01", "date: 2024-01-31")]),
    case("receipt-number/deadline", &[("request_date: 2024-02-01", "request_date: 2024-02-02")]),
    Case {
        code: "receipt-number/designation-passed",
        changes: &[],
        today: Date::constant(2024, 4, 2),
    },
    Case { code: "receipt-number/reply-overdue", changes: &[], today: Date::constant(2024, 2, 14) },
    case(
        "receipt-number/reply-date",
        &[(
            REPLY_TO,
            "    address: 東京都千代田区霞が関1-2-2\n  reply: {number: \"1234566\", date: 2024-02-14}\nintroduction_plan",
        )],
    ),
    case(
        "receipt-number/reply-before-request",
        &[(
            REPLY_TO,
            "    address: 東京都千代田区霞が関1-2-2\n  reply: {number: \"1234566\", date: 2024-01-31}\nintroduction_plan",
        )],
    ),
    case(
        "receipt-number/reply-date-given",
        &[(
            REPLY_TO,
            "    address: 東京都千代田区霞が関1-2-2\n  reply: {number: \"1234566\"}\nintroduction_plan",
        )],
    ),
    case(
        "receipt-number/reply-number-given",
        &[(
            REPLY_TO,
            "    address: 東京都千代田区霞が関1-2-2\n  reply: {date: 2024-02-13}\nintroduction_plan",
        )],
    ),
    case(
        "receipt-number/number-per-kind",
        &[
            ("kind: 医科", "kind: [医科, 歯科]"),
            (
                REPLY_TO,
                "    address: 東京都千代田区霞が関1-2-2\n  reply: {number: \"1234566\", date: 2024-02-13}\nintroduction_plan",
            ),
        ],
    ),
    case(
        "receipt-number/check-digit",
        &[(
            REPLY_TO,
            "    address: 東京都千代田区霞が関1-2-2\n  reply: {number: \"1234567\", date: 2024-02-13}\nintroduction_plan",
        )],
    ),
    case(
        "receipt-number/portal-closed",
        &[
            ("date: 2024-04-01", "date: 2027-01-01"),
            ("request_date: 2024-02-01", "request_date: 2026-10-01"),
        ],
    ),
    Case {
        code: "receipt-number/portal-late",
        changes: &[
            ("account: 済み", "account: 未実施"),
            (
                REPLY_TO,
                "    address: 東京都千代田区霞が関1-2-2\n  reply: {number: \"1234566\", date: 2024-02-13}\nintroduction_plan",
            ),
        ],
        today: Date::constant(2024, 2, 16),
    },
    case(
        "receipt-number/number-code",
        &[
            (
                REPLY_TO,
                "    address: 東京都千代田区霞が関1-2-2\n  reply: {number: \"1311234566\", date: 2024-02-13}\nintroduction_plan",
            ),
            ("code: \"1234566\"", "code: \"1234567\""),
        ],
    ),
    case(
        "receipt-number/addressee-kana",
        &[("    name: 資格 太郎\n", "    name: シカク ハナコ\n")],
    ),
    case("receipt-number/calendar", &[("date: 2024-04-01", "date: 2036-01-01")]),
    case("schedule/calendar", &[("date: 2024-04-01", "date: 2019-03-01")]),
    case("receipt-number/bureau", &[("bureau: 関東信越厚生局", "bureau: 東北厚生局")]),
    case(
        "receipt-number/bureau-of-code",
        &[
            ("bureau: 関東信越厚生局", "bureau: 東北厚生局"),
            ("address: 東京都千代田区", "address: 千代田区"),
        ],
    ),
    case("receipt-number/prefecture", &[("address: 東京都千代田区", "address: 千代田区")]),
    case(
        "receipt-number/transitional-measure",
        &[("transitional_measure: false", "transitional_measure: true")],
    ),
    case(
        "receipt-number/paper-claims",
        &[("transitional_measure: false", "transitional_measure: true")],
    ),
    case(
        "introduction-plan/transitional-measure",
        &[("transitional_measure: false", "transitional_measure: true")],
    ),
    case("introduction-plan/reader-month", &[("status: イ, month: 3,", "status: イ,")]),
    case(
        "introduction-plan/reader-month-unused",
        &[("status: イ, month: 3,", "status: ウ, month: 3,")],
    ),
    case("introduction-plan/network-month", &[("{status: ア, provider", "{status: イ, provider")]),
    case(
        "introduction-plan/network-month-unused",
        &[("{status: ア, provider", "{status: ア, month: 2, provider")],
    ),
    case("introduction-plan/reader-maker", &[(", maker: 富士通", "")]),
    case(
        "introduction-plan/reader-maker-open",
        &[("{status: イ, month: 3, maker: 富士通}", "{status: ウ}")],
    ),
    case("introduction-plan/network-provider", &[("provider: NTT東日本 フレッツ光ネクスト, ", "")]),
    case(
        "introduction-plan/network-provider-open",
        &[("status: ア, provider: NTT東日本 フレッツ光ネクスト, ", "status: ウ, ")],
    ),
    case("introduction-plan/network-type", &[("type: IP-VPN", "type: IPsec+IKE")]),
    case(
        "introduction-plan/network-unsupported",
        &[("provider: NTT東日本 フレッツ光ネクスト", "provider: NTT東日本 ＡＤＳＬ")],
    ),
    case(
        "introduction-plan/network-ended",
        &[("provider: NTT東日本 フレッツ光ネクスト", "provider: NTT東日本 Ｂフレッツ")],
    ),
    case(
        "introduction-plan/account-first",
        &[
            ("account: 済み", "account: 未実施"),
            ("usage_application: 未実施", "usage_application: 済み"),
        ],
    ),
    case(
        "introduction-plan/operation-after-work",
        &[("work_start: 2024-03-01", "work_start: 2024-04-02")],
    ),
    case(
        "introduction-plan/operation-by-practice",
        &[("operation_start: 2024-04-01", "operation_start: 2024-04-02")],
    ),
    case("introduction-plan/reader-lead-time", &[("{status: イ, month: 3,", "{status: ウ,")]),
    Case {
        code: "introduction-plan/reader-order",
        changes: &[("{status: イ, month: 3,", "{status: ウ,")],
        today: Date::constant(2024, 3, 2),
    },
    Case {
        code: "introduction-plan/reader-late",
        changes: &[
            ("{status: イ, month: 3,", "{status: ウ,"),
            ("operation_start: 2024-04-01", "operation_start: 2024-06-01"),
        ],
        today: Date::constant(2024, 1, 2),
    },
    Case {
        code: "introduction-plan/network-late",
        changes: &[("{status: ア, provider", "{status: ウ, provider")],
        today: Date::constant(2024, 1, 2),
    },
    Case {
        code: "introduction-plan/application-late",
        changes: &[],
        today: Date::constant(2024, 3, 2),
    },
    Case {
        code: "introduction-plan/account-late",
        changes: &[("account: 済み", "account: 未実施")],
        today: Date::constant(2024, 2, 16),
    },
    Case { code: "introduction-plan/usage-late", changes: &[], today: Date::constant(2024, 2, 16) },
    case(
        "introduction-plan/practice-by-designation",
        &[("practice_start: 2024-04-01", "practice_start: 2024-03-31")],
    ),
    case(
        "introduction-plan/kana-swapped",
        &[("name_kana: シカク ハナコ", "name_kana: オンシクリニック")],
    ),
    case(
        "receipt-number/addressee-title",
        &[("name: 資格 太郎\n    postal", "name: 資格 太郎 様\n    postal")],
    ),
    case("card-reader/products", &[(BOTH_READERS, "    []")]),
    case("card-reader/category", &[("  category: 診療所\n", "")]),
    case("card-reader/product-units", &[("product: Caora, units: 1,", "product: Caora,")]),
    case("card-reader/product-preference", &[("units: 1, preference: 第二", "units: 1")]),
    case("card-reader/product-named", &[("product: Hi-CARA, ", "")]),
    case("card-reader/units", &[("product: Caora, units: 1", "product: Caora, units: 2")]),
    case("card-reader/first", &[("preference: 第二", "preference: 第一")]),
    case("card-reader/second", &[("preference: 第一", "preference: 第二")]),
    case(
        "card-reader/no-second",
        &[(BOTH_READERS, "    - {product: Caora, units: 1, preference: 第一}")],
    ),
    case("card-reader/same-product", &[("product: Hi-CARA", "product: Caora")]),
    case("card-reader/claims-month", &[(", month: 2023-04}", "}")]),
    case(
        "card-reader/claims-month-unused",
        &[("status: 未導入（導入予定あり）", "status: 導入している")],
    ),
    case("card-reader/paper-deadline", &[]),
    case("card-reader/one-kind", &[("kind: 医科", "kind: [医科, 歯科]")]),
    case("card-reader/category-of-kind", &[("category: 診療所", "category: 薬局")]),
    case("receipt-number/both-kinds", &[("kind: 医科", "kind: [医科, 薬局]")]),
    case(
        "receipt-number/number-of-another",
        &[(
            REPLY_TO,
            "    address: 東京都千代田区霞が関1-2-2\n  reply: {number: \"1331234566\", date: 2024-02-13}\nintroduction_plan",
        )],
    ),
    case(
        "card-reader/contact-differs",
        &[(
            "card_reader: ",
            "reader_demo: {contact: {name: 資格 太郎, phone: 03-1111-1111, email: taro@example.jp}}\ncard_reader: ",
        )],
    ),
    case("card-reader/check-digit", &[("code: \"1234566\"", "code: \"1234567\"")]),
    case("card-reader/prefecture", &[("prefecture_code: \"13\"", "prefecture_code: \"14\"")]),
    case("reader-demo/wishes", &[(WISHES, "    []")]),
    case("reader-demo/wishes-three", &[(WISHES, FOUR_WISHES)]),
    case("reader-demo/wish-event", &[("event: \"10月2日 13:00～15:00\", ", "")]),
    case("reader-demo/wish-slot", &[(", slot: \"14:00～14:15 (15分)\"", "")]),
    case("reader-demo/slot-inside", &[("14:00～14:15", "15:00～15:15")]),
    Case { code: "reader-demo/ten-days", changes: &[], today: Date::constant(2024, 9, 22) },
    case("card-reader/prefecture-range", &[("prefecture_code: \"13\"", "prefecture_code: \"48\"")]),
    Case {
        code: "schedule/manager",
        changes: &[("date: 2024-04-01", "date: 2026-04-01")],
        today: Date::constant(2026, 4, 1),
    },
    Case {
        code: "schedule/surplus-area",
        changes: &[("date: 2024-04-01", "date: 2026-10-01")],
        today: Date::constant(2026, 4, 1),
    },
    Case {
        code: "schedule/reader-maintenance",
        changes: &[
            ("date: 2024-04-01", "date: 2026-04-01"),
            ("{status: イ, month: 3, maker", "{status: ア, maker"),
        ],
        today: Date::constant(2025, 4, 3),
    },
    Case { code: "schedule/succession", changes: &[], today: Date::constant(2024, 4, 2) },
];

#[test]
fn a_broken_rule_is_reported_at_its_field_with_its_cite() {
    for case in CASES {
        let (form, _) = case.code.split_once('/').unwrap();
        let sample = if form == "reader-demo" { "reader-demo.yaml" } else { "clinic.yaml" };
        let report = report(&changed(sample, case.changes), &[form], case.today);
        let found = report.diagnostics.iter().find(|d| d.code == case.code);
        let found = found.unwrap_or_else(|| panic!("{} is silent:\n{report}", case.code));
        assert!(found.place.is_some() && found.field.is_some(), "{}", case.code);
        assert!(found.cite.is_some() && found.hint.is_some(), "{}", case.code);
        assert_eq!(found.form.as_deref(), Some(form));
        for text in [&found.message.ja, &found.message.en] {
            assert!(!text.contains(['{', '—']), "{}: {text}", case.code);
        }
    }
}

/// What came after the official documents is told from its day on, where it concerns the record, and
/// never refuses one.
#[test]
fn hints_begin_on_their_day_and_concern_the_record() {
    let found = |changes: &[(&str, &str)], today: Date| {
        let report = report(&changed("clinic.yaml", changes), &["別紙3"], today);
        assert_eq!(report.errors(), 0, "{report}");
        codes(&report).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let opening = ("date: 2024-04-01", "date: 2027-04-01");
    let elsewhere = (
        "address: 東京都千代田区霞が関1-2-2\n  prefecture_code: \"13\"",
        "address: 埼玉県さいたま市1",
    );
    let bureau =
        ("postal_code: 123-4567\n  address: 埼玉県", "postal_code: 330-0000\n  address: 埼玉県");
    let (before, after) = (Date::constant(2026, 3, 31), Date::constant(2026, 4, 1));
    assert_eq!(found(&[opening], before), Vec::<String>::new());
    assert_eq!(found(&[opening], after), ["schedule/surplus-area", "schedule/manager"]);
    assert_eq!(found(&[opening, elsewhere, bureau], after), ["schedule/manager"]);
    let pharmacy = [opening, ("kind: 医科", "kind: 薬局"), ("category: 診療所", "category: 薬局")];
    assert_eq!(found(&pharmacy, after), Vec::<String>::new());
    let hospital = [opening, ("category: 診療所", "category: 病院")];
    assert_eq!(found(&hospital, after), ["schedule/manager"]);
    let early = [("date: 2024-04-01", "date: 2026-03-01")];
    assert_eq!(found(&early, Date::constant(2026, 2, 1)), Vec::<String>::new());
    let in_place = [opening, ("{status: イ, month: 3, maker", "{status: ア, maker")];
    assert_eq!(found(&in_place, Date::constant(2025, 4, 2)), Vec::<String>::new());
    assert_eq!(found(&in_place, Date::constant(2025, 4, 3)), ["schedule/reader-maintenance"]);
}

#[test]
fn every_rule_has_a_case() {
    let cases: BTreeSet<String> = CASES.iter().map(|c| c.code.to_owned()).collect();
    let rules: BTreeSet<String> =
        Forms::built_in().forms().flat_map(onshi::form::Form::codes).collect();
    assert_eq!(rules.difference(&cases).collect::<Vec<_>>(), Vec::<&String>::new());
    assert_eq!(cases.difference(&rules).collect::<Vec<_>>(), Vec::<&String>::new());
}

#[test]
fn the_samples_keep_every_rule() {
    let demo = report(&sample("reader-demo.yaml"), &[], Date::constant(2024, 9, 21));
    assert_eq!(codes(&demo), Vec::<&str>::new(), "{demo}");
    let clinic = report(&sample("clinic.yaml"), &[], TODAY);
    assert_eq!(codes(&clinic), ["card-reader/paper-deadline"], "{clinic}");
    let later = Date::constant(2026, 11, 22);
    for name in ["pharmacy.yaml", "medical-and-dental.yaml", "corporation.yaml", "rare-names.yaml"]
    {
        let report = report(&sample(name), &[], later);
        assert_eq!(codes(&report), Vec::<&str>::new(), "{name}:\n{report}");
    }
    let hospital = report(&sample("hospital.yaml"), &[], later);
    assert_eq!(codes(&hospital), ["card-reader/paper-deadline"], "{hospital}");
}

/// Every blank that is required is missed when it is left out, alone.
#[test]
fn every_required_blank_is_missed() {
    let forms = Forms::built_in();
    for form in forms.forms() {
        let needs = forms.needs(form);
        let section = form.section.value.as_str();
        let report = report(&format!("{section}: {{}}\n"), &[], TODAY);
        for key in needs.required() {
            let field = forms.dictionary().get(key).expect("in the dictionary");
            // What follows from the address or the kind, and what belongs to items of a list.
            let follows = field.derive.is_some();
            let in_list = ["card_reader.products.", "reader_demo.wishes."]
                .iter()
                .any(|list| key.starts_with(list));
            let missed = report.diagnostics.iter().any(|d| d.field.as_deref() == Some(key));
            assert!(missed || in_list || follows, "{}: {key} is not missed:\n{report}", form.id);
        }
    }
}

#[test]
fn network_type_is_one_of_two_and_variants_are_said() {
    for variant in ["IP-sec＋IKE", "IPsec+IKE接続方式", "ＩＰｓｅｃ＋ＩＫＥ", "ipsec+ike"]
    {
        let text = changed(
            "clinic.yaml",
            &[
                ("NTT東日本 フレッツ光ネクスト", "ＩＰ－Ｍｅｍｂｅｒｓ"),
                ("type: IP-VPN", &format!("type: {variant}")),
            ],
        );
        let report = report(&text, &["別紙2"], TODAY);
        assert_eq!(codes(&report), ["normalised"], "{variant}:\n{report}");
        assert!(report.diagnostics[0].message.ja.contains("IPsec+IKE"));
    }
    for wrong in ["ISDN", "IP-VPN2", "IPsec"] {
        let text = changed("clinic.yaml", &[("type: IP-VPN", &format!("type: {wrong}"))]);
        let report = report(&text, &["別紙2"], TODAY);
        assert_eq!(codes(&report), ["choice"], "{wrong}");
        let hint = &report.diagnostics[0].hint.as_ref().unwrap().ja;
        assert!(hint.contains("IP-VPN") && hint.contains("IPsec+IKE"), "{hint}");
    }
}

#[test]
fn dates_are_read_in_all_spellings_and_print_alike() {
    for spelling in ["2024/4/1", "令和6年4月1日", "R6.4.1"] {
        let text = changed("clinic.yaml", &[("date: 2024-04-01", &format!("date: {spelling}"))]);
        let report = report(&text, &["別紙1"], TODAY);
        assert_eq!(codes(&report), Vec::<&str>::new(), "{spelling}");
    }
}

#[test]
fn a_character_no_font_has_is_named_with_its_code_point() {
    for (name, code_point, severity) in [
        ("\u{E000}田クリニック", "U+E000", 1),
        ("オン資\u{1F600}クリニック", "U+1F600", 1),
        ("葛\u{E01EF}クリニック", "U+E01EF", 0),
    ] {
        let text = changed("clinic.yaml", &[("オン資クリニック", name)]);
        let report = report(&text, &["別紙2"], TODAY);
        assert_eq!(codes(&report), ["glyph"], "{report}");
        assert_eq!(report.errors(), severity);
        assert!(report.diagnostics[0].message.ja.contains(code_point));
    }
}

#[test]
fn labels_and_keys_mean_the_same() {
    let english = report(&sample("pharmacy.yaml"), &[], Date::constant(2026, 11, 22));
    assert_eq!(english.errors(), 0, "the sample is written with labels");
    let mixed = changed("pharmacy.yaml", &[("  名称:", "  name:")]);
    assert_eq!(report(&mixed, &[], Date::constant(2026, 11, 22)).errors(), 0);
    let both = changed("pharmacy.yaml", &[("  名称:", "  name: あ\n  名称:")]);
    assert_eq!(codes(&report(&both, &[], Date::constant(2026, 11, 22))), ["duplicate-field"]);
}

#[test]
fn the_bureau_and_the_code_follow_from_the_address() {
    let text = changed(
        "clinic.yaml",
        &[("bureau: 関東信越厚生局\n", ""), ("  prefecture_code: \"13\"\n", "")],
    );
    assert_eq!(report(&text, &[], TODAY).errors(), 0);
    let lost = text.replace("address: 東京都千代田区", "address: 千代田区");
    // Then from the postal code, unless two prefectures share it.
    assert_eq!(report(&lost, &[], TODAY).errors(), 0);
    let lost = lost.replacen("postal_code: 123-4567", "postal_code: 618-0000", 1);
    let report = report(&lost, &[], TODAY);
    let missed =
        report.diagnostics.iter().filter(|d| d.field.as_deref() == Some("facility.address"));
    let messages: Vec<&str> = missed.map(|d| d.message.en.as_str()).collect();
    assert!(messages.iter().any(|m| m.ends_with("Regional bureau")), "{report}");
    assert!(messages.iter().any(|m| m.ends_with("Prefecture code")), "{report}");
}

#[test]
fn the_plan_is_skipped_with_the_transitional_measure_unless_it_is_named() {
    let text =
        changed("clinic.yaml", &[("transitional_measure: false", "transitional_measure: true")]);
    let forms = Forms::built_in();
    let record = onshi::record::read("r.yaml", text.as_bytes()).unwrap();
    let filling = onshi::fill(&record, forms, &[], TODAY);
    assert!(filling.draft().iter().all(|s| s.form() != "introduction-plan"));
    assert!(codes(filling.report()).contains(&"introduction-plan/skip"));
    let named = onshi::fill(&record, forms, &[forms.find("別紙2").unwrap()], TODAY);
    assert_eq!(named.draft().len(), 1);
}

#[test]
fn a_postal_code_of_another_prefecture_is_a_warning() {
    // One finding, though two forms print the code.
    let forms = ["別紙1", "別紙2"];
    let swapped = changed("clinic.yaml", &[("postal_code: 123-4567", "postal_code: 810-0001")]);
    let found = report(&swapped, &forms, TODAY);
    let found: Vec<_> = found.diagnostics.iter().filter(|d| d.code == "postal").collect();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].field.as_deref(), Some("facility.postal_code"));
    assert_eq!(
        found[0].message.ja,
        "医療機関・薬局 > 郵便番号「810-0001」は福岡県の郵便番号ですが、住所は東京都です"
    );
    // A code at the border of two prefectures, in either.
    for address in ["京都府乙訓郡大山崎町1-1", "大阪府三島郡島本町1-1"] {
        let border = changed(
            "clinic.yaml",
            &[
                ("postal_code: 123-4567", "postal_code: 618-0000"),
                ("東京都千代田区霞が関1-2-2", address),
            ],
        );
        let report = report(&border, &["別紙2"], TODAY);
        assert!(!codes(&report).contains(&"postal"), "{report}");
    }
}
