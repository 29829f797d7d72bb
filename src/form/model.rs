//! A form as `forms/*.yaml` describes it: what it prints, which fields it takes, which rules hold.
//!
//! Lengths are millimetres, text sizes points.

use serde::Deserialize;
use serde_saphyr::Spanned;

use super::Field;
use crate::expr::Expression;
use crate::font::Family;
use crate::report::{Severity, Text};
use crate::sheet::{Align, Scope, Stroke, VAlign};

/// A form.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// The id used on the command line and in file names.
    pub id: String,
    /// Where it is listed among the forms, from 1; those without come last, by their ids.
    #[serde(default)]
    pub order: Option<u32>,
    /// The id of a built-in form whose place it takes.
    #[serde(default)]
    pub replaces: Option<String>,
    /// Other names of the form, such as 別紙1.
    #[serde(default)]
    pub alias: Vec<String>,
    /// Its title.
    pub title: Text,
    /// The section of a record that asks for this form. One whose values are computed stands in no
    /// record: its form is made when it is named.
    pub section: Spanned<String>,
    /// A field with a list of values: one form is made for each.
    #[serde(default)]
    pub each: Option<Spanned<String>>,
    /// Where the form comes from.
    pub source: FormSource,
    /// The day the form came into force, `2024-02-01`.
    pub effective_from: String,
    /// The page.
    #[serde(default)]
    pub page: Page,
    /// Sizes of text.
    #[serde(default)]
    pub text: TextSizes,
    /// The fields that are of this form alone.
    #[serde(default)]
    pub fields: Vec<Spanned<Field>>,
    /// What the form prints, top to bottom.
    pub body: Vec<Spanned<Block>>,
    /// When the form is left out unless it is named.
    #[serde(default)]
    pub skip: Option<Skip>,
    /// What must hold.
    #[serde(default)]
    pub rules: Vec<Spanned<Rule>>,
    /// The 記載例.
    pub example: Example,
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

    /// Every cell with a field, in reading order.
    pub fn field_cells(&self) -> impl Iterator<Item = &Spanned<Cell>> {
        let tables = self.body.iter().filter_map(|block| match &block.value {
            Block::Table(table) => Some(table),
            _ => None,
        });
        tables
            .flat_map(|table| &table.rows)
            .flat_map(|row| &row.value.cells)
            .filter(|cell| cell.value.field.is_some())
    }
}

/// Whether `name` is an id or one of the other names, in whatever width.
pub(super) fn is_one_of(name: &str, id: &String, alias: &[String]) -> bool {
    let name = super::fold(name);
    std::iter::once(id).chain(alias).any(|known| super::fold(known) == name)
}

/// Where a form comes from.
#[derive(Clone, Debug, Deserialize)]
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

/// The page in mm: A4 upright unless said otherwise.
#[derive(Clone, Debug, Deserialize)]
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
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TextSizes {
    /// What the form prints.
    pub size: f32,
    /// Filled-in values.
    pub value_size: f32,
    /// The smallest size a value may be set in before it is broken over lines.
    pub smallest: f32,
    /// Line height of running text, in sizes.
    pub leading: f32,
}

impl Default for TextSizes {
    fn default() -> Self {
        TextSizes { size: 10.5, value_size: 11.5, smallest: 8.0, leading: 1.5 }
    }
}

/// A piece of the form.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Block {
    /// The form's title.
    Title(TextBlock),
    /// A section's heading.
    Heading(TextBlock),
    /// Running text.
    Text(TextBlock),
    /// A table, or fields placed side by side.
    Table(Table),
    /// A line across the page.
    Rule(RuleBlock),
}

/// Text that the form prints.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TextBlock {
    /// The text.
    pub text: String,
    /// What the 記載例 prints instead.
    pub example: Option<String>,
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
    /// How it sits across its width.
    pub align: Align,
    /// Indent of every line but the first, in sizes.
    pub hang: f32,
    /// A border around it.
    pub border: Stroke,
}

/// A line across the page.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleBlock {
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
}

/// A table.
#[derive(Clone, Debug, Deserialize)]
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
    /// Its outer border.
    #[serde(default = "heavy")]
    pub outer: Stroke,
    /// The lines inside.
    #[serde(default = "thin")]
    pub inner: Stroke,
    /// Whether it only places fields side by side and is no table to a reader.
    #[serde(default)]
    pub layout: bool,
    /// The rows.
    pub rows: Vec<Spanned<Row>>,
}

fn heavy() -> Stroke {
    Stroke::Heavy
}

fn thin() -> Stroke {
    Stroke::Thin
}

/// A row of a table.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// Its height.
    pub height: f32,
    /// The line above the cells that begin in this row.
    #[serde(default)]
    pub line: Option<Stroke>,
    /// Its cells from left to right; places taken by cells that span rows are left out.
    pub cells: Vec<Spanned<Cell>>,
}

/// How a field is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Show {
    /// The cell's text with an ellipse round the chosen word.
    Circle,
    /// A tick box, ticked when the value is `is`.
    Tick,
    /// A box a digit.
    Digits,
    /// 令和 年 月 日.
    Reiwa,
    /// 西暦 年 月 日, or 西暦 年 月.
    Western,
    /// 年 月 日 and the day of the week.
    Day,
}

/// A cell of a table.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Cell {
    /// What the form prints.
    pub text: Option<String>,
    /// The field whose value stands here.
    pub field: Option<Spanned<String>>,
    /// How the value is shown; by its kind when absent.
    pub show: Option<Show>,
    /// With `show: tick`, the value that ticks the box.
    pub is: Option<String>,
    /// With `show: digits`, how many boxes.
    pub boxes: Option<usize>,
    /// With `show: digits`, the width of a box; the cell's width is divided when absent.
    pub r#box: Option<f32>,
    /// Printed before the value.
    pub before: String,
    /// Printed after the value.
    pub after: String,
    /// Printed in place of a value that is absent.
    pub blank: String,
    /// Whether the form may be handed in without it.
    pub optional: bool,
    /// A field that must be present for this value to be printed.
    pub when: Option<Spanned<String>>,
    /// How many rows it spans.
    pub rows: Option<u32>,
    /// How many columns it spans.
    pub columns: Option<u32>,
    /// Size of its text in pt.
    pub size: Option<f32>,
    /// Size of its value in pt.
    pub value_size: Option<f32>,
    /// The smallest size of its value in pt, where it differs from the form's.
    pub smallest: Option<f32>,
    /// Family of its text.
    pub face: Family,
    /// How it sits across the cell.
    pub align: Align,
    /// How it sits up and down in the cell.
    pub valign: VAlign,
    /// Space left and right.
    pub pad: Option<f32>,
    /// Borders that differ from the table's.
    pub line: CellLines,
    /// Colour behind it, `#rrggbb`.
    pub fill: Option<String>,
    /// Set for header cells: what the header is for.
    pub header: Option<Scope>,
}

/// Borders of a cell that differ from the table's.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CellLines {
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
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Skip {
    /// The condition.
    pub when: Expression,
    /// What is said.
    pub message: Text,
    /// How to have it all the same.
    pub hint: Text,
    /// The source of the rule.
    pub cite: String,
}

/// What must hold for a form. A rule whose fields are absent or faulty does not apply.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Its id; the code of its findings is `<form id>/<rule id>`.
    pub id: String,
    /// A list whose items are checked one by one, each as `item`.
    #[serde(default)]
    pub each: Option<Spanned<String>>,
    /// The rule applies when this is true.
    #[serde(default)]
    pub when: Option<Spanned<Expression>>,
    /// Must be true.
    #[serde(default)]
    pub check: Option<Spanned<Expression>>,
    /// A field that must be present.
    #[serde(default)]
    pub require: Option<Spanned<String>>,
    /// The field blamed; the required one when absent.
    #[serde(default)]
    pub at: Option<Spanned<String>>,
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
    /// The key a rule means: `item.units` of the list it goes through, by an item's place such as
    /// `card_reader.products[0]`, or of the list itself; any other key as it is.
    pub fn key(&self, key: &str, item: Option<&str>) -> String {
        let list = item.or(self.each.as_ref().map(|each| each.value.as_str()));
        match (list, key.strip_prefix("item.")) {
            (Some(list), Some(rest)) => format!("{list}.{rest}"),
            _ => key.to_owned(),
        }
    }
}

/// The 記載例: sample values in red, with callouts.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// The values, shaped like a record; they are printed as written and not checked.
    pub record: serde_json::Value,
    /// The notes beside them.
    #[serde(default)]
    pub callouts: Vec<TextBlock>,
}
