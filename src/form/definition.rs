//! A form definition once it is read: styles applied, heights and borders that a row or table leaves to others
//! taken from there.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer};
use serde::{Deserialize, Deserializer};

use super::model::{Block, Cell, Form, Row, Table, TextBlock};
use crate::report::{Diagnostic, Report, Text, suggest};
use crate::sheet::Stroke;
use crate::yaml::{Spanned, place};

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

impl Cell {
    /// The cell with what a style has where the cell has nothing.
    fn or(self, style: Cell) -> Cell {
        macro_rules! or {
            ($($key:ident),*) => { Cell { $($key: self.$key.or(style.$key)),* } };
        }
        or!(
            text, field, style, show, is, words, box_width, before, after, blank, optional, when,
            across, down, size, value_size, smallest, face, align, valign, pad, edges, background,
            header
        )
    }
}

impl Form {
    /// The form with its styles applied, `source` being the text it was read from.
    ///
    /// # Errors
    /// Styles, keys and heights that cannot be used, all of them.
    pub(super) fn styled(mut self, source: &str) -> Result<Form, Report> {
        let styles = std::mem::take(&mut self.styles);
        let mut styler = Styler { styles, source, report: Report::default() };
        self.body.iter_mut().for_each(|block| styler.block(&mut block.value));
        self.sample.callouts.iter_mut().for_each(|text| styler.text(text));
        match styler.report.errors() {
            0 => Ok(self),
            _ => Err(styler.report),
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

struct Styler<'a> {
    styles: BTreeMap<String, Spanned<Cell>>,
    source: &'a str,
    report: Report,
}

impl Styler<'_> {
    fn block(&mut self, block: &mut Block) {
        match block {
            Block::Title(text) | Block::Heading(text) | Block::Paragraph(text) => self.text(text),
            Block::Table(table) => self.table(table, Stroke::Heavy, Stroke::Thin),
            Block::Grid(table) => self.table(table, Stroke::None, Stroke::None),
            Block::Line(_) => {}
        }
    }

    fn text(&mut self, text: &mut TextBlock) {
        let Some(style) = text.style.as_ref().and_then(|style| self.style(style)) else { return };
        text.size = text.size.or(style.size);
        text.face = text.face.or(style.face);
        text.align = text.align.or(style.align);
    }

    fn table(&mut self, table: &mut Table, outer: Stroke, inner: Stroke) {
        table.outer.get_or_insert(outer);
        table.inner.get_or_insert(inner);
        for row in &mut table.rows {
            row.value.height = row.value.height.or(table.height);
            if row.value.height.is_none() {
                let message = Text::new(
                    "行に height がありません。行か表に高さ（mm）を書いてください",
                    "the row has no height: write it in mm for the row or for the table",
                );
                self.fault(message, row);
            }
            row.value.cells.iter_mut().for_each(|cell| self.cell(cell));
        }
    }

    fn cell(&mut self, cell: &mut Spanned<Cell>) {
        if let Some(style) = cell.value.style.as_ref().and_then(|style| self.style(style)) {
            cell.value = std::mem::take(&mut cell.value).or(style);
        }
        if let Some(field) = cell.value.field.as_ref().filter(|field| !field.value.is_sound()) {
            let written = &field.value;
            let message = Text::new(
                format!(
                    "field「{written}」は「a.b」「a.b[0].c」「a.b[c=値].d」のいずれかの形で書きます"
                ),
                format!("field `{written}` must look like a.b, a.b[0].c or a.b[c=VALUE].d"),
            );
            self.fault(message, field);
        }
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

    fn fault<T>(&mut self, message: Text, at: &Spanned<T>) {
        let at = place(at, self.source);
        self.report.push(Diagnostic::error("definition", message).at(at));
    }
}
