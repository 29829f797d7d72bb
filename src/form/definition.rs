//! A form definition once it is read: styles applied, heights and borders that a row or table leaves to others
//! taken from there, pages told apart, rows repeated.

use std::collections::{BTreeMap, BTreeSet};

use super::cell::Cell;
use super::model::{
    Block, Continues, Form, FormPage, LONGEST_LIST, Repeat, Row, Rows, Table, TextBlock,
};
use super::words::{self, NUMBER, TITLE};
use crate::expr::Template;
use crate::key::FieldPath;
use crate::paper::MOST_PAGES;
use crate::report::{Diagnostic, Report, Text, suggest};
use crate::sheet::{Align, Stroke};
use crate::yaml::{Spanned, place};

impl Cell {
    /// The cell with what a style has where the cell has nothing.
    fn or(self, style: Cell) -> Cell {
        macro_rules! or {
            ($($key:ident),*) => { Cell { $($key: self.$key.or(style.$key)),* } };
        }
        or!(
            text, field, style, show, is, words, box_width, before, after, blank, optional, when,
            across, down, size, value_size, smallest, face, align, valign, pad, edges, background,
            header, part, color, underline, vertical, links, diagonal, seal, picture, code,
            template, item, at, page, repeat, times, from, step, pdf_field, pdf_state
        )
    }
}

impl Form {
    /// The form with its styles applied and its pages told apart, `source` being the text it was read
    /// from.
    ///
    /// # Errors
    /// Styles, keys, heights, rows and pages that cannot be used, all of them.
    pub(super) fn styled(mut self, source: &str) -> Result<Form, Report> {
        let styles = std::mem::take(&mut self.styles);
        let body = std::mem::take(&mut self.body);
        let mut builder = Builder {
            styles,
            source,
            title: &self.title.ja,
            printed: BTreeMap::new(),
            continued: BTreeSet::new(),
            patterns: BTreeMap::new(),
            report: Report::default(),
        };
        let boxes = std::mem::take(&mut self.boxes);
        self.pages = match &self.paper {
            Some(_) => builder.on_paper(body, boxes, &self.section),
            None => builder.in_blocks(body, boxes, &self.section),
        };
        self.sample.callouts.iter_mut().for_each(|text| builder.style_text(text));
        match builder.report.errors() {
            0 => Ok(self),
            _ => Err(builder.report),
        }
    }
}

/// The JSON Schema of a form definition, for editors, as JSON.
///
/// ```
/// let schema = onshi::form::definition_schema();
/// assert!(schema.contains(r##""$ref": "#/$defs/Sizes""##));
/// ```
pub fn definition_schema() -> String {
    let mut schema = schemars::schema_for!(Form).to_value();
    schema["title"] = "onshi form definition".into();
    format!("{schema:#}")
}

/// Where something is.
fn place_only<T>(spanned: &Spanned<T>) -> Spanned<()> {
    Spanned { value: (), referenced: spanned.referenced }
}

/// The head and the rows that a list had first.
#[derive(Clone, Debug)]
struct Pattern {
    head: Vec<Spanned<Row>>,
    rows: Vec<Spanned<Row>>,
}

/// The item that repeated rows are for.
struct Item<'a> {
    /// The item in the list, as a path has it: `loan.items[0]`.
    path: String,
    /// What its texts print for words in braces.
    texts: BTreeMap<&'a str, String>,
}

/// A form in the making.
struct Builder<'a> {
    styles: BTreeMap<String, Spanned<Cell>>,
    source: &'a str,
    title: &'a str,
    /// How many items of a list have rows so far.
    printed: BTreeMap<String, usize>,
    /// The lists that have gone on on a page of their own.
    continued: BTreeSet<String>,
    /// The head and the rows that a list had first.
    patterns: BTreeMap<String, Pattern>,
    report: Report,
}

impl Builder<'_> {
    /// The pages of a form that prints all of itself.
    fn in_blocks(
        &mut self,
        body: Vec<Spanned<Block>>,
        boxes: Vec<Spanned<Cell>>,
        form: &Spanned<String>,
    ) -> Vec<FormPage> {
        if let Some(first) = boxes.first() {
            let message = Text::new(
                "boxes は、paper のある様式に書きます。ほかの様式の欄は body の表に書きます",
                "boxes belong to a form with a paper; other forms have tables in their body",
            );
            self.fault(message, first);
        }
        if body.is_empty() {
            let message = Text::new(
                "印字するものがありません。body を書くか、役所の PDF を paper に書いてください",
                "nothing is printed: write a body, or name the office's PDF as paper",
            );
            self.fault(message, form);
        }
        self.pages(body)
    }

    /// The pages of a form on a paper, as far as they have boxes.
    fn on_paper(
        &mut self,
        body: Vec<Spanned<Block>>,
        boxes: Vec<Spanned<Cell>>,
        form: &Spanned<String>,
    ) -> Vec<FormPage> {
        if let Some(first) = body.first() {
            let message = Text::new(
                "paper のある様式に body は書けません。印字する場所は boxes に書きます",
                "a form with a paper has no body: write where it is printed on in boxes",
            );
            self.fault(message, first);
        }
        if boxes.is_empty() {
            let message = Text::new(
                "boxes がありません。値を印字する場所を書いてください（onshi draft が下書きを作ります）",
                "there are no boxes: write where values are printed (`onshi draft` proposes them)",
            );
            self.fault(message, form);
        }
        let mut pages: Vec<FormPage> = Vec::new();
        for cell in boxes {
            for cell in self.repeated(cell) {
                let page = cell.value.page.unwrap_or(1);
                if !(1..=MOST_PAGES).contains(&page) {
                    let message = Text::new(
                        format!("page は 1 から {MOST_PAGES} までです"),
                        format!("page is 1 to {MOST_PAGES}"),
                    );
                    self.fault(message, &cell);
                    continue;
                }
                if pages.len() < page {
                    pages.resize_with(page, FormPage::default);
                }
                pages[page - 1].boxes.push(cell);
            }
        }
        pages
    }

    /// A box, or one for each item of its list.
    fn repeated(&mut self, mut cell: Spanned<Cell>) -> Vec<Spanned<Cell>> {
        if let Some(style) = cell.value.style.as_ref().and_then(|style| self.style(style)) {
            cell.value = std::mem::take(&mut cell.value).or(style);
        }
        let at = place_only(&cell);
        let Cell { at: place, repeat, times, from, step, .. } = &cell.value;
        let (place, from) = (*place, from.unwrap_or(1));
        let Some([x, y, w, h]) = place else {
            let message = Text::new(
                "at がありません。枠の左・上・幅・高さ（mm）を [42, 61.5, 118, 8] のように書いてください",
                "the box has no at: write its left, top, width and height in mm, `[42, 61.5, 118, 8]`",
            );
            self.fault(message, &at);
            return Vec::new();
        };
        let (list, times, step) = match (repeat, times, step) {
            (None, None, None) if cell.value.from.is_none() => {
                self.cell(&mut cell, None);
                return vec![cell];
            }
            (Some(list), Some(times @ 1..=LONGEST_LIST), Some(step))
                if (1..=LONGEST_LIST).contains(&from) && from + times - 1 <= LONGEST_LIST =>
            {
                (list.value.clone(), *times, *step)
            }
            _ => {
                let message = Text::new(
                    format!(
                        "一覧の欄には repeat（一覧のキー）・times（1〜{LONGEST_LIST}）・step（次の欄までの mm）を書きます"
                    ),
                    format!(
                        "boxes for a list take repeat (its key), times (1 to {LONGEST_LIST}) and step (mm to the next)"
                    ),
                );
                self.fault(message, &at);
                return Vec::new();
            }
        };
        let item = |number: usize| Item {
            path: format!("{list}[{}]", number - 1),
            texts: BTreeMap::from([(NUMBER, number.to_string())]),
        };
        let each = |(row, number): (usize, usize)| {
            let mut cell = cell.clone();
            cell.value.at = Some([x, y + step * row as f32, w, h]);
            self.cell(&mut cell, Some(&item(number)));
            cell
        };
        (from..from + times).enumerate().map(each).collect()
    }

    /// The pages of a body.
    fn pages(&mut self, body: Vec<Spanned<Block>>) -> Vec<FormPage> {
        let mut pages = Vec::new();
        let mut continues: Option<Spanned<String>> = None;
        let mut blocks: Vec<Spanned<Block>> = Vec::new();
        for block in body {
            let Block::Page(next) = &block.value else {
                blocks.push(block);
                continue;
            };
            if blocks.is_empty() {
                self.empty_page(&block);
            }
            let next = next.as_ref().and_then(|next| next.continues.clone());
            self.page(continues, std::mem::take(&mut blocks), &mut pages);
            continues = next;
        }
        if let Some(list) = continues.as_ref().filter(|_| blocks.is_empty()) {
            self.empty_page(list);
        }
        self.page(continues, blocks, &mut pages);
        pages
    }

    fn empty_page<T>(&mut self, at: &Spanned<T>) {
        let message = Text::new(
            "ページに何もありません。page: はページの間に書きます",
            "the page has nothing on it: `page` stands between two pages",
        );
        self.fault(message, at);
    }

    /// Adds a page, that of a list as often as the longest list needs it.
    fn page(
        &mut self,
        continues: Option<Spanned<String>>,
        blocks: Vec<Spanned<Block>>,
        pages: &mut Vec<FormPage>,
    ) {
        let Some(list) = continues else {
            let body = self.blocks(blocks);
            return pages.push(FormPage { body, ..FormPage::default() });
        };
        let key = &list.value;
        let printed = |builder: &Self| builder.printed.get(key).copied().unwrap_or_default();
        for copy in 0.. {
            let from = printed(self);
            let before = self.printed.clone();
            let body = self.blocks(blocks.clone());
            if printed(self) == from {
                let message = Text::new(
                    format!(
                        "このページに {key} の行がありません。repeat: {key} の行を書いてください"
                    ),
                    format!("the page has no rows for {key}: give it rows with `repeat: {key}`"),
                );
                self.fault(message, &list);
            }
            let only = |(other, items): (&String, &usize)| {
                other == key || before.get(other) == Some(items)
            };
            if !self.printed.iter().all(only) {
                let message = Text::new(
                    format!("{key} の続きのページには、ほかの一覧の行を置けません"),
                    format!("a page that continues {key} has no rows of other lists"),
                );
                self.fault(message, &list);
            }
            let continues = Continues { list: list.clone(), from, copy };
            pages.push(FormPage { continues: Some(continues), body, ..FormPage::default() });
            // What is wrong with one copy is wrong with all.
            if self.report.errors() > 0 || printed(self) >= LONGEST_LIST {
                break;
            }
        }
        self.continued.insert(key.clone());
    }

    fn blocks(&mut self, mut blocks: Vec<Spanned<Block>>) -> Vec<Spanned<Block>> {
        for block in &mut blocks {
            let at = place_only(block);
            match &mut block.value {
                Block::Title(text) | Block::Heading(text) | Block::Paragraph(text) => {
                    self.style_text(text);
                    text.text = self.words(&text.text, None, &at);
                    text.sample = text.sample.as_ref().map(|text| self.words(text, None, &at));
                }
                Block::Table(table) => self.table(table, Stroke::Heavy, Stroke::Thin),
                Block::Grid(table) => self.table(table, Stroke::None, Stroke::None),
                Block::Line(_) | Block::Page(_) => {}
            }
        }
        blocks
    }

    fn style_text(&mut self, text: &mut TextBlock) {
        let Some(style) = text.style.as_ref().and_then(|style| self.style(style)) else { return };
        text.size = text.size.or(style.size);
        text.face = text.face.or(style.face);
        text.color = text.color.take().or(style.color);
        text.underline = text.underline.or(style.underline);
        text.links = text.links.take().or(style.links);
        text.align = text.align.or(style.align);
    }

    fn table(&mut self, table: &mut Table, outer: Stroke, inner: Stroke) {
        table.outer.get_or_insert(outer);
        table.inner.get_or_insert(inner);
        for rows in std::mem::take(&mut table.written) {
            let at = place_only(&rows);
            match rows.value {
                Rows::Row(value) => {
                    let row = Spanned { value, referenced: at.referenced };
                    table.rows.push(self.row(row, table.height, None, false));
                }
                Rows::Repeat(repeat) => table.rows.extend(self.repeat(repeat, table.height, &at)),
            }
        }
    }

    /// A row, of an item where it is one of repeated rows.
    fn row(
        &mut self,
        mut row: Spanned<Row>,
        height: Option<f32>,
        item: Option<&Item<'_>>,
        is_again: bool,
    ) -> Spanned<Row> {
        row.value.is_again = is_again;
        row.value.height = row.value.height.or(height);
        if row.value.height.is_none() {
            let message = Text::new(
                "行に height がありません。行か表に高さ（mm）を書いてください",
                "the row has no height: write it in mm for the row or for the table",
            );
            self.fault(message, &row);
        }
        row.value.cells.iter_mut().for_each(|cell| self.cell(cell, item));
        row
    }

    fn cell(&mut self, cell: &mut Spanned<Cell>, item: Option<&Item<'_>>) {
        if let Some(style) = cell.value.style.as_ref().and_then(|style| self.style(style)) {
            cell.value = std::mem::take(&mut cell.value).or(style);
        }
        let at = place_only(cell);
        let is_printed_alone = cell.value.field.is_none();
        let Cell { text, before, after, blank, field, .. } = &mut cell.value;
        if let Some(text) = text.as_mut().filter(|_| is_printed_alone) {
            // Braces that are no such word hold CEL.
            *text = self.known_words(text, item, &at);
        } else if let Some(text) = text {
            *text = self.words(text, item, &at);
        }
        for text in [before, after, blank].into_iter().flatten() {
            *text = self.words(text, item, &at);
        }
        if let Some(field) = field {
            self.path(field, item);
        }
        let content = &mut cell.value;
        content.item = item.and_then(|item| FieldPath::parse(&format!("{}.", item.path)));
        if is_printed_alone {
            // The words of the page are known when it is laid out.
            let text = content.text.as_deref().filter(|text| !words::is_of_page(text));
            content.template = text.and_then(Template::of);
        }
        if content.vertical() {
            content.align.get_or_insert(Align::Center);
        }
    }

    /// Puts the item of repeated rows into a path that begins with `item`.
    fn path(&mut self, field: &mut Spanned<FieldPath>, item: Option<&Item<'_>>) {
        let written = field.value.written().to_owned();
        let inside = written.strip_prefix("item.");
        match (inside, item) {
            (Some(rest), Some(item)) => {
                if let Some(path) = FieldPath::parse(&format!("{}.{rest}", item.path)) {
                    field.value = path;
                    return;
                }
            }
            (Some(_), None) => {
                let message = Text::new(
                    format!("{written} は、repeat で繰り返す行の中にだけ書けます"),
                    format!("{written} belongs to rows that are repeated"),
                );
                return self.fault(message, field);
            }
            (None, _) if field.value.is_sound() => return,
            (None, _) => {}
        }
        let message = Text::new(
            format!(
                "field「{written}」は「a.b」「a.b[0].c」「a.b[c=値].d」のいずれかの形で書きます"
            ),
            format!("field `{written}` must look like a.b, a.b[0].c or a.b[c=VALUE].d"),
        );
        self.fault(message, field);
    }

    /// The style of this name.
    fn style(&mut self, name: &Spanned<String>) -> Option<Cell> {
        let Some(style) = self.styles.get(&name.value) else {
            let message = Text::new(
                format!("style「{}」は styles にありません", name.value),
                format!("styles has no style {}", name.value),
            );
            let hint = suggest(&name.value, self.styles.keys().map(String::as_str));
            self.fault_with(message, hint, name);
            return None;
        };
        Some(style.value.clone())
    }

    /// Reports what is wrong with the definition.
    fn fault<T>(&mut self, message: Text, at: &Spanned<T>) {
        self.fault_with(message, None, at);
    }

    /// The same with how to mend it.
    fn fault_with<T>(&mut self, message: Text, hint: Option<Text>, at: &Spanned<T>) {
        let at = place(at, self.source);
        let fault = Diagnostic { hint, ..Diagnostic::error("definition", message).at(at) };
        // What is wrong with repeated rows is wrong with each.
        if !self.report.diagnostics.contains(&fault) {
            self.report.push(fault);
        }
    }
}

impl Builder<'_> {
    /// Rows for the items of a list. `height` is that of rows which give none.
    fn repeat(
        &mut self,
        repeat: Repeat,
        height: Option<f32>,
        at: &Spanned<()>,
    ) -> Vec<Spanned<Row>> {
        let list = &repeat.repeat;
        let own = Pattern { head: repeat.head, rows: repeat.rows };
        let pattern = match self.patterns.get(&list.value) {
            Some(known) if own.rows.is_empty() => {
                let head = if own.head.is_empty() { known.head.clone() } else { own.head };
                Pattern { head, rows: known.rows.clone() }
            }
            _ => own,
        };
        if pattern.rows.is_empty() {
            let message = Text::new(
                "繰り返す行がありません。rows に書いてください",
                "there are no rows to repeat: write them in rows",
            );
            self.fault(message, at);
        }
        self.patterns.entry(list.value.clone()).or_insert_with(|| pattern.clone());
        let items = match (repeat.times, &repeat.by) {
            (Some(times @ 1..=LONGEST_LIST), None) if repeat.items.is_empty() => {
                self.numbered(list, times)
            }
            (None, Some(by)) if !repeat.items.is_empty() => self.named(list, by, &repeat.items),
            _ => {
                let message = Text::new(
                    format!(
                        "繰り返す行には、times（1〜{LONGEST_LIST}）か、by と items のどちらかを書きます"
                    ),
                    format!(
                        "rows that are repeated take either times (1 to {LONGEST_LIST}), or by and items"
                    ),
                );
                self.fault(message, at);
                return Vec::new();
            }
        };
        let head = pattern.head.into_iter().map(|row| self.row(row, height, None, false));
        let mut rows: Vec<_> = head.collect();
        for (i, item) in items.iter().enumerate() {
            let own = pattern.rows.iter().cloned();
            rows.extend(own.map(|row| self.row(row, height, Some(item), i > 0)));
        }
        rows
    }

    /// The next items of a list.
    fn numbered(&mut self, list: &Spanned<String>, times: usize) -> Vec<Item<'static>> {
        if self.continued.contains(&list.value) {
            let message = Text::new(
                format!("{} には続きのページがあります。行はその前に置いてください", list.value),
                format!("{} has gone on on a page of its own: put the rows before it", list.value),
            );
            self.fault(message, list);
        }
        let next = self.printed.entry(list.value.clone()).or_default();
        let from = *next;
        *next += times;
        (from..from + times)
            .map(|i| Item {
                path: format!("{}[{i}]", list.value),
                texts: BTreeMap::from([(NUMBER, (i + 1).to_string())]),
            })
            .collect()
    }

    /// The items that the form names.
    fn named<'i>(
        &mut self,
        list: &Spanned<String>,
        by: &Spanned<String>,
        items: &'i [Spanned<BTreeMap<String, String>>],
    ) -> Vec<Item<'i>> {
        let mut all = Vec::new();
        for (number, item) in (1..).zip(items) {
            let Some(value) = item.value.get(&by.value).filter(|value| !value.contains(']')) else {
                let message = Text::new(
                    format!("この項目に {} の値がありません（「]」は使えません）", by.value),
                    format!("the item has no value for {} (which cannot have a `]`)", by.value),
                );
                self.fault(message, item);
                continue;
            };
            let texts = item.value.iter().map(|(name, text)| (name.as_str(), text.clone()));
            all.push(Item {
                path: format!("{}[{}={value}]", list.value, by.value),
                texts: [(NUMBER, number.to_string())].into_iter().chain(texts).collect(),
            });
        }
        all
    }

    /// A text with what is known of its words in braces put in; those of the page stay.
    /// The same where braces may hold CEL too: what is no known word is left.
    fn known_words<T>(&mut self, text: &str, item: Option<&Item<'_>>, at: &Spanned<T>) -> String {
        let (put, unknown) = words::put(text, |word| self.word(word, item));
        for word in unknown {
            if suggest(word, self.words_of(item).into_iter()).is_some() {
                self.unknown_word(word, item, at);
            }
        }
        put
    }

    /// The words that stand for something in the texts of a cell.
    fn words_of<'i>(&self, item: Option<&'i Item<'_>>) -> Vec<&'i str> {
        let of_item = item.into_iter().flat_map(|item| item.texts.keys().copied());
        ["page", "pages", TITLE].into_iter().chain(of_item).collect()
    }

    fn word(&self, word: &str, item: Option<&Item<'_>>) -> Option<String> {
        let of_item = item.and_then(|item| item.texts.get(word).cloned());
        of_item.or_else(|| (word == TITLE).then(|| self.title.to_owned()))
    }

    fn words<T>(&mut self, text: &str, item: Option<&Item<'_>>, at: &Spanned<T>) -> String {
        let (put, unknown) = words::put(text, |word| self.word(word, item));
        unknown.into_iter().for_each(|word| self.unknown_word(word, item, at));
        put
    }

    fn unknown_word<T>(&mut self, word: &str, item: Option<&Item<'_>>, at: &Spanned<T>) {
        let known = self.words_of(item);
        let braced: Vec<String> = known.iter().map(|word| format!("{{{word}}}")).collect();
        let message = Text::new(
            format!("{{{word}}} に入るものがありません。使えるのは {} です", braced.join("、")),
            format!("nothing is put in place of {{{word}}}: there are {}", braced.join(", ")),
        );
        self.fault_with(message, suggest(word, known.into_iter()), at);
    }
}
