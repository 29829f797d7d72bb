use std::fmt::Write as _;

use insta::assert_snapshot;

use super::*;
use crate::layout::{Template, lint};
use crate::sheet::{Area, Line, Mark, Run, TextLine};
use crate::{record, values};

/// Every kind of block and cell, on a page and in sizes that are not the defaults.
const FORM: &str = include_str!("tests/form.yaml");
const RECORD: &str = include_str!("tests/record.yaml");

fn form(text: &str) -> Form {
    Forms::parse_form("form.yaml", text).unwrap()
}

/// The values of the record, a part of its text replaced.
fn values(from: &str, to: &str) -> Values {
    let record = changed(RECORD, from, to);
    let record = record::read("record.yaml", record.as_bytes()).unwrap();
    let (values, report) = values::values(&record, Forms::built_in());
    assert_eq!(report.errors(), 0, "{report}");
    values
}

/// The form filled with the record, a part of its text replaced.
fn filled(from: &str, to: &str) -> (Sheet, Report) {
    fill_form(FORM, from, to)
}

/// The same with another form.
fn fill_form(definition: &str, from: &str, to: &str) -> (Sheet, Report) {
    let form = form(definition);
    let (mut sheets, report) = fill(&form, Mode::Filled(&values(from, to)), Forms::built_in());
    assert_eq!(sheets.len(), 1);
    (sheets.remove(0), report)
}

fn changed(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "there is no {from}");
    text.replacen(from, to, 1)
}

/// The lines of a field's cell.
fn lines_of<'a>(sheet: &'a Sheet, field: &str) -> &'a [TextLine] {
    let mut areas = sheet.areas().filter(|area| area.field.as_deref() == Some(field));
    &areas.next().unwrap().lines
}

/// Where everything stands, in mm and pt.
fn shown(sheet: &Sheet) -> String {
    let mut out = format!("{} × {}: {}\n", sheet.width, sheet.height, sheet.title);
    for block in &sheet.blocks {
        match block {
            Block::Text { role, area } => show_area(&mut out, &format!("{role:?}"), area),
            Block::Rule { line } => {
                let Line { x1, y1, x2, y2, stroke } = line;
                writeln!(out, "Rule {x1:.2},{y1:.2} to {x2:.2},{y2:.2} {stroke:?}").unwrap();
            }
            Block::Table { rows } => {
                for (i, row) in rows.iter().enumerate() {
                    row.iter().for_each(|cell| show_cell(&mut out, &format!("Row {i}"), cell));
                }
            }
            Block::Group(cells) => cells.iter().for_each(|cell| show_cell(&mut out, "Group", cell)),
        }
    }
    out
}

fn show_cell(out: &mut String, name: &str, cell: &Cell) {
    let header = cell.header.map_or(String::new(), |header| format!(" {header:?}"));
    let name = format!("{name} {}×{}{header}", cell.columns, cell.rows);
    cell.areas.iter().for_each(|area| show_area(out, &name, area));
}

fn show_area(out: &mut String, name: &str, area: &Area) {
    let Rect { x, y, w, h } = area.rect;
    let Edges { top, right, bottom, left } = area.edges;
    let edges = [top, right, bottom, left].map(|edge| format!("{edge:?}").remove(0));
    let edges: String = edges.iter().collect();
    let (align, valign) = (area.align, area.valign);
    write!(out, "{name} {x:.2},{y:.2} {w:.2}×{h:.2} {edges} {align:?} {valign:?}").unwrap();
    let fill = area.fill.map_or(String::new(), |color| format!(" {color:?}"));
    let field = area.field.as_ref().map_or(String::new(), |field| format!(" <{field}>"));
    writeln!(out, "{fill}{field}").unwrap();
    for line in &area.lines {
        for run in &line.runs {
            let Run { x, baseline, width, size, spread, .. } = run;
            let text = run.text();
            let what = if run.value { "value" } else { "label" };
            let (family, color) = (run.family, run.color);
            let spread = if *spread > 0.0 { format!(" +{spread:.3}") } else { String::new() };
            writeln!(
                out,
                "    {what} {x:.2},{baseline:.2} {width:.2} {size:.1}pt{spread} {family:?} {color:?} {text:?}"
            )
            .unwrap();
        }
        out.push_str("    /\n");
    }
    for mark in &area.marks {
        let Mark::Circle { rect: Rect { x, y, w, h }, color, word } = mark else {
            panic!("{mark:?}")
        };
        let word = area.word(word).unwrap();
        writeln!(out, "    circle {x:.2},{y:.2} {w:.2}×{h:.2} {color:?} {word}").unwrap();
    }
}

#[test]
fn the_form_is_sound() {
    let forms = Forms::built_in();
    let form = form(FORM);
    for report in [form.lint(forms.dictionary(), FORM), lint(&form, forms, FORM)] {
        assert_eq!(report.errors(), 0, "{report}");
    }
}

#[test]
fn everything_stands_where_it_did() {
    let (form, values) = (form(FORM), values("", ""));
    for (name, mode) in
        [("blank", Mode::Blank), ("filled", Mode::Filled(&values)), ("example", Mode::Example)]
    {
        let (sheets, report) = fill(&form, mode, Forms::built_in());
        assert_eq!(report.errors(), 0, "{report}");
        assert_snapshot!(name, shown(&sheets[0]));
    }
}

#[test]
fn a_template_fills_as_the_form_itself() {
    let (forms, form, values) = (Forms::built_in(), form(FORM), values("", ""));
    let template = Template::new(&form);
    assert_eq!(template.fill(&values, forms).0, fill(&form, Mode::Filled(&values), forms).0);
}

/// How a value of ever more characters is set: the largest length at each size and number of lines.
#[test]
fn longer_values_are_set_smaller_then_broken_then_refused() {
    let mut steps: Vec<(String, usize)> = Vec::new();
    for (field, written) in [
        ("facility.name", "髙﨑こどもクリニック"),
        ("founder.name", "資格 花子"),
        ("founder.address", "東京都葛飾区亀有三丁目二十五番地一号 亀有リリオ弐番館"),
    ] {
        for length in 1..=60 {
            let (sheet, report) = filled(written, &"町".repeat(length));
            let lines = lines_of(&sheet, field);
            let size = lines.iter().flat_map(|l| &l.runs).find(|run| run.value);
            let step = match report.diagnostics.first() {
                Some(fault) => {
                    format!("{field}: {} / {}", fault.message.en, fault.hint.as_ref().unwrap().en)
                }
                None => {
                    format!("{field}: {:.1} pt, {} line(s)", size.unwrap().size, lines.len())
                }
            };
            match steps.last_mut() {
                Some((last, most)) if *last == step => *most = length,
                _ => steps.push((step, length)),
            }
            if !report.diagnostics.is_empty() {
                break;
            }
        }
    }
    let steps: Vec<String> = steps.iter().map(|(step, most)| format!("{most:2} {step}")).collect();
    assert_snapshot!("steps", steps.join("\n"));
}

/// What lint says of one line of the form that is changed.
fn faults(from: &str, to: &str) -> Vec<String> {
    let text = changed(FORM, from, to);
    let report = lint(&form(&text), Forms::built_in(), &text);
    report.diagnostics.iter().map(|d| d.message.en.clone()).collect()
}

#[test]
fn what_does_not_fit_its_box_is_found_to_the_tenth_of_a_millimetre() {
    // 8 pt are 2.82 mm; two lines of it need 2 × 2.82 and 2 × 0.4 mm.
    assert!(faults("width: 60, height: 10", "width: 60, height: 6.5").is_empty());
    let text = "幅と高さのある枠の中の文は、行の間をつめて、枠におさめられます。";
    assert_eq!(
        faults("width: 60, height: 10", "width: 60, height: 6.4"),
        [format!(
            "`{text}` does not fit its box of 60.0 × 6.4 mm: widen it, or make the text smaller or shorter"
        )]
    );
    // One line of 15 pt is 5.29 mm.
    assert!(faults("y: 10, height: 8", "y: 10, height: 5.3").is_empty());
    assert_eq!(faults("y: 10, height: 8", "y: 10, height: 5.2").len(), 1);
    // Three characters of 9 pt are 9.53 mm, with 1.5 mm on both sides.
    assert!(faults("{text: 見出し,", "{text: 見出し, pad: 5.2,").is_empty());
    assert!(!faults("{text: 見出し,", "{text: 見出し, pad: 9,").is_empty());
    // At 12 pt there are three lines of 5.08 mm in the 17 mm, at 13 pt four of 5.50.
    assert!(
        faults("down: 2, header: row, valign: top,", "down: 2, header: row, size: 12,").is_empty()
    );
    assert!(
        !faults("down: 2, header: row, valign: top,", "down: 2, header: row, size: 13,").is_empty()
    );
}

#[test]
fn text_may_be_just_as_high_and_wide_as_its_cell() {
    let none: [&str; 0] = [];
    // Lines of running text that touch each other.
    assert_eq!(faults("leading: 1.6", "leading: 1"), none);
    // 17 pt are 5.997 mm, in a row of 6 mm.
    assert_eq!(faults("{text: 空欄}", "{text: 空欄, size: 17}"), none);
    let found = faults("{text: 空欄}", "{text: 空欄, size: 17.1}");
    assert!(found.len() == 1 && found[0].contains("`空欄` does not fit its box of"), "{found:?}");
    // 7 pt are 2.469 mm: one character in a cell of 20 mm.
    assert_eq!(faults("{text: 日, size: 7,", "{text: 日, size: 7, pad: 8.765,"), none);
    assert_eq!(faults("{text: 日, size: 7,", "{text: 日, size: 7, pad: 9,").len(), 1);
    // 22 pt are 7.76 mm, 23 pt 8.11 mm: what is printed round a value, in a row of 8 mm.
    assert_eq!(faults("before: \"名称 \"", "size: 22, before: \"名称 \""), none);
    assert!(!faults("before: \"名称 \"", "size: 23, before: \"名称 \"").is_empty());
    // Round this one nothing is.
    assert_eq!(faults("{field: facility.address,", "{field: facility.address, size: 30,"), none);
}

#[test]
fn boxes_of_digits_are_as_wide_and_high_as_a_digit() {
    let digits = "show: digits, box_width: 3.5";
    assert!(faults(digits, "show: digits, box_width: 1.8").is_empty());
    assert_eq!(faults(digits, "show: digits, box_width: 1.7").len(), 1);
    assert!(faults(digits, "show: digits, box_width: 3.6").is_empty());
    assert_eq!(faults(digits, "show: digits, box_width: 3.7").len(), 1);
    // 20 pt are 7.06 mm.
    assert_eq!(faults("code, show: digits}", "code, show: digits, value_size: 19}").len(), 0);
    assert_eq!(faults("code, show: digits}", "code, show: digits, value_size: 20}").len(), 1);
}

#[test]
fn a_value_over_two_lines_stands_between_what_is_printed_round_it() {
    let (sheet, report) = filled("髙﨑こどもクリニック", "髙﨑こどもクリニック付属第二訪問診療所");
    assert_eq!(report.errors(), 0, "{report}");
    let (sheet_of_more, report) = filled("髙﨑こどもクリニック", &"医".repeat(22));
    assert_eq!(report.errors(), 0, "{report}");
    let text = |line: &TextLine| line.runs.iter().map(|run| run.text()).collect::<String>();
    let texts = |sheet| lines_of(sheet, "facility.name").iter().map(text).collect::<Vec<_>>();
    assert_eq!(texts(&sheet), ["名称 髙﨑こどもクリニック", "付属第二訪問診療所 様"]);
    let half = "医".repeat(11);
    assert_eq!(texts(&sheet_of_more), [format!("名称 {half}"), format!("{half} 様")]);
}

#[test]
fn two_lines_need_their_height() {
    // Twice 7 pt, a fifth of it between, 0.4 mm at the border: 5.83 mm.
    let errors = |height: &str| {
        let row = "[{text: \"\"}, {field: founder.name_kana, across: 3}]";
        let text = changed(FORM, row, &format!("{{height: {height}, cells: {row}}}"));
        fill_form(&text, "シカク ハナコ", &"カ".repeat(30)).1.errors()
    };
    assert_eq!((errors("5.84"), errors("5.82")), (0, 1));
}

#[test]
fn a_date_is_not_broken_and_a_value_needs_room_for_a_character() {
    let narrow = "{field: designation.date, show: reiwa}\n            - {text: 横}";
    let narrow = changed(FORM, "{field: designation.date, show: reiwa, across: 2}", narrow);
    // High enough for two lines.
    let narrow = changed(
        &narrow,
        "- cells:\n            - {text: 日,",
        "- height: 12\n          cells:\n            - {text: 日,",
    );
    let (_, report) = fill_form(&narrow, "", "");
    let fault = &report.diagnostics[0];
    assert_eq!((fault.code.as_str(), fault.field.as_deref()), ("fit", Some("designation.date")));
    assert!(fault.place.is_some());

    let crowded = changed(FORM, "before: \"名称 \"", &format!("before: {}", "名".repeat(18)));
    let (_, report) = fill_form(&crowded, "髙﨑こどもクリニック", "医院");
    assert_eq!(report.errors(), 1, "{report}");
    // 2.27 mm are left for a character of 2.47.
    let before = format!("pad: 2.5, before: {}", "名".repeat(17));
    let crowded = changed(FORM, "before: \"名称 \"", &before);
    let (_, report) = fill_form(&crowded, "髙﨑こどもクリニック", "医");
    assert_eq!(report.errors(), 1, "{report}");
}

#[test]
fn cells_that_span_more_than_there_is_end_with_the_table() {
    let wide =
        changed(FORM, "{field: contact.phone,", "{field: contact.phone, down: 9, across: 9,");
    let sheet = &fill(&form(&wide), Mode::Blank, Forms::built_in()).0[0];
    assert!(shown(sheet).contains("Row 6 3×1 32.00,110.50 106.00×6.00"));
}
