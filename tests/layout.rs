//! What holds for every form definition that lint accepts: however it is filled, nothing overlaps, nothing
//! leaves its box or the page, and no text is lost.

use std::cell::Cell;

use crate::common::{TODAY, squeezed};
use onshi::form::{Form, Forms};
use onshi::layout::{Mode, fill, lint};
use onshi::sheet::{Area, Block, MM_PER_PT, Rect, Section, Sheet, sections};
use onshi::values;
use onshi::values::Values;
use onshi::{check, font, record};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

const CASES: u32 = 256;
/// Rounding, in mm.
const NEAR: f32 = 0.05;

/// What a form may print.
fn printed() -> impl Strategy<Value = String> {
    "[ぁ-ん一-鿋ァ-ヶ、。（）「」a-z0-9 ]{0,12}(\n[ぁ-ん一-鿋、。（）]{1,8})?"
}

fn maybe(size: std::ops::Range<f32>) -> impl Strategy<Value = Option<f32>> {
    proptest::option::weighted(0.2, size)
}

fn align() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just("left"), Just("center"), Just("right"), Just("justify")]
}

fn stroke() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just("none"), Just("dashed"), Just("thin"), Just("heavy")]
}

/// A field and how it may be shown.
fn field() -> impl Strategy<Value = Value> {
    let fields = vec![
        json!({"field": "facility.name"}),
        json!({"field": "facility.name", "before": "名称 ", "after": " 様"}),
        json!({"field": "founder.address", "optional": true}),
        json!({"field": "facility.code", "show": "digits"}),
        json!({"field": "facility.kind", "show": "circle", "text": "医科 ・ 歯科 ・ 薬局"}),
        json!({"field": "facility.kind"}),
        json!({"field": "introduction_plan.account", "show": "tick", "is": "済み"}),
        json!({"field": "designation.date", "show": "reiwa"}),
        json!({"field": "designation.date", "show": "western"}),
        json!({"field": "introduction_plan.reader.month", "after": "月", "optional": true}),
    ];
    proptest::sample::select(fields)
}

fn cell() -> impl Strategy<Value = Value> {
    let content =
        prop_oneof![printed().prop_map(|text| json!({"text": text})), field(), Just(json!({})),];
    let size = (maybe(5.0..16.0), maybe(6.0..14.0), maybe(0.0..4.0), maybe(2.0..6.0));
    (content, size, align(), 1u32..3, 1u32..3).prop_map(
        |(mut cell, (size, value_size, pad, width), align, rows, columns)| {
            let all = [
                ("size", json!(size)),
                ("value_size", json!(value_size)),
                ("pad", json!(pad)),
                ("box_width", json!(width.filter(|_| cell["show"] == "digits"))),
                ("align", json!(align)),
                ("down", json!(rows)),
                ("across", json!(columns)),
            ];
            for (name, value) in all.into_iter().filter(|(_, value)| !value.is_null()) {
                cell[name] = value;
            }
            cell
        },
    )
}

fn table() -> impl Strategy<Value = Value> {
    let columns = proptest::collection::vec(12.0f32..70.0, 1..4);
    let rows = proptest::collection::vec(6.0f32..20.0, 1..4);
    let cells = proptest::collection::vec(cell(), 9);
    let place = (maybe(5.0..60.0), maybe(5.0..200.0), 0.0f32..8.0, stroke(), stroke());
    let times = proptest::option::weighted(0.2, 1usize..4);
    (columns, rows, cells, place, any::<bool>(), times).prop_map(
        |(columns, heights, cells, (x, y, above, outer, inner), is_grid, times)| {
            let mut cells = cells.into_iter();
            let mut free = vec![vec![true; columns.len()]; heights.len()];
            let mut rows = Vec::new();
            for (r, height) in heights.iter().enumerate() {
                let mut row = Vec::new();
                while let Some(c) = free[r].iter().position(|free| *free) {
                    let mut cell = cells.next().unwrap_or_else(|| json!({}));
                    let span = |cell: &Value, name: &str| cell[name].as_u64().unwrap_or(1) as usize;
                    let right = free[r][c..].iter().take_while(|free| **free).count();
                    let wide = span(&cell, "across").min(right);
                    let down = span(&cell, "down").min(heights.len() - r);
                    free[r..r + down].iter_mut().for_each(|row| row[c..c + wide].fill(false));
                    (cell["down"], cell["across"]) = (json!(down), json!(wide));
                    row.push(cell);
                }
                rows.push(json!({"height": height, "cells": row}));
            }
            if let Some(times) = times {
                let repeat =
                    json!({"repeat": "card_reader.products", "times": times, "rows": rows});
                rows = vec![repeat];
            }
            let table = json!({
                "x": x, "y": y, "above": above, "outer": outer, "inner": inner,
                "columns": columns, "rows": rows,
            });
            json!({(if is_grid { "grid" } else { "table" }): table})
        },
    )
}

fn text() -> impl Strategy<Value = Value> {
    let place = (maybe(5.0..100.0), maybe(5.0..280.0), maybe(20.0..170.0), maybe(4.0..40.0));
    let look = (5.0f32..20.0, 0.0f32..3.0, stroke(), align());
    let kind = prop_oneof![Just("title"), Just("heading"), Just("paragraph")];
    (kind, "[ぁ-ん一-鿋、。（）\n]{1,120}", place, look, 0.0f32..10.0).prop_map(
        |(kind, text, (x, y, width, height), (size, hang, border, align), above)| {
            let block = json!({
                "text": text, "x": x, "y": y, "width": width, "height": height, "size": size,
                "hang": hang, "border": border, "align": align, "above": above,
            });
            json!({kind: block})
        },
    )
}

/// A definition, and a record to fill it with.
fn definition() -> impl Strategy<Value = (Value, Value)> {
    let rule = (stroke(), 0.0f32..20.0)
        .prop_map(|(s, above)| json!({"line": {"stroke": s, "above": above}}));
    let block = prop_oneof![3 => table(), 2 => text(), 1 => rule];
    let name = || "[一-鿋髙﨑𠮷][ァ-ヶ一-鿋髙﨑𠮷ー a-z0-9（）]{0,39}";
    // A block may begin a page.
    let block = (block, proptest::bool::weighted(0.2)).prop_map(|(mut block, is_first)| {
        let content = block.as_object_mut().and_then(|block| block.values_mut().next());
        if let Some(content) = content.filter(|_| is_first) {
            content["y"] = json!(15.0);
        }
        (block, is_first)
    });
    (proptest::collection::vec(block, 1..5), name(), name(), 5.0f32..9.0).prop_map(
        |(blocks, name, address, smallest)| {
            let mut body = Vec::new();
            for (block, is_first) in blocks {
                if is_first && !body.is_empty() {
                    body.push(json!({"page": null}));
                }
                body.push(block);
            }
            let form = json!({
                "id": "any", "title": {"ja": "様式", "en": "Form"}, "section": "introduction_plan",
                "source": {"document": "要領", "issued": "2024-01-01"}, "effective_from": "2024-01-01",
                "sizes": {"smallest": smallest}, "body": body,
                "sample": {"record": {"facility": {"name": "霞が関診療所"}}},
            });
            let record = json!({
                "facility": {"name": name, "kind": "歯科", "code": "2468016"},
                "founder": {"address": format!("東京都{address}")},
                "designation": {"date": "2024-12-28"},
                "introduction_plan": {"account": "済み", "reader": {"month": 12}},
            });
            (form, record)
        },
    )
}

fn inside(inner: &Rect, outer: &Rect) -> bool {
    inner.x > outer.x - NEAR
        && inner.y > outer.y - NEAR
        && inner.right() < outer.right() + NEAR
        && inner.bottom() < outer.bottom() + NEAR
}

fn is_apart(a: &Rect, b: &Rect) -> bool {
    a.right() < b.x + NEAR
        || b.right() < a.x + NEAR
        || a.bottom() < b.y + NEAR
        || b.bottom() < a.y + NEAR
}

/// What is wrong with a page.
fn faults(sheet: &Sheet) -> Vec<String> {
    let mut faults = Vec::new();
    let page = Rect { x: 0.0, y: 0.0, w: sheet.width, h: sheet.height };
    let areas: Vec<&Area> = sheet.areas().collect();
    for (i, area) in areas.iter().enumerate() {
        if !inside(&area.rect, &page) {
            faults.push(format!("{:?} leaves the page", area.rect));
        }
        if let Some(other) = areas[..i].iter().find(|other| !is_apart(&area.rect, &other.rect)) {
            faults.push(format!("{:?} overlaps {:?}", area.rect, other.rect));
        }
        for run in area.lines.iter().flat_map(|line| &line.runs) {
            let em = run.size * MM_PER_PT;
            let y = run.baseline - font::ascent_em() * em;
            let ink = Rect { x: run.x, y, w: run.width, h: em };
            if !inside(&ink, &area.rect) {
                faults.push(format!("{:?} at {ink:?} leaves its box {:?}", run.text(), area.rect));
            }
        }
    }
    faults
}

/// The characters of a page's values.
fn values_on(sheet: &Sheet) -> String {
    let runs = sheet.areas().flat_map(|a| &a.lines).flat_map(|line| &line.runs);
    runs.filter(|run| run.value).map(|run| run.text()).collect()
}

fn accepted(text: &str, forms: &Forms) -> Option<Form> {
    let form = Forms::parse_form("any.yaml", text).ok()?;
    let sound = form.lint(forms.dictionary(), text).errors() == 0;
    (sound && lint(&form, forms, text).errors() == 0).then_some(form)
}

#[test]
fn nothing_overlaps_or_leaves_its_box_whatever_lint_accepts() {
    let forms = Forms::built_in();
    let (accepted_so_far, filled_so_far) = (Cell::new(0), Cell::new(0));
    let config = Config { cases: CASES, failure_persistence: None, ..Config::default() };
    let outcome = TestRunner::new(config).run(&definition(), |(definition, record)| {
        let text = serde_json::to_string_pretty(&definition).unwrap();
        let Some(form) = accepted(&text, forms) else { return Ok(()) };
        accepted_so_far.set(accepted_so_far.get() + 1);
        for mode in [Mode::Blank, Mode::Example] {
            let (sheets, _) = fill(&form, mode, forms);
            prop_assert_eq!(sheets.iter().flat_map(faults).collect::<Vec<_>>(), [""; 0]);
        }
        let record = record::read("r.json", record.to_string().as_bytes()).unwrap();
        let (values, _): (Values, _) = values::values(&record, forms);
        let (sheets, report) = fill(&form, Mode::Filled(&values), forms);
        if report.errors() > 0 || check::check(&form, &values, forms, TODAY).errors() > 0 {
            return Ok(());
        }
        filled_so_far.set(filled_so_far.get() + 1);
        prop_assert_eq!(sheets.iter().flat_map(faults).collect::<Vec<_>>(), [""; 0]);
        let name = squeezed(&values.get("facility.name").unwrap().text);
        if text.contains("\"facility.name\"") {
            let printed: String = sheets.iter().map(values_on).collect();
            prop_assert!(squeezed(&printed).contains(&name), "{} is not whole", name);
        }
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
    // Definitions that lint refuses prove nothing.
    assert!(accepted_so_far.get() >= CASES / 10, "{} of {CASES} accepted", accepted_so_far.get());
    assert!(filled_so_far.get() >= CASES / 20, "{} of {CASES} filled", filled_so_far.get());
}

#[test]
fn a_printed_header_across_a_table_is_a_heading() {
    let forms = Forms::built_in();
    let (sheets, _) = fill(forms.find("別紙2").unwrap(), Mode::Blank, forms);
    let parts = |block: &Block| -> Option<Vec<bool>> {
        let Block::Table { rows } = block else { return None };
        let parts = sections(rows);
        // No row is lost or told twice.
        let count = |part: &Section<'_>| match part {
            Section::Heading(_) => 1,
            Section::Rows(rows) => rows.len(),
        };
        assert_eq!(parts.iter().map(count).sum::<usize>(), rows.len());
        Some(parts.iter().map(|part| matches!(part, Section::Heading(_))).collect())
    };
    let parts: Vec<Vec<bool>> = sheets[0].blocks.iter().filter_map(parts).collect();
    assert_eq!(parts, [vec![false], [true, false].repeat(4)]);
}
