//! A form as the program works with it: what it prints, which fields it takes, which rules hold. How
//! it is written is in `definition.rs`.
//!
//! Lengths are millimetres, text sizes points.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_saphyr::Spanned;

use super::Field;
use crate::expr::Expression;
use crate::font::Family;
use crate::key::FieldPath;
use crate::report::{Severity, Text};
use crate::sheet::{Align, Scope, Stroke, VAlign};

/// A form.
#[derive(Clone, Debug)]
pub struct Form {
    /// The id used on the command line and in file names.
    pub id: String,
    /// Where it is listed among the forms, from 1; those without come last, by their ids.
    pub order: Option<u32>,
    /// The id of a built-in form whose place it takes.
    pub replaces: Option<String>,
    /// Other names of the form, such as 別紙1.
    pub alias: Vec<String>,
    /// Its title.
    pub title: Text,
    /// The section of a record that asks for this form. One whose values are computed is in no
    /// record: its form is made when it is named.
    pub section: Spanned<String>,
    /// A field with a list of values: one form is made for each.
    pub each: Option<Spanned<String>>,
    /// Where the form comes from.
    pub source: FormSource,
    /// The day the form came into force, `2024-02-01`.
    pub effective_from: String,
    /// The page.
    pub page: Page,
    /// Sizes of text.
    pub sizes: Sizes,
    /// The fields that are of this form alone.
    pub fields: Vec<Spanned<Field>>,
    /// What the form prints, top to bottom.
    pub body: Vec<Spanned<Block>>,
    /// When the form is left out unless it is named.
    pub skip: Option<Skip>,
    /// What must hold.
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
#[derive(Clone, Debug)]
pub enum Block {
    /// The form's title.
    Title(TextBlock),
    /// A section's heading.
    Heading(TextBlock),
    /// Running text.
    Paragraph(TextBlock),
    /// A table, or texts and blanks side by side.
    Table(Table),
    /// A line across the page.
    Line(LineBlock),
}

/// Text that the form prints.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TextBlock {
    /// The text.
    pub text: String,
    /// What the 記載例 prints instead.
    pub sample: Option<String>,
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
    /// How it is placed across its width.
    pub align: Align,
    /// Indent of every line but the first, in sizes.
    pub hang: f32,
    /// A border around it.
    pub border: Stroke,
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
}

/// A table.
#[derive(Clone, Debug)]
pub struct Table {
    /// Left edge; the margin when absent.
    pub x: Option<f32>,
    /// Top edge; below the block before when absent.
    pub y: Option<f32>,
    /// Space above, when `y` is absent.
    pub above: f32,
    /// Widths of the columns.
    pub columns: Vec<f32>,
    /// Its outer border.
    pub outer: Stroke,
    /// The lines inside.
    pub inner: Stroke,
    /// Whether it only places texts and blanks side by side and is no table to a reader.
    pub is_grid: bool,
    /// The rows.
    pub rows: Vec<Spanned<Row>>,
}

/// A row of a table.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its height.
    pub height: f32,
    /// The line above the cells that begin in this row.
    pub top: Option<Stroke>,
    /// Its cells from left to right; places taken by cells from above are left out.
    pub cells: Vec<Spanned<Cell>>,
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
}

/// A cell of a table.
#[derive(Clone, Debug, Default)]
pub struct Cell {
    /// What the form prints.
    pub text: Option<String>,
    /// The field whose value is printed here.
    pub field: Option<Spanned<FieldPath>>,
    /// How the value is shown; by its kind when absent.
    pub show: Option<Show>,
    /// With [`Show::Tick`], the value that ticks the box.
    pub is: Option<String>,
    /// With [`Show::Words`], what is printed for each value.
    pub words: BTreeMap<String, String>,
    /// With [`Show::Digits`], the width of a box; the cell's width is divided when absent.
    pub box_width: Option<f32>,
    /// Printed before the value.
    pub before: String,
    /// Printed after the value.
    pub after: String,
    /// Printed in place of a value that is absent.
    pub blank: String,
    /// Whether the form may be handed in without it.
    pub optional: bool,
    /// The value is printed only when this is true.
    pub when: Option<Spanned<Expression>>,
    /// How many columns it takes.
    pub across: u32,
    /// How many rows it takes.
    pub down: u32,
    /// Size of its text in pt.
    pub size: Option<f32>,
    /// Size of its value in pt.
    pub value_size: Option<f32>,
    /// The smallest size of its value in pt, where it differs from the form's.
    pub smallest: Option<f32>,
    /// Family of its text.
    pub face: Family,
    /// How its text is placed across the cell.
    pub align: Align,
    /// How its text is placed up and down in the cell.
    pub valign: VAlign,
    /// Space left and right.
    pub pad: Option<f32>,
    /// Borders that differ from the table's.
    pub edges: CellEdges,
    /// Colour behind it, `#rrggbb`.
    pub background: Option<String>,
    /// Set for header cells: what the header is for.
    pub header: Option<Scope>,
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
    pub require: Option<Spanned<String>>,
    /// The field blamed; the required one when absent.
    #[schemars(with = "Option<String>")]
    #[serde(default)]
    pub at: Option<Spanned<String>>,
    /// For `lint`: a part of a record, put over that of the 記載例, that breaks the rule, and as
    /// `today` the day of the check. Only where `lint` finds no such record itself.
    #[serde(default)]
    pub broken_by: Option<serde_json::Value>,
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
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    /// The values, shaped like a record; they are printed as written and not checked.
    pub record: serde_json::Value,
    /// The notes beside them.
    #[serde(default)]
    pub callouts: Vec<TextBlock>,
}
