//! A form definition as it is written: what an editor completes, and what `docs/forms.md` explains.
//! [`Form::build`] makes the form of it that the program works with: keys parsed, styles applied.
//!
//! Lengths are millimetres, text sizes points. The comments of this file are the reference of the form
//! language.

use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::de::{MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer};
use serde::{Deserialize, Deserializer};
use serde_saphyr::Spanned;

use super::Field;
use super::model::{self, CellEdges, FormSource, Page, Rule, Sample, Show, Sizes, Skip};
use crate::expr::Expression;
use crate::font::Family;
use crate::key::FieldPath;
use crate::report::{Diagnostic, Report, Text, suggest};
use crate::sheet::{Align, Scope, Stroke, VAlign};
use crate::yaml::place;

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
    /// The page: A4 upright with a margin of 20 mm unless it is given.
    #[serde(default)]
    pub page: Page,
    /// Sizes of text.
    #[serde(default)]
    pub sizes: Sizes,
    /// Named styles: what cells and texts have in common, each under its name.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, Cell>")]
    pub styles: BTreeMap<String, Spanned<Cell>>,
    /// The fields of this form alone; those of several forms are in `shared.yaml`.
    #[serde(default)]
    #[schemars(with = "Vec<Field>")]
    pub fields: Vec<Spanned<Field>>,
    /// What the form prints, top to bottom.
    #[schemars(with = "Vec<Block>")]
    pub body: Vec<Spanned<Block>>,
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
    Line(model::LineBlock),
}

/// Text that the form prints.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TextBlock {
    /// The text.
    pub text: String,
    /// What the 記載例 prints instead.
    pub sample: Option<String>,
    /// The style whose `size`, `face` and `align` it has where they are not given.
    #[schemars(with = "Option<String>")]
    pub style: Option<Spanned<String>>,
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
    pub align: Option<Align>,
    /// Indent of every line but the first, in sizes.
    pub hang: f32,
    /// A border around it.
    pub border: Stroke,
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
    pub height: Option<f32>,
    /// Its outer border; heavy for a table, none for a grid when absent.
    #[serde(default)]
    pub outer: Option<Stroke>,
    /// The lines inside; thin for a table, none for a grid when absent.
    #[serde(default)]
    pub inner: Option<Stroke>,
    /// The rows: each a list of cells, or a map with its height.
    #[schemars(with = "Vec<Row>")]
    pub rows: Vec<Spanned<Row>>,
}

/// A row of a table.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Row {
    /// Its height; the table's when absent.
    #[schemars(default)]
    pub height: Option<f32>,
    /// The line above the cells that begin in this row.
    #[schemars(default)]
    pub top: Option<Stroke>,
    /// Its cells from left to right; places taken by cells from above are left out.
    #[schemars(with = "Vec<Cell>")]
    pub cells: Vec<Spanned<Cell>>,
}

impl<'de> Deserialize<'de> for Row {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RowVisitor)
    }
}

struct RowVisitor;

impl<'de> Visitor<'de> for RowVisitor {
    type Value = Row;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of cells, or a map with height and cells")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Row, A::Error> {
        let mut cells = Vec::new();
        while let Some(cell) = seq.next_element()? {
            cells.push(cell);
        }
        Ok(Row { height: None, top: None, cells })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Row, A::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Whole {
            #[serde(default)]
            height: Option<f32>,
            #[serde(default)]
            top: Option<Stroke>,
            cells: Vec<Spanned<Cell>>,
        }
        let Whole { height, top, cells } = Whole::deserialize(MapAccessDeserializer::new(map))?;
        Ok(Row { height, top, cells })
    }
}

/// A cell of a table, or a style: what it has is what its cells have unless they give it themselves.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Cell {
    /// What the form prints.
    pub text: Option<String>,
    /// The field whose value is printed here: `facility.name`, or of a list's item
    /// `card_reader.products[0].units` or `card_reader.products[product=Caora].units`.
    #[schemars(with = "Option<String>")]
    pub field: Option<Spanned<String>>,
    /// The style it has.
    #[schemars(with = "Option<String>")]
    pub style: Option<Spanned<String>>,
    /// How the value is shown; by its kind when absent.
    pub show: Option<Show>,
    /// With `show: tick`, the value that ticks the box; `true` or `false` for a boolean.
    pub is: Option<String>,
    /// With `show: words`, what is printed for each value.
    pub words: Option<BTreeMap<String, String>>,
    /// With `show: digits`, the width of a box; the cell's width is divided when absent.
    pub box_width: Option<f32>,
    /// Printed before the value.
    pub before: Option<String>,
    /// Printed after the value.
    pub after: Option<String>,
    /// Printed in place of a value that is absent.
    pub blank: Option<String>,
    /// Whether the form may be handed in without it.
    pub optional: Option<bool>,
    /// The value is printed only when this CEL is true.
    #[schemars(with = "Option<String>")]
    pub when: Option<Spanned<Expression>>,
    /// How many columns it takes.
    pub across: Option<u32>,
    /// How many rows it takes.
    pub down: Option<u32>,
    /// Size of its text in pt.
    pub size: Option<f32>,
    /// Size of its value in pt.
    pub value_size: Option<f32>,
    /// The smallest size of its value in pt, where it differs from the form's.
    pub smallest: Option<f32>,
    /// Family of its text.
    pub face: Option<Family>,
    /// How its text is placed across the cell.
    pub align: Option<Align>,
    /// How its text is placed up and down in the cell.
    pub valign: Option<VAlign>,
    /// Space left and right.
    pub pad: Option<f32>,
    /// Borders that differ from the table's.
    pub edges: Option<CellEdges>,
    /// Colour behind it, `#rrggbb`.
    pub background: Option<String>,
    /// Set for header cells: what the header is for.
    pub header: Option<Scope>,
}

impl Cell {
    /// The cell with what a style has where the cell has nothing.
    fn or(self, style: &Cell) -> Cell {
        macro_rules! or {
            ($($key:ident),*) => { Cell { $($key: self.$key.or_else(|| style.$key.clone())),* } };
        }
        or!(
            text, field, style, show, is, words, box_width, before, after, blank, optional, when,
            across, down, size, value_size, smallest, face, align, valign, pad, edges, background,
            header
        )
    }
}

impl Form {
    /// The form, `source` being the text it was read from.
    ///
    /// # Errors
    /// Styles and keys that cannot be used, all of them.
    pub fn build(self, source: &str) -> Result<model::Form, Report> {
        let mut builder = Builder { styles: self.styles, source, report: Report::default() };
        let body = self.body.into_iter().map(|block| map(block, |block| builder.block(block)));
        let body = body.collect();
        if builder.report.errors() > 0 {
            return Err(builder.report);
        }
        Ok(model::Form {
            id: self.id,
            order: self.order,
            replaces: self.replaces,
            alias: self.alias,
            title: self.title,
            section: self.section,
            each: self.each,
            source: self.source,
            effective_from: self.effective_from,
            page: self.page,
            sizes: self.sizes,
            fields: self.fields,
            body,
            skip: self.skip,
            rules: self.rules,
            sample: self.sample,
        })
    }
}

/// The JSON Schema of a form definition, for editors.
///
/// ```
/// let schema = onshi::form::definition_schema();
/// assert_eq!(schema["properties"]["sizes"]["$ref"], "#/$defs/Sizes");
/// ```
pub fn definition_schema() -> serde_json::Value {
    let mut schema = schemars::schema_for!(Form).to_value();
    schema["title"] = "onshi form definition".into();
    schema
}

/// The same place with what it holds changed.
fn map<T, U>(spanned: Spanned<T>, change: impl FnOnce(T) -> U) -> Spanned<U> {
    Spanned {
        value: change(spanned.value),
        referenced: spanned.referenced,
        defined: spanned.defined,
    }
}

struct Builder<'a> {
    styles: BTreeMap<String, Spanned<Cell>>,
    source: &'a str,
    report: Report,
}

impl Builder<'_> {
    fn block(&mut self, block: Block) -> model::Block {
        match block {
            Block::Title(text) => model::Block::Title(self.text(text)),
            Block::Heading(text) => model::Block::Heading(self.text(text)),
            Block::Paragraph(text) => model::Block::Paragraph(self.text(text)),
            Block::Table(table) => model::Block::Table(self.table(table, false)),
            Block::Grid(table) => model::Block::Table(self.table(table, true)),
            Block::Line(line) => model::Block::Line(line),
        }
    }

    fn text(&mut self, text: TextBlock) -> model::TextBlock {
        let style = text.style.as_ref().and_then(|style| self.style(style)).unwrap_or_default();
        model::TextBlock {
            text: text.text,
            sample: text.sample,
            x: text.x,
            y: text.y,
            above: text.above,
            width: text.width,
            height: text.height,
            size: text.size.or(style.size),
            face: text.face.or(style.face),
            align: text.align.or(style.align).unwrap_or_default(),
            hang: text.hang,
            border: text.border,
        }
    }

    fn table(&mut self, table: Table, is_grid: bool) -> model::Table {
        let (outer, inner) = match is_grid {
            true => (Stroke::None, Stroke::None),
            false => (Stroke::Heavy, Stroke::Thin),
        };
        let rows = table.rows.into_iter().map(|row| {
            let height = row.value.height.or(table.height);
            if height.is_none() {
                let message = Text::new(
                    "行に height がありません。行か表に高さ（mm）を書いてください",
                    "the row has no height: write it in mm for the row or for the table",
                );
                self.fault(message, &row);
            }
            map(row, |row| model::Row {
                height: height.unwrap_or_default(),
                top: row.top,
                cells: row.cells.into_iter().map(|cell| self.cell(cell)).collect(),
            })
        });
        model::Table {
            rows: rows.collect(),
            x: table.x,
            y: table.y,
            above: table.above,
            columns: table.columns,
            outer: table.outer.unwrap_or(outer),
            inner: table.inner.unwrap_or(inner),
            is_grid,
        }
    }

    fn cell(&mut self, cell: Spanned<Cell>) -> Spanned<model::Cell> {
        let style = cell.value.style.as_ref().and_then(|style| self.style(style));
        let cell = match style {
            Some(style) => map(cell, |cell| cell.or(&style)),
            None => cell,
        };
        let field = cell.value.field.as_ref().and_then(|field| self.path(field));
        map(cell, |cell| model::Cell {
            text: cell.text,
            field,
            show: cell.show,
            is: cell.is,
            words: cell.words.unwrap_or_default(),
            box_width: cell.box_width,
            before: cell.before.unwrap_or_default(),
            after: cell.after.unwrap_or_default(),
            blank: cell.blank.unwrap_or_default(),
            optional: cell.optional.unwrap_or_default(),
            when: cell.when,
            across: cell.across.unwrap_or(1),
            down: cell.down.unwrap_or(1),
            size: cell.size,
            value_size: cell.value_size,
            smallest: cell.smallest,
            face: cell.face.unwrap_or_default(),
            align: cell.align.unwrap_or_default(),
            valign: cell.valign.unwrap_or_default(),
            pad: cell.pad,
            edges: cell.edges.unwrap_or_default(),
            background: cell.background,
            header: cell.header,
        })
    }

    /// The style of this name.
    fn style(&mut self, name: &Spanned<String>) -> Option<Cell> {
        let Some(style) = self.styles.get(&name.value) else {
            let message = Text::new(
                format!("style「{}」は styles にありません", name.value),
                format!("styles has no style {}", name.value),
            );
            let at = place(name, self.source);
            let mut fault = Diagnostic::error("definition", message).at(at);
            fault.hint = suggest(&name.value, self.styles.keys().map(String::as_str));
            self.report.push(fault);
            return None;
        };
        Some(style.value.clone())
    }

    fn path(&mut self, written: &Spanned<String>) -> Option<Spanned<FieldPath>> {
        if let Some(path) = FieldPath::parse(&written.value) {
            return Some(map(written.clone(), |_| path));
        }
        let message = Text::new(
            format!(
                "field「{}」は「a.b」「a.b[0].c」「a.b[c=値].d」のいずれかの形で書きます",
                written.value
            ),
            format!("field `{}` must look like a.b, a.b[0].c or a.b[c=VALUE].d", written.value),
        );
        self.fault(message, written);
        None
    }

    fn fault<T>(&mut self, message: Text, at: &Spanned<T>) {
        let at = place(at, self.source);
        self.report.push(Diagnostic::error("definition", message).at(at));
    }
}
