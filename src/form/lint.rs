//! Whether a form definition is sound: its fields exist, its rules compile, its cells fit their grid.

use std::collections::HashSet;

use serde_saphyr::Spanned;

use super::model::{Block, Cell, Form, Rule, Show, Table, TextBlock};
use super::{Dictionary, Kind};
use crate::calendar::parse_date;
use crate::expr::{Expression, FUNCTIONS, VARIABLES, template_parts};
use crate::key::FieldPath;
use crate::report::{Diagnostic, Place, Report, Text, suggest};
use crate::yaml::place;

impl Form {
    /// Every fault of the definition, `source` being the text it was read from.
    /// What can only be seen on the page (overlaps, text that does not fit) is found by
    /// [`crate::layout::lint`].
    pub fn lint(&self, dictionary: &Dictionary, source: &str) -> Report {
        let mut lint = Lint { form: self, dictionary, source, report: Report::default() };
        lint.run();
        lint.report.sort();
        lint.report
    }
}

struct Lint<'a> {
    form: &'a Form,
    dictionary: &'a Dictionary,
    source: &'a str,
    report: Report,
}

impl Lint<'_> {
    fn run(&mut self) {
        let form = self.form;
        let id_ok = !form.id.is_empty()
            && form.id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        if !id_ok {
            self.fault(
                None,
                format!("id「{}」は英小文字・数字・ハイフンで書きます", form.id),
                format!("the id `{}` must be lower-case letters, digits and hyphens", form.id),
            );
        }
        for date in [&form.effective_from, &form.source.issued] {
            if let Err(fault) = parse_date(date) {
                let message = fault.message();
                self.fault(None, message.ja, message.en);
            }
        }
        let text = &form.text;
        let sizes = [text.size, text.value_size, text.smallest, text.leading];
        let page = [form.page.width, form.page.height];
        if !sizes.into_iter().chain(page).all(is_length) || !form.page.margin.is_finite() {
            self.fault(
                None,
                "page と text には正の数を書きます".into(),
                "page and text take positive numbers".into(),
            );
        }
        self.key(&form.section, &[Kind::Section]);
        if let Some(each) = &form.each {
            self.key(each, &[Kind::Choice]);
        }
        for block in &form.body {
            match &block.value {
                Block::Table(table) => self.table(table, block),
                Block::Title(text) | Block::Heading(text) | Block::Text(text) => {
                    if !has_lengths(text) {
                        self.lengths(block);
                    }
                }
                Block::Rule(rule) => {
                    if !rule.width.is_none_or(is_length) {
                        self.lengths(block);
                    }
                }
            }
        }
        let mut ids = HashSet::new();
        for rule in &form.rules {
            if !ids.insert(&rule.value.id) {
                let id = &rule.value.id;
                self.at(
                    rule,
                    format!("規則 {id} が二度あります"),
                    format!("the rule {id} is defined twice"),
                );
            }
            self.rule(rule);
        }
        if let Some(skip) = &form.skip {
            self.expression(&skip.when, None, false);
            self.template(&skip.message, None, false);
            self.template(&skip.hint, None, false);
        }
        self.example(&form.example.record, "");
        for callout in form.example.callouts.iter().filter(|callout| !has_lengths(callout)) {
            let text = &callout.text;
            self.fault(
                None,
                format!("吹き出し「{text}」の寸法と大きさには正の数を書きます"),
                format!("sizes and lengths of the callout `{text}` are positive numbers"),
            );
        }
    }

    fn table(&mut self, table: &Table, block: &Spanned<Block>) {
        if table.columns.is_empty() || !table.columns.iter().copied().all(is_length) {
            self.at(
                block,
                "columns には正の幅（mm）を書きます".into(),
                "columns takes positive widths in mm".into(),
            );
            return;
        }
        let columns = table.columns.len();
        let mut free = vec![vec![true; columns]; table.rows.len()];
        for (r, row) in table.rows.iter().enumerate() {
            if !is_length(row.value.height) {
                self.at(
                    row,
                    "height は正の高さ（mm）です".into(),
                    "height must be positive (mm)".into(),
                );
            }
            let mut c = 0;
            for cell in &row.value.cells {
                while c < columns && !free[r][c] {
                    c += 1;
                }
                let (rows, wide) = (cell.value.rows.unwrap_or(1), cell.value.columns.unwrap_or(1));
                let (rows, wide) = (rows as usize, wide as usize);
                let inside = r + rows <= table.rows.len() && c + wide <= columns;
                if rows == 0
                    || wide == 0
                    || !inside
                    || free[r..r + rows].iter().any(|l| l[c..c + wide].contains(&false))
                {
                    self.at(
                        cell,
                        format!("セルが表からはみ出すか重なっています（{columns} 列の表の {} 列目から {wide} 列）", c + 1),
                        format!("the cell leaves the table of {columns} columns or overlaps another (column {}, {wide} wide)", c + 1),
                    );
                    return;
                }
                for line in &mut free[r..r + rows] {
                    line[c..c + wide].fill(false);
                }
                let width = table.columns[c..c + wide].iter().sum();
                self.cell(cell, width);
            }
            if let Some(c) = free[r].iter().position(|free| *free) {
                self.at(
                    row,
                    format!("この行の {} 列目のセルがありません", c + 1),
                    format!("the row has no cell in column {}", c + 1),
                );
            }
        }
    }

    /// `width` is the cell's, in mm.
    fn cell(&mut self, cell: &Spanned<Cell>, width: f32) {
        let content = &cell.value;
        let given = [content.size, content.value_size, content.smallest, content.r#box];
        if !given.into_iter().flatten().all(is_length) || !content.pad.is_none_or(f32::is_finite) {
            self.lengths(cell);
        }
        if let Some(when) = &content.when {
            self.key(when, &[]);
        }
        if let Some(fill) = &content.fill
            && crate::sheet::Color::parse(fill).is_none()
        {
            self.at(
                cell,
                format!("fill「{fill}」は #rrggbb の形で書きます"),
                format!("fill `{fill}` must look like #rrggbb"),
            );
        }
        let Some(field) = &content.field else {
            if content.show.is_some() || content.optional || content.is.is_some() {
                self.at(
                    cell,
                    "show・is・optional は field のあるセルに書きます".into(),
                    "show, is and optional belong to a cell with a field".into(),
                );
            }
            return;
        };
        let Some(kind) = self.key(field, &[]) else { return };
        if !kind.ways().is_shown(content) {
            self.at(
                cell,
                format!(
                    "{} は{}なので、この show では表せません（circle には text、tick には is、digits には boxes が要ります）",
                    field.value,
                    kind.label().ja
                ),
                format!(
                    "{} is a {} and cannot be shown so (circle needs text, tick needs is, digits needs boxes)",
                    field.value,
                    kind.label().en
                ),
            );
        }
        if content.show == Some(Show::Digits) {
            self.boxes(cell, width);
        }
        // The words that the field's choice allows must be the ones the form prints.
        let key = FieldPath::parse(&field.value).map(|p| p.key()).unwrap_or_default();
        let Some(definition) = self.dictionary.get(&key) else { return };
        let missing = match (content.show, &content.text, &content.is) {
            (Some(Show::Circle), Some(text), _) => {
                definition.choices.iter().find(|c| !text.contains(&c.value)).map(|c| &c.value)
            }
            (Some(Show::Tick), _, Some(is)) => {
                (!definition.choices.iter().any(|c| &c.value == is)).then_some(is)
            }
            _ => None,
        };
        if let Some(word) = missing {
            self.at(
                cell,
                format!("「{word}」が {key} の選択肢と text・is とで合いません"),
                format!("`{word}` does not match between the choices of {key} and text or is"),
            );
        }
    }

    /// A digit without a box would be lost, and a box outside its cell unseen.
    fn boxes(&mut self, cell: &Spanned<Cell>, width: f32) {
        let content = &cell.value;
        let key = content.field.as_ref().and_then(|f| FieldPath::parse(&f.value)).map(|p| p.key());
        let field = key.and_then(|key| self.dictionary.get(&key));
        let digits = field.and_then(|field| field.length.iter().max()).copied().unwrap_or(0);
        let boxes = content.boxes.unwrap_or(0);
        let needed = content.r#box.unwrap_or(0.0) * boxes as f32;
        if boxes != digits || needed > width + 0.01 {
            self.at(
                cell,
                format!("boxes は桁数の {digits} で、セルの幅 {width} mm に収まるようにします（今は {boxes} 個、{needed} mm）"),
                format!("boxes must be the {digits} digits and fit the cell of {width} mm ({boxes} boxes, {needed} mm)"),
            );
        }
    }

    fn lengths<T>(&mut self, spanned: &Spanned<T>) {
        self.at(
            spanned,
            "寸法と大きさには正の数を書きます".into(),
            "sizes and lengths are positive numbers".into(),
        );
    }

    fn rule(&mut self, rule: &Spanned<Rule>) {
        let content = &rule.value;
        let item = content.each.is_some();
        if let Some(each) = &content.each {
            self.key(each, &[Kind::List]);
        }
        for expression in [&content.when, &content.check].into_iter().flatten() {
            self.expression(&expression.value, place(expression, self.source), item);
        }
        let subject = content.at.as_ref().or(content.require.as_ref());
        for key in [&content.at, &content.require].into_iter().flatten() {
            let resolved = content.key(&key.value, None);
            // Selectors are for cells; a rule names a field, or an item's through `each`.
            if self.dictionary.get(&resolved).is_none() || resolved.contains('[') {
                self.unknown(&resolved, place(key, self.source));
            }
        }
        if content.check.is_some() == content.require.is_some() || subject.is_none() {
            self.at(
                rule,
                "規則には check と at、または require のどちらか一方を書きます".into(),
                "a rule takes either check and at, or require".into(),
            );
        }
        let at = place(rule, self.source);
        self.template(&content.message, at.clone(), item);
        self.template(&content.hint, at, item);
    }

    fn template(&mut self, text: &Text, at: Option<Place>, item: bool) {
        for text in [&text.ja, &text.en] {
            for (_, source) in template_parts(text) {
                if let Some(source) = source {
                    self.expression(&Expression::new(source), at.clone(), item);
                }
            }
        }
    }

    fn expression(&mut self, expression: &Expression, at: Option<Place>, item: bool) {
        if let Err(error) = expression.program() {
            let source = expression.source();
            let message = Text::new(
                format!("式 {source} を読めません: {error}"),
                format!("the expression {source} cannot be read: {error}"),
            );
            self.report.push(Diagnostic::error("definition", message).at(at));
            return;
        }
        for key in expression.keys() {
            let known = self.dictionary.get(key).is_some()
                || VARIABLES.contains(&key.as_str())
                || (item && (*key == "item" || key.starts_with("item.")));
            if !known {
                self.unknown(key, at.clone());
            }
        }
        for function in expression.functions() {
            let own = function.starts_with(|c: char| c.is_ascii_lowercase());
            if own && !FUNCTIONS.contains(&function.as_str()) {
                let message = Text::new(
                    format!("関数 {function} はありません"),
                    format!("there is no function {function}"),
                );
                let hint = suggest(function, FUNCTIONS.iter().copied());
                let mut fault = Diagnostic::error("definition", message).at(at.clone());
                fault.hint = hint;
                self.report.push(fault);
            }
        }
    }

    fn example(&mut self, value: &serde_json::Value, key: &str) {
        match value {
            serde_json::Value::Object(map) => {
                for (name, value) in map {
                    let key = if key.is_empty() { name.clone() } else { format!("{key}.{name}") };
                    if self.dictionary.get(&key).is_none() {
                        self.unknown(&key, None);
                    }
                    self.example(value, &key);
                }
            }
            serde_json::Value::Array(items) => items.iter().for_each(|i| self.example(i, key)),
            _ => {}
        }
    }

    /// The kind of the field a path names; a fault when there is none or it is of another kind.
    fn key(&mut self, path: &Spanned<String>, kinds: &[Kind]) -> Option<Kind> {
        let at = place(path, self.source);
        let parsed = FieldPath::parse(&path.value);
        let key = parsed.as_ref().map_or_else(|| path.value.clone(), FieldPath::key);
        let list_ok = parsed.is_some_and(|p| match &p.selector {
            Some(s) => {
                let list = self.dictionary.get(&p.base).is_some_and(|f| f.kind == Kind::List);
                let name = s
                    .name
                    .as_ref()
                    .is_none_or(|n| self.dictionary.get(&format!("{}.{n}", p.base)).is_some());
                list && name
            }
            None => true,
        });
        let Some(kind) = self.dictionary.get(&key).map(|f| f.kind).filter(|_| list_ok) else {
            self.unknown(&path.value, at);
            return None;
        };
        if !kinds.is_empty() && !kinds.contains(&kind) {
            let wanted = kinds[0].label();
            let message = Text::new(
                format!("{key} は{}でなければなりません（今は{}）", wanted.ja, kind.label().ja),
                format!("{key} must be a {}, not a {}", wanted.en, kind.label().en),
            );
            self.report.push(Diagnostic::error("definition", message).at(at));
        }
        Some(kind)
    }

    fn unknown(&mut self, key: &str, at: Option<Place>) {
        let message = Text::new(
            format!("項目 {key} は辞書（dictionary.yaml）にありません"),
            format!("the dictionary has no field {key}"),
        );
        let mut fault = Diagnostic::error("definition", message).at(at);
        fault.hint = suggest(key, self.dictionary.fields().iter().map(|f| f.key.as_str()));
        self.report.push(fault);
    }

    fn at<T>(&mut self, spanned: &Spanned<T>, ja: String, en: String) {
        self.fault(place(spanned, self.source), ja, en);
    }

    fn fault(&mut self, at: Option<Place>, ja: String, en: String) {
        self.report.push(Diagnostic::error("definition", Text::new(ja, en)).at(at));
    }
}

fn has_lengths(text: &TextBlock) -> bool {
    let given = [text.size, text.width, text.height];
    given.into_iter().flatten().all(is_length) && text.hang.is_finite()
}

/// A size or length a page can have, in mm or pt.
fn is_length(value: f32) -> bool {
    value > 0.0 && value < 5_000.0
}
