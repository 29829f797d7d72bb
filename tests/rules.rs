//! Every rule of every form speaks on a record that breaks it, and is silent on the samples.

mod case;
mod cases;

use std::collections::BTreeSet;

use crate::common::{TODAY, changed, codes, report, sample};
use case::Case;
use onshi::calendar::Date;
use onshi::form::Forms;

/// 別紙1 compares the addressee with the founder's フリガナ, which 別紙2 asks for.
#[test]
fn a_value_of_another_kind_is_cited_from_the_form_that_asks_for_it() {
    let text = changed("clinic.yaml", &[("name_kana: ミウラ ハナエ", "name_kana: みうら")]);
    let report = report(&text, &["別紙1", "別紙2"], Date::constant(2024, 1, 10));
    let found = report.diagnostics.iter().find(|found| found.code == "kind").unwrap();
    let cite = found.cite.as_deref().unwrap_or_default();
    assert!(cite.starts_with("別紙2（"), "{cite}");
}

#[test]
fn a_broken_rule_is_reported_at_its_field_with_its_cite() {
    for case in cases::all() {
        let report = case.report();
        let found = report.diagnostics.iter().find(|d| d.code == case.code);
        let found = found.unwrap_or_else(|| panic!("{} is silent:\n{report}", case.code));
        assert!(found.place.is_some() && found.field.is_some(), "{}", case.code);
        assert!(found.cite.is_some() && found.hint.is_some(), "{}", case.code);
        assert_eq!(found.form.as_deref(), Some(case.form()));
        for text in [&found.message.ja, &found.message.en] {
            assert!(!text.contains(['{', '—']), "{}: {text}", case.code);
        }
        // A key that is misspelt would be one more fault.
        assert!(!codes(&report).contains(&"unknown-field"), "{}:\n{report}", case.code);
    }
}

/// So what a case changes is what its rule speaks of.
#[test]
fn the_record_of_the_cases_is_sound() {
    for form in Forms::built_in().forms() {
        let report = report(&Case::of_any().text(), &[form.id.as_str()], TODAY);
        let known: &[&str] =
            if form.id == "card-reader" { &["card-reader/paper-deadline"] } else { &[] };
        assert_eq!(codes(&report), known, "{}:\n{report}", form.id);
    }
}

/// What came after the official documents is told from its day on, where it concerns the record, and
/// never refuses one.
#[test]
fn hints_begin_on_their_day_and_concern_the_record() {
    let found = |case: &Case, today: &str| {
        let report = case.clone().at(today).report();
        assert_eq!(report.errors(), 0, "{report}");
        codes(&report).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let none = Vec::<String>::new();
    let opening = Case::of("別紙3").set("designation.date", "2027-04-01");
    let (before, after) = ("2026-03-31", "2026-04-01");
    assert_eq!(found(&opening, before), none);
    assert_eq!(found(&opening, after), ["schedule/surplus-area", "schedule/manager"]);
    let elsewhere = opening
        .clone()
        .set("facility.address", "埼玉県さいたま市1")
        .set("facility.postal_code", "330-0000")
        .without("facility.prefecture_code");
    assert_eq!(found(&elsewhere, after), ["schedule/manager"]);
    let pharmacy = opening.clone().set("facility.kind", "薬局").set("facility.category", "薬局");
    assert_eq!(found(&pharmacy, after), none);
    let hospital = opening.clone().set("facility.category", "病院");
    assert_eq!(found(&hospital, after), ["schedule/manager"]);
    let early = Case::of("別紙3").set("designation.date", "2026-03-01");
    assert_eq!(found(&early, "2026-02-01"), none);
    let in_place = opening
        .set("introduction_plan.reader.status", "ア")
        .without("introduction_plan.reader.month");
    assert_eq!(found(&in_place, "2025-04-02"), none);
    assert_eq!(found(&in_place, "2025-04-03"), ["schedule/reader-maintenance"]);
}

#[test]
fn every_rule_has_a_case() {
    let cases: BTreeSet<String> = cases::all().into_iter().map(|c| c.code.to_owned()).collect();
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
        let report = Case::of("別紙2")
            .set("introduction_plan.network.provider", "ＩＰ－Ｍｅｍｂｅｒｓ")
            .set("introduction_plan.network.type", variant)
            .report();
        assert_eq!(codes(&report), ["normalised"], "{variant}:\n{report}");
        assert!(report.diagnostics[0].message.ja.contains("IPsec+IKE"));
    }
    for wrong in ["ISDN", "IP-VPN2", "IPsec"] {
        let report = Case::of("別紙2").set("introduction_plan.network.type", wrong).report();
        assert_eq!(codes(&report), ["choice"], "{wrong}");
        let hint = &report.diagnostics[0].hint.as_ref().unwrap().ja;
        assert!(hint.contains("IP-VPN") && hint.contains("IPsec+IKE"), "{hint}");
    }
}

#[test]
fn dates_are_read_in_all_spellings_and_print_alike() {
    for spelling in ["2024/4/1", "令和6年4月1日", "R6.4.1"] {
        let report = Case::of("別紙1").set("designation.date", spelling).report();
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
        let report = Case::of("別紙2").set("facility.name", name).report();
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
    let case = Case::of_any().without("bureau").without("facility.prefecture_code");
    let report = |case: &Case| report(&case.text(), &[], TODAY);
    assert_eq!(report(&case).errors(), 0);
    // Then from the postal code, unless two prefectures share it.
    let case = case.set("facility.address", "千代田区霞が関9-8-7");
    assert_eq!(report(&case).errors(), 0);
    let case = case.set("facility.address", "山崎9-8-7");
    let report = report(&case.set("facility.postal_code", "618-0000"));
    let missed =
        report.diagnostics.iter().filter(|d| d.field.as_deref() == Some("facility.address"));
    let messages: Vec<&str> = missed.map(|d| d.message.en.as_str()).collect();
    assert!(messages.iter().any(|m| m.ends_with("Regional bureau")), "{report}");
    assert!(messages.iter().any(|m| m.ends_with("Prefecture code")), "{report}");
}

#[test]
fn an_address_without_its_prefecture_is_completed_where_that_is_certain() {
    let said = |code: &str, address: &str| {
        let case = Case::of("別紙2").set("facility.postal_code", code);
        let case = case.without("facility.prefecture_code").without("bureau");
        let report = case.set("facility.address", address).report();
        let is_said = |d: &&onshi::report::Diagnostic| {
            d.code == "address" && d.field.as_deref() == Some("facility.address")
        };
        let said: Vec<_> = report.diagnostics.iter().filter(is_said).collect();
        assert_eq!(said.len(), 1, "{report}");
        (said[0].suggestion.clone(), said[0].hint.clone().unwrap().ja)
    };
    for (code, address, whole) in [
        ("810-0001", "天神9-9-9", "福岡県福岡市中央区天神9-9-9"),
        ("810-0001", "福岡市中央区渡辺通1-1", "福岡県福岡市中央区渡辺通1-1"),
        ("874-0920", "別府市北浜9-9-9", "大分県別府市北浜9-9-9"),
    ] {
        let (suggestion, hint) = said(code, address);
        assert_eq!(suggestion.as_deref(), Some(whole));
        assert!(hint.contains(whole), "{hint}");
    }
    // The prefecture alone would leave the city out.
    let (suggestion, hint) = said("810-0001", "渡辺通1-1");
    assert_eq!(suggestion, None);
    assert!(hint.contains("福岡県です"), "{hint}");
}

#[test]
fn the_plan_is_skipped_with_the_transitional_measure_unless_it_is_named() {
    let text = Case::of_any().set("designation.transitional_measure", true).text();
    let forms = Forms::built_in();
    let record = onshi::record::read("r.yaml", text.as_bytes()).unwrap();
    let filling = onshi::fill(&record, forms, &[], TODAY);
    assert!(filling.draft().iter().all(|s| s.form() != "introduction-plan"));
    assert!(codes(filling.report()).contains(&"introduction-plan/skip"));
    let named = onshi::fill(&record, forms, &[forms.find("別紙2").unwrap()], TODAY);
    assert_eq!(named.draft().len(), 1);
}

#[test]
fn an_address_without_its_prefecture_may_not_contradict_what_its_office_follows_from() {
    let case = |code: &str| {
        let case = Case::of_any().without("bureau").without("facility.prefecture_code");
        case.set("facility.address", "長野市南長野9-8-7").set("facility.postal_code", code)
    };
    let found = |case: &Case, forms: &[&str]| {
        let report = report(&case.text(), forms, TODAY);
        let at = |d: &&onshi::report::Diagnostic| d.field.as_deref() == Some("facility.address");
        let found: Vec<_> = report.diagnostics.iter().filter(at).cloned().collect();
        assert_eq!(found.len(), 1, "{report}");
        (report.errors(), found[0].clone())
    };
    let (errors, wrong) = found(&case("950-0909"), &["別紙1", "別紙2"]);
    assert_eq!((errors, wrong.code.as_str()), (1, "postal"));
    assert_eq!(
        wrong.message.ja,
        "医療機関・薬局 > 所在地「長野市南長野9-8-7」は、医療機関・薬局 > 郵便番号 950-0909（新潟県新潟市中央区）と合いません"
    );
    let hint = wrong.hint.unwrap().ja;
    assert!(hint.starts_with("長野市があるのは長野県です。"), "{hint}");
    // The one that is assumed is named, and what it follows from.
    let (errors, assumed) = found(&case("380-0837"), &["別紙1"]);
    assert_eq!((errors, assumed.code.as_str()), (0, "receipt-number/prefecture"));
    assert_eq!(
        (assumed.message.ja.as_str(), assumed.message.en.as_str()),
        (
            "所在地が都道府県名で始まっていないため、郵便番号 380-0837 から長野県とみなし、提出先を 関東信越厚生局 としました",
            "the address does not begin with a prefecture; by the postal code 380-0837 it is assumed to be in 長野県, and the bureau is 関東信越厚生局",
        )
    );
    // A prefecture code that is written decides, and must be right itself.
    let wrong = found(&case("618-0000").set("facility.prefecture_code", "15"), &["別紙1"]);
    assert_eq!((wrong.0, wrong.1.code.as_str()), (1, "postal"));
    assert!(wrong.1.message.ja.ends_with("都道府県コード 15（新潟県）と合いません"));
    let case = case("618-0000").set("facility.prefecture_code", "20");
    let case = case.set("facility.address", "南長野9-8-7");
    let (errors, assumed) = found(&case, &["別紙1"]);
    assert_eq!(errors, 0);
    assert!(assumed.message.ja.contains("都道府県コード 20 から長野県とみなし"));
}

#[test]
fn a_postal_code_of_another_prefecture_is_a_warning() {
    // One finding, though two forms print the code.
    let forms = ["別紙1", "別紙2"];
    let swapped = Case::of_any().set("facility.postal_code", "810-0001").text();
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
        let report = Case::of("別紙2")
            .set("facility.postal_code", "618-0000")
            .set("facility.address", address)
            .report();
        assert!(!codes(&report).contains(&"postal"), "{report}");
    }
}
