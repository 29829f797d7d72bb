//! A form: what it prints, which fields it takes, which rules hold, as its definition is written. What an
//! editor completes and `docs/forms.md` explains is made from the comments of this file. `definition.rs`
//! applies styles once a definition is read.
//!
//! Lengths are millimetres, text sizes points.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use super::links::Links;
use super::{Code, Diagonal, Field, Part, Picture};
use crate::expr::{Expression, Template};
use crate::font::Family;
use crate::key::{FieldPath, plain_key};
use crate::paper::PaperPage;
use crate::report::{Severity, Text};
use crate::sheet::{Align, Scope, Stroke, VAlign};
use crate::yaml::Spanned;

/// A form: one file.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// The id used on the command line and in file names: lower-case letters, digits and hyphens.
    pub id: String,
    /// Where it is listed among the forms, from 1; those without come last, by their ids.
    #[serde(default)]
    pub order: Option<u32>,
    /// The id of a built-in form whose place it takes.
    #[serde(default)]
    pub replaces: Option<String>,
    /// Other names of the form, such as 別紙1; people see the first.
    #[serde(default)]
    pub alias: Vec<String>,
    /// Its title.
    pub title: Text,
    /// The section of a record that asks for this form. One whose values are computed is in no
    /// record: its form is made when it is named.
    #[schemars(with = "String")]
    pub section: Spanned<String>,
    /// A choice that takes several values: one form is made for each.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub each: Option<Spanned<String>>,
    /// Where the form comes from.
    pub source: FormSource,
    /// The day the form came into force, such as `2024-02-01`.
    pub effective_from: String,
    /// What became of it, for a form that is no longer filed; people read it before they fill it in.
    #[serde(default)]
    pub history: Option<Text>,
    /// The page: A4 upright with a margin of 20 mm unless it is given.
    #[serde(default)]
    pub page: Page,
    /// The office's own PDF, on whose pages the values are printed. The form has `boxes` then, and no
    /// `page` and `body`: what is printed besides the values is the office's.
    #[serde(default)]
    pub paper: Option<PaperFile>,
    /// Sizes of text.
    #[serde(default)]
    pub sizes: Sizes,
    /// Named styles: what cells and texts have in common, each under its name.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, Cell>")]
    pub(super) styles: BTreeMap<String, Spanned<Cell>>,
    /// The fields of this form alone; those of several forms are in `shared.yaml`.
    #[serde(default)]
    #[schemars(with = "Vec<Field>")]
    pub fields: Vec<Spanned<Field>>,
    /// What the form prints, top to bottom, page after page.
    #[serde(default)]
    #[schemars(with = "Vec<Block>")]
    pub(super) body: Vec<Spanned<Block>>,
    /// With `paper`, where values are printed on it, in reading order: cells with `at`.
    #[serde(default)]
    #[schemars(with = "Vec<Cell>")]
    pub(super) boxes: Vec<Spanned<Cell>>,
    /// Its pages, those of a list that goes on among them as often as the longest list needs.
    #[serde(skip)]
    pub pages: Vec<FormPage>,
    /// When the form is left out unless it is named.
    #[serde(default)]
    pub skip: Option<Skip>,
    /// What must hold.
    #[serde(default)]
    #[schemars(with = "Vec<Rule>")]
    pub rules: Vec<Spanned<Rule>>,
    /// The 記載例.
    pub sample: Sample,
}

impl Form {
    /// Whether `name` is the form's id or one of its other names, in whatever width.
    pub fn is_named(&self, name: &str) -> bool {
        is_one_of(name, &self.id, &self.alias)
    }

    /// The name people use for it: its first alias, else its id.
    pub fn short_name(&self) -> &str {
        self.alias.first().unwrap_or(&self.id)
    }

    /// The codes of what its rules find, those of fields that are needed among them.
    ///
    /// ```
    /// let forms = onshi::form::Forms::built_in();
    /// let codes = forms.find("別紙2").unwrap().codes();
    /// assert!(codes.contains(&"introduction-plan/reader-month-unused".to_owned()));
    /// ```
    pub fn codes(&self) -> Vec<String> {
        let rules = self.rules.iter().map(|rule| rule.value.id.clone());
        let needed = self.fields.iter().flat_map(|field| field.value.needed_codes());
        rules.chain(needed).map(|id| format!("{}/{id}", self.id)).collect()
    }

    /// The pages as the definition has them, one for each list that goes on: those of an empty form.
    pub fn pages_as_written(&self) -> impl Iterator<Item = &FormPage> + Clone {
        self.pages.iter().filter(|page| page.continues.as_ref().is_none_or(|on| on.copy == 0))
    }

    /// The pages of a record whose lists have so many items, each with its place in `pages`.
    pub fn pages_for(
        &self,
        items: impl Fn(&str) -> usize,
    ) -> impl Iterator<Item = (usize, &FormPage)> {
        let is_there = move |page: &FormPage| {
            page.continues.as_ref().is_none_or(|on| items(&on.list.value) > on.from)
        };
        self.pages.iter().enumerate().filter(move |(_, page)| is_there(page))
    }

    /// Every cell, in reading order, of the pages as the definition has them.
    pub fn cells(&self) -> impl Iterator<Item = &Spanned<Cell>> {
        self.pages_as_written().flat_map(FormPage::cells)
    }

    /// Every cell with a field, in reading order, of the pages as the definition has them.
    pub fn field_cells(&self) -> impl Iterator<Item = &Spanned<Cell>> {
        self.pages_as_written().flat_map(FormPage::field_cells)
    }
}

/// A page of a form.
#[derive(Clone, Debug, Default)]
pub struct FormPage {
    /// Of a continuation page (別葉): the list that goes on on it.
    pub continues: Option<Continues>,
    /// What it prints, top to bottom.
    pub body: Vec<Spanned<Block>>,
    /// Where values are printed on a page of a paper, in reading order.
    pub boxes: Vec<Spanned<Cell>>,
    /// The page of the paper, once that is read.
    pub paper: Option<PaperPage>,
}

/// What part of a list a continuation page has.
#[derive(Clone, Debug)]
pub struct Continues {
    /// The list's key.
    pub list: Spanned<String>,
    /// The first item it has, from 0; the page is there when the list has it.
    pub from: usize,
    /// Which of the pages that the definition has only once, from 0.
    pub copy: usize,
}

impl FormPage {
    /// Every cell, in reading order.
    pub fn cells(&self) -> impl Iterator<Item = &Spanned<Cell>> {
        let tables = self.body.iter().filter_map(|block| match &block.value {
            Block::Table(table) | Block::Grid(table) => Some(table),
            _ => None,
        });
        tables.flat_map(|table| &table.rows).flat_map(|row| &row.value.cells).chain(&self.boxes)
    }

    /// Every cell with a field, in reading order.
    pub fn field_cells(&self) -> impl Iterator<Item = &Spanned<Cell>> {
        self.cells().filter(|cell| cell.value.field.is_some())
    }
}

/// The longest list that is looked at: rules compare every item with every other.
pub(crate) const LONGEST_LIST: usize = 100;

/// Whether `name` is an id or one of the other names, in whatever width.
pub(super) fn is_one_of(name: &str, id: &String, alias: &[String]) -> bool {
    let name = super::fold(name);
    std::iter::once(id).chain(alias).any(|known| super::fold(known) == name)
}

/// Where a form comes from.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FormSource {
    /// The document it was published in.
    pub document: String,
    /// The day of that document, `2023-12-26`.
    pub issued: String,
    /// The number of the seed that holds it, for the built-in forms.
    #[serde(default)]
    pub seed: Option<String>,
}

/// The office's own PDF.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PaperFile {
    /// A PDF file beside the definition. Pages are printed as a viewer shows them, cropped and turned, with
    /// the notes on them that are printed, and without the fields to fill in.
    #[schemars(with = "String")]
    pub file: Spanned<String>,
    /// The SHA-256 of the file: when the office changes its form, the boxes are looked at again before
    /// anything is printed. `onshi lint` says it.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub sha256: Option<Spanned<String>>,
    /// Which of its pages make up the form, from 1; all when absent.
    #[serde(default)]
    pub pages: Vec<usize>,
}

/// The page in mm: A4 upright unless said otherwise.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Page {
    /// Width.
    pub width: f32,
    /// Height.
    pub height: f32,
    /// Left and right margin: where blocks begin and end unless they say otherwise.
    pub margin: f32,
}

impl Default for Page {
    fn default() -> Self {
        Page { width: 210.0, height: 297.0, margin: 20.0 }
    }
}

/// Sizes of text in pt.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Sizes {
    /// What the form prints.
    pub text: f32,
    /// Filled-in values.
    pub value: f32,
    /// The smallest size a value may be set in before it is broken over lines.
    pub smallest: f32,
    /// Line height of running text, in sizes.
    pub leading: f32,
}

impl Default for Sizes {
    fn default() -> Self {
        Sizes { text: 10.5, value: 11.5, smallest: 8.0, leading: 1.5 }
    }
}

/// A piece of the form.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Block {
    /// The form's title.
    Title(TextBlock),
    /// A section's heading.
    Heading(TextBlock),
    /// Running text.
    Paragraph(TextBlock),
    /// A ruled table.
    Table(Table),
    /// Texts and blanks side by side, without borders and no table to a reader.
    Grid(Table),
    /// A line across the page.
    Line(LineBlock),
    /// The end of a page: what follows is on the next.
    Page(Option<NextPage>),
}

/// The page that begins.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NextPage {
    /// A list. The page is a continuation page (別葉): it is there when the list has more items than the
    /// pages before have rows, and as often as that takes. It must print the form's title.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub(super) continues: Option<Spanned<String>>,
}

/// Text that the form prints.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TextBlock {
    /// The text. `{page}` is the number of the page, `{pages}` how many there are, `{title}` the
    /// form's title.
    pub text: String,
    /// What the 記載例 prints instead.
    pub sample: Option<String>,
    /// The style whose `size`, `face`, `color`, `underline`, `links` and `align` it has where they are
    /// not given.
    #[schemars(with = "Option<String>")]
    pub(super) style: Option<Spanned<String>>,
    /// Left edge; the margin when absent.
    pub x: Option<f32>,
    /// Top edge; below the block before when absent.
    pub y: Option<f32>,
    /// Space above, when `y` is absent.
    pub above: f32,
    /// Width; up to the right margin when absent.
    pub width: Option<f32>,
    /// Height; as the lines need when absent.
    pub height: Option<f32>,
    /// Size in pt.
    pub size: Option<f32>,
    /// Family; bold for titles and headings when absent.
    pub face: Option<Family>,
    /// Colour of the text, `#rrggbb`; black when absent.
    pub color: Option<String>,
    /// Whether the text is underlined.
    pub(super) underline: Option<bool>,
    /// Parts of the text that lead somewhere.
    pub(super) links: Option<Links>,
    /// How it is placed across its width.
    pub(super) align: Option<Align>,
    /// Indent of every line but the first, in sizes.
    pub hang: f32,
    /// A border around it.
    pub border: Stroke,
}

impl TextBlock {
    /// Parts of its text that lead somewhere.
    pub fn links(&self) -> &Links {
        Links::of(self.links.as_ref())
    }

    /// Whether its text is underlined.
    pub fn underline(&self) -> bool {
        self.underline.unwrap_or_default()
    }

    /// How it is placed across its width.
    pub fn align(&self) -> Align {
        self.align.unwrap_or_default()
    }
}

/// A line across the page.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LineBlock {
    /// Left edge; the margin when absent.
    #[serde(default)]
    pub x: Option<f32>,
    /// Top edge; below the block before when absent.
    #[serde(default)]
    pub y: Option<f32>,
    /// Space above, when `y` is absent.
    #[serde(default)]
    pub above: f32,
    /// Length; up to the right margin when absent.
    #[serde(default)]
    pub width: Option<f32>,
    /// How it is drawn.
    pub stroke: Stroke,
    /// Text in the middle of the line, such as 切り取り線.
    #[serde(default)]
    pub text: Option<String>,
    /// Size of the text in pt; the form's when absent.
    #[serde(default)]
    pub size: Option<f32>,
}

/// A table, or a grid, which has no borders unless they are given.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// Left edge; the margin when absent.
    #[serde(default)]
    pub x: Option<f32>,
    /// Top edge; below the block before when absent.
    #[serde(default)]
    pub y: Option<f32>,
    /// Space above, when `y` is absent.
    #[serde(default)]
    pub above: f32,
    /// Widths of the columns.
    pub columns: Vec<f32>,
    /// Height of the rows that give none.
    #[serde(default)]
    pub(super) height: Option<f32>,
    /// Its outer border; heavy for a table, none for a grid when absent.
    #[serde(default)]
    pub(super) outer: Option<Stroke>,
    /// The lines inside; thin for a table, none for a grid when absent.
    #[serde(default)]
    pub(super) inner: Option<Stroke>,
    /// The rows: each a list of cells, or a map with its height, or rows that are repeated.
    #[serde(rename = "rows")]
    #[schemars(with = "Vec<Rows>")]
    pub(super) written: Vec<Spanned<Rows>>,
    /// Its rows, those that are repeated as often as they are.
    #[serde(skip)]
    pub rows: Vec<Spanned<Row>>,
}

impl Table {
    /// Its outer border.
    pub fn outer(&self) -> Stroke {
        self.outer.unwrap_or_default()
    }

    /// The lines inside.
    pub fn inner(&self) -> Stroke {
        self.inner.unwrap_or_default()
    }
}

/// A row of a table.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Row {
    /// Whether it is a row above it once more, for another item of a list.
    #[schemars(skip)]
    pub is_again: bool,
    /// Its height; the table's when absent.
    #[schemars(default)]
    pub(super) height: Option<f32>,
    /// The line above the cells that begin in this row.
    #[schemars(default)]
    pub top: Option<Stroke>,
    /// Its cells from left to right; places taken by cells from above are left out.
    #[schemars(with = "Vec<Cell>")]
    pub cells: Vec<Spanned<Cell>>,
}

impl Row {
    /// Its height.
    pub fn height(&self) -> f32 {
        self.height.unwrap_or_default()
    }
}

/// A row, or rows that are repeated.
#[derive(Clone, Debug)]
pub enum Rows {
    /// A row.
    Row(Row),
    /// Rows repeated for a list.
    Repeat(Repeat),
}

impl JsonSchema for Rows {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Rows".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let cells = generator.subschema_for::<Vec<Cell>>();
        let (row, repeat) = (generator.subschema_for::<Row>(), generator.subschema_for::<Repeat>());
        json_schema!({ "anyOf": [cells, row, repeat] })
    }
}

/// How a row is written, for the schema: a list of cells, or a map.
struct WrittenRow;

impl JsonSchema for WrittenRow {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "WrittenRow".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let (cells, row) =
            (generator.subschema_for::<Vec<Cell>>(), generator.subschema_for::<Row>());
        json_schema!({ "anyOf": [cells, row] })
    }
}

/// Rows that are repeated for the items of a list, of which it has either `times` or `items`. In them
/// `item.name` is the field `name` of the item.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Repeat {
    /// The key of the list.
    #[schemars(with = "String")]
    pub repeat: Spanned<String>,
    /// How many items have rows here. A longer list goes on in the next rows that repeat it, and on a
    /// page that `continues` it; without one it is an error.
    #[schemars(default)]
    pub times: Option<usize>,
    /// With `items`, the field whose value tells an item from the others.
    #[schemars(default, with = "Option<String>")]
    pub by: Option<Spanned<String>>,
    /// The items that the form itself names: for each the value of the field `by`, and texts that its
    /// rows print where they have the name in braces, such as `{maker}`.
    #[schemars(default, with = "Vec<BTreeMap<String, String>>")]
    pub items: Vec<Spanned<BTreeMap<String, String>>>,
    /// Rows above the items; a continuation page has them too.
    #[schemars(default, with = "Vec<WrittenRow>")]
    pub head: Vec<Spanned<Row>>,
    /// The rows of an item; where absent, as on a continuation page, those that the list had before.
    #[schemars(default, with = "Vec<WrittenRow>")]
    pub rows: Vec<Spanned<Row>>,
}

/// How a field is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Show {
    /// The cell's text with an ellipse round the chosen word.
    Circle,
    /// A tick box, ticked when the value is `is`.
    Tick,
    /// One box per digit.
    Digits,
    /// What `words` has for the value.
    Words,
    /// 令和 年 月 日.
    Reiwa,
    /// 西暦 年 月 日, or 西暦 年 月.
    Western,
    /// 年 月 日 and the day of the week.
    Day,
    /// A whole number with commas: 1,234,567.
    Commas,
    /// A whole number in kanji: 百二十三万四千五百六十七.
    Kanji,
}

impl Show {
    /// Every way.
    pub(super) const ALL: [Show; 9] = [
        Show::Circle,
        Show::Tick,
        Show::Digits,
        Show::Words,
        Show::Reiwa,
        Show::Western,
        Show::Day,
        Show::Commas,
        Show::Kanji,
    ];

    /// What a definition calls it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Show::Circle => "circle",
            Show::Tick => "tick",
            Show::Digits => "digits",
            Show::Words => "words",
            Show::Reiwa => "reiwa",
            Show::Western => "western",
            Show::Day => "day",
            Show::Commas => "commas",
            Show::Kanji => "kanji",
        }
    }
}

/// A cell of a table, or a style: what it has is what its cells have unless they give it themselves.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Cell {
    /// What the form prints. `{page}`, `{pages}` and `{title}` are as in the text of a block; in
    /// repeated rows `{number}` is the item's number. Without a `field`, other braces hold CEL, so that
    /// the text depends on the record: `{visit.lunch == "要" ? "昼食代 1,000円" : "昼食なし"}`; `blank` is
    /// printed in its place where what it reads is absent.
    pub text: Option<String>,
    /// The text where it depends on the record.
    #[serde(skip)]
    pub template: Option<Template>,
    /// The field whose value is printed here: `facility.name`, or of a list's item
    /// `card_reader.products[0].units` or `card_reader.products[product=Caora].units`; in repeated
    /// rows of their item `item.units`.
    #[schemars(with = "Option<String>")]
    pub field: Option<Spanned<FieldPath>>,
    /// The item that it is in, in rows that are repeated.
    #[serde(skip)]
    pub item: Option<FieldPath>,
    /// The style it has.
    #[schemars(with = "Option<String>")]
    pub(super) style: Option<Spanned<String>>,
    /// How the value is shown; by its kind when absent.
    pub show: Option<Show>,
    /// With `show: tick`, the value that ticks the box; `true` or `false` for a boolean. With
    /// `show: circle` on a paper, the value that the word which is printed there stands for.
    pub is: Option<String>,
    /// Of a box on a `paper`: its left and top edge from those of the page as it is seen, its width and
    /// its height, in mm: `[42, 61.5, 118, 8]`. `show: tick` then prints a tick alone, and `show: circle`
    /// with `is` an ellipse that fills the box, as the paper has the boxes and words.
    pub at: Option<[f32; 4]>,
    /// Of a box on a `paper`: the page of the form it is on, from 1, which it is on when absent.
    pub page: Option<usize>,
    /// Of a box on a `paper`: a list whose items have such a box each, one below the other; its field is
    /// `item.name`.
    #[schemars(with = "Option<String>")]
    pub repeat: Option<Spanned<String>>,
    /// With `repeat`, how many items have a box.
    pub times: Option<usize>,
    /// With `repeat`, the number of the first item, from 1, which it is when absent.
    pub from: Option<usize>,
    /// With `repeat`, how far a box is below the one before, in mm.
    pub step: Option<f32>,
    /// Of a box on a `paper`: the form field of the PDF that is there, by its full name. A copy that
    /// somebody filled in with a viewer is read by it.
    pub pdf_field: Option<String>,
    /// With `pdf_field`, which of its buttons is there, by the name of its state; any when absent.
    pub pdf_state: Option<String>,
    /// With `show: words`, what is printed for each value.
    pub(super) words: Option<BTreeMap<String, String>>,
    /// The part of a date that is printed here, so that each part has a place of its own.
    pub part: Option<Part>,
    /// With `show: digits`, the width of a box; the cell's width is divided when absent.
    pub box_width: Option<f32>,
    /// Printed before the value.
    pub(super) before: Option<String>,
    /// Printed after the value.
    pub(super) after: Option<String>,
    /// Printed in place of a value that is absent.
    pub(super) blank: Option<String>,
    /// Whether the form may be handed in without it.
    pub(super) optional: Option<bool>,
    /// The value is printed only when this CEL is true; of a list's item, `item` is that item.
    #[schemars(with = "Option<String>")]
    pub when: Option<Spanned<Expression>>,
    /// How many columns it takes.
    pub(super) across: Option<u32>,
    /// How many rows it takes.
    pub(super) down: Option<u32>,
    /// Size of its text in pt.
    pub size: Option<f32>,
    /// Size of its value in pt.
    pub value_size: Option<f32>,
    /// The smallest size of its value in pt, where it differs from the form's.
    pub smallest: Option<f32>,
    /// Family of its text.
    pub(super) face: Option<Family>,
    /// Colour of its text and value, `#rrggbb`; black when absent.
    pub color: Option<String>,
    /// Whether its text and value are underlined.
    pub(super) underline: Option<bool>,
    /// Whether its text runs down, upright characters one below the other (縦書き), in the middle of the
    /// cell; a new line of the text is a column to the left.
    pub(super) vertical: Option<bool>,
    /// Parts of its text that lead somewhere.
    pub(super) links: Option<Links>,
    /// A stroke through the cell, in which nothing is to be written.
    pub diagonal: Option<Diagonal>,
    /// The diameter in mm of a circle round its text, the place for a seal: `{text: 印, seal: 12}`.
    pub seal: Option<f32>,
    /// A picture, in place of text.
    pub picture: Option<Picture>,
    /// A QR code or bar code, in place of text.
    pub code: Option<Code>,
    /// How its text is placed across the cell.
    pub(super) align: Option<Align>,
    /// How its text is placed up and down in the cell.
    pub(super) valign: Option<VAlign>,
    /// Space left and right.
    pub pad: Option<f32>,
    /// Borders that differ from the table's.
    pub(super) edges: Option<CellEdges>,
    /// Colour behind it, `#rrggbb`.
    pub background: Option<String>,
    /// Set for header cells: what the header is for.
    pub header: Option<Scope>,
}

impl Cell {
    /// With [`Show::Words`], what is printed for a value; others are printed themselves.
    pub fn words<'a>(&'a self, value: &'a str) -> &'a str {
        self.words.as_ref().and_then(|words| words.get(value)).map_or(value, String::as_str)
    }

    /// Whether there are words for some value.
    pub fn has_words(&self) -> bool {
        self.words.as_ref().is_some_and(|words| !words.is_empty())
    }

    /// Printed before the value.
    pub fn before(&self) -> &str {
        self.before.as_deref().unwrap_or_default()
    }

    /// Printed after the value.
    pub fn after(&self) -> &str {
        self.after.as_deref().unwrap_or_default()
    }

    /// Printed in place of a value that is absent.
    pub fn blank(&self) -> &str {
        self.blank.as_deref().unwrap_or_default()
    }

    /// Every text that the form itself prints in it, whatever the record.
    pub(crate) fn printed(&self) -> impl Iterator<Item = &str> {
        let words = self.words.iter().flat_map(BTreeMap::values);
        let around = [&self.before, &self.after, &self.blank].into_iter().flatten();
        // What CEL is in a text is not printed.
        let text = self.text.iter().filter(|_| self.template.is_none());
        text.chain(around).chain(words).map(String::as_str)
    }

    /// Whether the form may be handed in without its value.
    pub fn is_optional(&self) -> bool {
        self.optional.unwrap_or_default()
    }

    /// How many columns it takes.
    pub fn across(&self) -> u32 {
        self.across.unwrap_or(1)
    }

    /// How many rows it takes.
    pub fn down(&self) -> u32 {
        self.down.unwrap_or(1)
    }

    /// Family of its text.
    pub fn face(&self) -> Family {
        self.face.unwrap_or_default()
    }

    /// How its text is placed across it.
    pub fn align(&self) -> Align {
        self.align.unwrap_or_default()
    }

    /// How its text is placed up and down in it.
    pub fn valign(&self) -> VAlign {
        self.valign.unwrap_or_default()
    }

    /// Whether what it prints depends on the record.
    pub fn is_filled(&self) -> bool {
        let depends = |diagonal: &Diagonal| !matches!(diagonal, Diagonal::Always);
        self.field.is_some()
            || self.template.is_some()
            || self.code.as_ref().is_some_and(|code| code.text.expressions().next().is_some())
            || self.diagonal.as_ref().is_some_and(depends)
    }

    /// The expressions that decide what it prints.
    pub fn expressions(&self) -> impl Iterator<Item = &Expression> {
        let templates = self.template.iter().chain(self.code.iter().map(|code| &code.text));
        let diagonal = self.diagonal.iter().filter_map(|diagonal| match diagonal {
            Diagonal::When(when) => Some(&when.value),
            Diagonal::Always | Diagonal::Empty => None,
        });
        let when = self.when.iter().map(|when| &when.value);
        templates.flat_map(Template::expressions).chain(diagonal).chain(when)
    }

    /// The item of a list that `item` is in its expressions.
    pub fn item(&self) -> Option<&FieldPath> {
        let of_field = self.field.as_ref().map(|field| &field.value);
        of_field.filter(|path| path.selector.is_some()).or(self.item.as_ref())
    }

    /// The keys of the dictionary that its expressions read.
    pub fn keys_read(&self) -> impl Iterator<Item = String> {
        let list = self.item().map(|item| item.base.as_str());
        let keys = self.expressions().flat_map(Expression::keys);
        keys.map(move |key| match (key.strip_prefix(ITEM), list) {
            (Some(rest), Some(list)) => format!("{list}.{rest}"),
            _ => plain_key(key),
        })
    }

    /// How many boxes of digits it has.
    pub fn boxes(&self, field: Option<&Field>) -> usize {
        match self.part {
            Some(Part::Year) => 4,
            Some(_) => 2,
            None => field.map_or(1, Field::boxes),
        }
    }

    /// Whether its text and value are underlined.
    pub fn underline(&self) -> bool {
        self.underline.unwrap_or_default()
    }

    /// Parts of its text that lead somewhere.
    pub fn links(&self) -> &Links {
        Links::of(self.links.as_ref())
    }

    /// Whether its text runs down.
    pub fn vertical(&self) -> bool {
        self.vertical.unwrap_or_default()
    }

    /// Borders that differ from the table's.
    pub fn edges(&self) -> CellEdges {
        self.edges.unwrap_or_default()
    }
}

/// Borders of a cell that differ from the table's.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CellEdges {
    /// Top border.
    pub top: Option<Stroke>,
    /// Right border.
    pub right: Option<Stroke>,
    /// Bottom border.
    pub bottom: Option<Stroke>,
    /// Left border.
    pub left: Option<Stroke>,
}

/// When a form is left out unless it is named.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Skip {
    /// The condition, in CEL.
    #[schemars(with = "String")]
    pub when: Expression,
    /// What is said.
    pub message: Text,
    /// How to have it all the same.
    pub hint: Text,
    /// The source of the rule.
    pub cite: String,
}

/// What must hold for a form. A rule whose fields are absent or faulty does not apply.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Its id; the code of its findings is `<form id>/<rule id>`.
    pub id: String,
    /// A list whose items are checked one by one, each as `item`.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub each: Option<Spanned<String>>,
    /// The rule applies when this is true.
    #[schemars(with = "Option<String>")]
    #[serde(default)]
    pub when: Option<Spanned<Expression>>,
    /// Must be true.
    #[schemars(with = "Option<String>")]
    #[serde(default)]
    pub check: Option<Spanned<Expression>>,
    /// A field that must be present.
    #[schemars(with = "Option<String>")]
    #[serde(default)]
    pub require: Option<Spanned<RuleKey>>,
    /// The field blamed; the required one when absent.
    #[schemars(with = "Option<String>")]
    #[serde(default)]
    pub at: Option<Spanned<RuleKey>>,
    /// For `lint`: a part of a record, put over that of the 記載例, that breaks the rule, and as
    /// `today` the day of the check. Only where `lint` finds no such record itself.
    #[serde(default)]
    #[schemars(with = "Option<serde_json::Value>")]
    pub broken_by: Option<Written>,
    /// Error unless said otherwise.
    #[serde(default)]
    pub level: Severity,
    /// What was found; `{…}` holds CEL.
    pub message: Text,
    /// How to mend it; `{…}` holds CEL.
    pub hint: Text,
    /// The source of the rule.
    pub cite: String,
}

impl Rule {
    /// The key a rule means: of the item at `item`, such as `card_reader.products[0]`, or without one the
    /// dictionary's.
    pub fn key(&self, key: &RuleKey, item: Option<&str>) -> String {
        let list = item.or(self.each.as_ref().map(|each| each.value.as_str()));
        match (key, list) {
            (RuleKey::OfRecord(key), _) => key.clone(),
            (RuleKey::OfItem(rest), Some(list)) => format!("{list}.{rest}"),
            (RuleKey::OfItem(rest), None) => format!("{ITEM}{rest}"),
        }
    }
}

/// What a key begins with that is of the item a rule is checking.
const ITEM: &str = "item.";

/// A field as a rule names it: `facility.name`, or of the item it is checking, `item.units`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub enum RuleKey {
    /// By its key in a record.
    OfRecord(String),
    /// By its key inside the item.
    OfItem(String),
}

impl From<String> for RuleKey {
    fn from(written: String) -> Self {
        match written.strip_prefix(ITEM) {
            Some(rest) => RuleKey::OfItem(rest.to_owned()),
            None => RuleKey::OfRecord(written),
        }
    }
}

/// A record, or a part of one, as a definition writes it.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(transparent)]
pub struct Written(pub(crate) serde_json::Value);

/// The 記載例: sample values in red, with callouts.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    /// The values, shaped like a record; they are printed as written and not checked.
    #[schemars(with = "serde_json::Value")]
    pub record: Written,
    /// The notes beside them.
    #[serde(default)]
    pub callouts: Vec<TextBlock>,
}
