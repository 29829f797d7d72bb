//! What holds for every record: whatever the check accepts prints, whole and on one page.

use crate::common::{TODAY, sample, squeezed, text_of};
use onshi::form::Forms;
use onshi::layout::{Mode, fill};
use onshi::paint::{PdfOptions, pdf};
use onshi::sheet::{Run, Sheet};
use onshi::values::{Data, Value, Values};
use proptest::prelude::*;

/// Names as people have them, and some that nobody has.
fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        9 => "[ァ-ヶ一-鿋髙﨑𠮷德ー・ a-zA-Z0-9０-９（）「」＆葛\u{E0100}]{1,40}",
        1 => "([一-鿋葛\u{E0100}]|\\PC){1,60}",
    ]
}

fn runs(sheet: &Sheet) -> Vec<&Run> {
    sheet.areas().flat_map(|area| &area.lines).flat_map(|line| &line.runs).collect()
}

/// A text without variation selectors. Where a character stands with and without one on the same glyph,
/// ActualText tells them apart, which the reader of this test passes over.
fn bare(text: &str) -> String {
    squeezed(text).chars().filter(|c| !('\u{E0100}'..='\u{E01EF}').contains(c)).collect()
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_the_check_accepts_prints_whole(
        facility in name(), founder in name(), address in name(), vendor in name(),
        day in 1u8..=31, month in 1u8..=14,
    ) {
        let text = sample("clinic.yaml")
            .replace("name: みなとクリニック", &format!("name: {}", quoted(&facility)))
            .replace("name: 三浦 花江", &format!("name: {}", quoted(&founder)))
            .replace("address: 東京都千代田区霞が関9-8-7", &format!("address: {}", quoted(&format!("東京都{address}"))))
            .replace("vendor: 霞ヶ浦システム", &format!("vendor: {}", quoted(&vendor)))
            .replace("work_start: 2024-03-01", &format!("work_start: 2023-{month:02}-{day:02}"));
        let forms = Forms::built_in();
        let record = onshi::record::read("r", text.as_bytes());
        // Some characters cannot stand in YAML at all.
        let Ok(record) = record else { return Ok(()) };
        let filling = onshi::fill(&record, forms, &[], TODAY);
        if filling.report().errors() > 0 {
            return Ok(());
        }
        for filled in filling.draft() {
            let bytes = pdf(filled.sheets(), &PdfOptions::default()).unwrap();
            let page = bare(&text_of(&bytes));
            for run in runs(&filled.sheets()[0]).into_iter().filter(|run| run.value) {
                prop_assert!(page.contains(&bare(run.text())), "{:?} is not on {}", run.text(), filled.form());
                prop_assert!(run.x >= 0.0 && run.x + run.width <= filled.sheets()[0].width);
            }
        }
        // Every character of the name is on the plan, in order, however its lines are broken.
        let plan = filling.draft().iter().find(|s| s.form() == "introduction-plan").unwrap();
        let printed: String = runs(&plan.sheets()[0]).into_iter().filter(|r| r.value).map(|r| r.text()).collect();
        prop_assert!(squeezed(&printed).contains(&squeezed(&facility)));
    }

    #[test]
    fn a_shorter_text_is_never_set_smaller(text in name()) {
        let forms = Forms::built_in();
        let form = forms.find("別紙2").unwrap();
        let size = |text: &str| {
            let mut values = Values::default();
            let value = Value { text: text.to_owned(), data: Data::Text, place: None };
            values.insert("facility.name", value);
            let (sheets, report) = fill(form, Mode::Filled(&values), forms);
    let sheet = &sheets[0];
            let sizes = runs(sheet).into_iter().filter(|r| r.value).map(|r| r.size);
            (report.errors() == 0).then(|| sizes.fold(f32::MAX, f32::min))
        };
        let mut last = f32::MAX;
        for end in text.char_indices().map(|(i, _)| i).chain([text.len()]).skip(1) {
            // A longer text may be refused, but never printed larger than a shorter one, unless that
            // is nearly as large as it can be on its one line and this one is on two.
            let Some(size) = size(&text[..end]) else { break };
            prop_assert!(size <= last || last >= 0.9 * 11.5, "{:?}: {size} after {last}", &text[..end]);
            last = size;
        }
    }
}
