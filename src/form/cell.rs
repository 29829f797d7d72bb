//! A cell of a form: what it prints, the field it takes, how it looks.
//!
//! Lengths are millimetres, text sizes points.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::Code;
use super::Diagonal;
use super::Field;
use super::Part;
use super::Picture;
use super::links::Links;
use super::rule::ITEM;
use crate::expr::Expression;
use crate::expr::Template;
use crate::font::Family;
use crate::key::FieldPath;
use crate::key::plain_key;
use crate::sheet::Align;
use crate::sheet::Scope;
use crate::sheet::Stroke;
use crate::sheet::VAlign;
use crate::yaml::Spanned;
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
    pub words: Option<BTreeMap<String, String>>,
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

    /// The same values as they are printed.
    pub(crate) fn in_words(&self, values: Vec<String>) -> Vec<String> {
        values.iter().map(|value| self.words(value).to_owned()).collect()
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
