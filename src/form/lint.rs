//! Whether a form definition is sound: its fields exist, its rules can be read, its cells fit their grid.

mod fields;
mod looks;

use std::collections::HashSet;

use super::cell::{Cell, Show};
use super::model::{Block, Continues, Form, FormPage, Table, TextBlock};
use super::rule::Rule;
use super::{Dictionary, Field, Kind};
use crate::calendar::parse_date;
use crate::expr::{Expression, FUNCTIONS, VARIABLES, template_parts};
use crate::key::{FieldPath, Item};
use crate::report::{Diagnostic, Place, Report, Text, suggest};
use crate::yaml::{Spanned, place};

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

impl<'a> Lint<'a> {
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
        let sizes = &form.sizes;
        let sizes = [sizes.text, sizes.value, sizes.smallest, sizes.leading];
        let page = [form.page.width, form.page.height];
        if !sizes.into_iter().chain(page).all(is_length) || !form.page.margin.is_finite() {
            self.fault(
                None,
                "page と sizes には正の数を書きます".into(),
                "page and sizes take positive numbers".into(),
            );
        }
        for field in &form.fields {
            if let Some(fault) = field.value.example_fault() {
                self.at(field, fault.ja, fault.en);
            }
        }
        self.key(&form.section, Kind::Section);
        if let Some(each) = &form.each {
            self.key(each, Kind::Choice);
        }
        for page in form.pages_as_written() {
            if let Some(on) = &page.continues {
                self.continuation(page, on);
            }
        }
        self.boxes_on_paper();
        for block in form.pages_as_written().flat_map(|page| &page.body) {
            match &block.value {
                Block::Table(table) | Block::Grid(table) => self.table(table, block),
                Block::Title(text) | Block::Heading(text) | Block::Paragraph(text) => {
                    if !has_lengths(text) {
                        self.lengths(block);
                    }
                    self.text_looks(text, block);
                }
                Block::Line(line) => {
                    if ![line.width, line.size].into_iter().flatten().all(is_length) {
                        self.lengths(block);
                    }
                }
                // Pages have been told apart.
                Block::Page(_) => {}
            }
        }
        self.ticks();
        self.unprinted();
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
            self.expression(&skip.when, None, None);
            self.template(&skip.message, None, None);
            self.template(&skip.hint, None, None);
        }
        self.example(&form.sample.record.0, "");
        for callout in form.sample.callouts.iter().filter(|callout| !has_lengths(callout)) {
            let text = &callout.text;
            self.fault(
                None,
                format!("吹き出し「{text}」の寸法と大きさには正の数を書きます"),
                format!("sizes and lengths of the callout `{text}` are positive numbers"),
            );
        }
    }

    /// A page by itself must say which form it belongs to.
    fn continuation(&mut self, page: &FormPage, continues: &Continues) {
        self.key(&continues.list, Kind::List);
        let title = &self.form.title.ja;
        let texts = page.body.iter().filter_map(|block| match &block.value {
            Block::Title(text) | Block::Heading(text) | Block::Paragraph(text) => Some(&text.text),
            Block::Table(_) | Block::Grid(_) | Block::Line(_) | Block::Page(_) => None,
        });
        let cells = page.cells().filter_map(|cell| cell.value.text.as_ref());
        if !texts.chain(cells).any(|text| text.contains(title)) {
            self.at(
                &continues.list,
                "続きのページに様式の名前がありません。{title} を印字する文を書いてください".into(),
                "the continuation page does not say which form it belongs to: print {title} on it"
                    .into(),
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
        let right = table.x.unwrap_or(self.form.page.margin) + table.columns.iter().sum::<f32>();
        let most = self.form.page.width - self.form.page.margin;
        if right > most + 0.01 {
            let message = Text::new(
                format!("表の右端（{right:.1} mm）が右の余白（{most:.1} mm から）に出ています"),
                format!(
                    "the table ends at {right:.1} mm, in the right margin, which begins at {most:.1} mm"
                ),
            );
            let found = Diagnostic::warning("definition", message).at(place(block, self.source));
            self.report.push(found);
        }
        let columns = table.columns.len();
        let mut free = vec![vec![true; columns]; table.rows.len()];
        for (r, row) in table.rows.iter().enumerate() {
            if !is_length(row.value.height()) {
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
                let (rows, wide) = (cell.value.down() as usize, cell.value.across() as usize);
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
                // What is repeated is looked at once.
                if !row.value.is_again {
                    let width = table.columns[c..c + wide].iter().sum();
                    self.cell(cell, width);
                }
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

    /// The boxes on the pages of a paper, and what belongs to them alone.
    fn boxes_on_paper(&mut self) {
        let form = self.form;
        for cell in form.pages.iter().flat_map(|page| &page.boxes) {
            let content = &cell.value;
            let [_, _, width, height] = content.at.unwrap_or_default();
            if !(is_length(width) && is_length(height)) {
                self.lengths(cell);
            }
            let is_of_table = content.edges.is_some()
                || content.across.is_some()
                || content.down.is_some()
                || content.header.is_some();
            if is_of_table || content.background.is_some() {
                self.at(
                    cell,
                    "用紙の枠に edges・across・down・header・background は書けません。線と地は用紙のものです".into(),
                    "a box on a paper has no edges, across, down, header and background: the paper has them".into(),
                );
            }
            if content.text.is_some() && matches!(content.show, Some(Show::Circle)) {
                self.at(
                    cell,
                    "用紙の語を丸で囲むには、text ではなく is に値を書きます".into(),
                    "for a circle round a word of the paper write the value in is, not a text"
                        .into(),
                );
            }
            self.cell(cell, width);
        }
        if form.paper.is_some() {
            return;
        }
        for cell in form.cells() {
            let content = &cell.value;
            let is_of_paper = content.at.is_some()
                || content.page.is_some()
                || content.repeat.is_some()
                || content.times.is_some()
                || content.from.is_some()
                || content.step.is_some()
                || content.pdf_field.is_some()
                || content.pdf_state.is_some();
            if is_of_paper || content.show == Some(Show::Circle) && content.text.is_none() {
                self.at(
                    cell,
                    "at・page・repeat・times・from・step・pdf_field・pdf_state と、text のない circle は、paper のある様式の boxes に書きます".into(),
                    "at, page, repeat, times, from, step, pdf_field, pdf_state and a circle without text belong to boxes on a paper".into(),
                );
            }
        }
    }

    /// `width` is the cell's, in mm.
    fn cell(&mut self, cell: &Spanned<Cell>, width: f32) {
        let content = &cell.value;
        let given = [content.size, content.value_size, content.smallest, content.box_width];
        if !given.into_iter().flatten().all(is_length) || !content.pad.is_none_or(f32::is_finite) {
            self.lengths(cell);
        }
        self.looks(cell);
        self.box_alone(cell);
        let Some(field) = &content.field else {
            let lost = content.show.is_some() || content.is.is_some() || content.when.is_some();
            if lost || content.is_optional() {
                self.at(
                    cell,
                    "show・is・when・optional は field のあるセルに書きます。記録によって変わる文は、text に式 {…} で書きます".into(),
                    "show, is, when and optional belong to a cell with a field; a text that depends on the record has {…} in it".into(),
                );
            }
            return;
        };
        let Some(definition) = self.field(field) else { return };
        let kind = definition.kind;
        if !kind.ways().is_shown(content) {
            self.shown_otherwise(cell, definition);
        }
        let is_in_list =
            self.dictionary.get(definition.parent()).is_some_and(|list| list.kind == Kind::List);
        if is_in_list && field.value.selector.is_none() {
            let (key, name) = (&definition.key, definition.name());
            self.at(
                cell,
                format!("{key} は一覧の項目です。repeat で繰り返す行に field: item.{name} と書くか、何番目かを書いてください"),
                format!("{key} is in a list: write field: item.{name} in rows that repeat it, or which item is meant"),
            );
        }
        if content.show == Some(Show::Digits) {
            self.boxes(cell, definition, width);
        }
        // The words that the field's choice allows must be the ones the form prints.
        let key = &definition.key;
        let missing = match (content.show, &content.text, &content.is) {
            (Some(Show::Circle), Some(text), _) if content.part.is_none() => {
                definition.choices.iter().find(|c| !text.contains(&c.value)).map(|c| &c.value)
            }
            (Some(Show::Tick | Show::Circle), _, Some(is)) if definition.kind == Kind::Choice => {
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
    fn boxes(&mut self, cell: &Spanned<Cell>, field: &Field, width: f32) {
        let content = &cell.value;
        let boxes = content.boxes(Some(field));
        let needed = content.box_width.unwrap_or(0.0) * boxes as f32;
        if needed > width + 0.01 {
            self.at(
                cell,
                format!(
                    "桁数の {boxes} 個の枠がセルの幅 {width} mm に収まりません（今は {needed} mm）"
                ),
                format!("{boxes} boxes must fit the cell of {width} mm ({needed} mm)"),
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
        let item = content.each.as_ref().map(|each| each.value.as_str());
        if let Some(each) = &content.each {
            self.key(each, Kind::List);
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
        let has_condition = content.check.is_some() || content.when.is_some();
        let is_whole = match content.require {
            Some(_) => content.check.is_none(),
            None => has_condition && subject.is_some(),
        };
        if !is_whole {
            self.at(
                rule,
                "規則には require か、at と check または when を書きます".into(),
                "a rule takes require, or at with check or when".into(),
            );
        }
        let at = place(rule, self.source);
        self.template(&content.message, at.clone(), item);
        self.template(&content.hint, at, item);
    }

    fn template(&mut self, text: &Text, at: Option<Place>, item: Option<&str>) {
        for text in [&text.ja, &text.en] {
            for (_, source) in template_parts(text) {
                if let Some(source) = source {
                    self.expression(&Expression::new(source), at.clone(), item);
                }
            }
        }
    }

    fn expression(&mut self, expression: &Expression, at: Option<Place>, item: Option<&str>) {
        if let Err(error) = expression.parsed() {
            let source = expression.source();
            let message = Text::quoting(
                format!("式 {source} を読めません"),
                format!("the expression {source} cannot be read"),
                error,
            );
            self.report.push(Diagnostic::error("definition", message).at(at));
            return;
        }
        for key in expression.keys() {
            let full = match (key.strip_prefix("item."), item) {
                (Some(rest), Some(list)) => format!("{list}.{rest}"),
                _ => key.clone(),
            };
            let known = self.dictionary.get(&full).is_some()
                || VARIABLES.contains(&key.as_str())
                || (item.is_some() && key == "item");
            if !known {
                self.unknown(&full, at.clone());
            }
        }
        self.compared(expression, at.as_ref(), item);
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

    /// The field of a cell's path; a fault when there is none.
    fn field(&mut self, path: &Spanned<FieldPath>) -> Option<&'a Field> {
        let FieldPath { base, selector, .. } = &path.value;
        let is_sound = selector.as_ref().is_none_or(|selector| {
            let is_list = self.dictionary.get(base).is_some_and(|f| f.kind == Kind::List);
            let known = match &selector.item {
                Item::Index(_) => true,
                Item::With { name, .. } => self.dictionary.get(&format!("{base}.{name}")).is_some(),
            };
            is_list && known
        });
        let field = self.dictionary.get(path.value.key()).filter(|_| is_sound);
        if field.is_none() {
            self.unknown(&path.value.to_string(), place(path, self.source));
        }
        field
    }

    /// A fault unless the key is that of a field of one of these kinds.
    fn key(&mut self, key: &Spanned<String>, wanted: Kind) {
        let at = place(key, self.source);
        let key = &key.value;
        let Some(kind) = self.dictionary.get(key).map(|f| f.kind) else {
            return self.unknown(key, at);
        };
        if kind != wanted {
            let wanted = wanted.label();
            let message = Text::new(
                format!("{key} は{}でなければなりません（今は{}）", wanted.ja, kind.label().ja),
                format!("{key} must be a {}, not a {}", wanted.en, kind.label().en),
            );
            self.report.push(Diagnostic::error("definition", message).at(at));
        }
    }

    fn unknown(&mut self, key: &str, at: Option<Place>) {
        let message = Text::new(
            format!("項目 {key} は、様式の fields: にも shared.yaml にもありません"),
            format!("neither the fields: of the form nor shared.yaml has a field {key}"),
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
