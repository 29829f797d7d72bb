//! A form: what it prints, which fields it takes, which rules hold, as its definition is written; cells are in
//! `cell.rs`, rules in `rule.rs`. What an editor completes and `docs/forms.md` explains is made from the comments of
//! these files. `definition.rs` applies styles once a definition is read.
//!
//! Lengths are millimetres, text sizes points.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

use super::Field;
use super::cell::Cell;
use super::links::Links;
use super::rule::{Rule, Skip, Written};
use crate::font::Family;
use crate::paper::PaperPage;
use crate::report::Text;
use crate::sheet::{Align, Stroke};
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
