//! The filled page: what every painter prints.
//!
//! Positions are in millimetres from the page's top left corner, y downwards; text sizes in points.

use std::ops::Range;
use std::sync::Arc;

use super::Picture;
use crate::font::Family;
use crate::paper::PaperPage;

/// One filled page.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// The form's id, for file names and metadata.
    pub form: String,
    /// The form's title as the document's title.
    pub title: String,
    /// Which page of the form it is, from 1.
    pub page: usize,
    /// Whether a page before it has the form's title, which its headings are below.
    pub is_titled: bool,
    /// Page width in mm.
    pub width: f32,
    /// Page height in mm.
    pub height: f32,
    /// The page of somebody else's that it is printed on.
    pub paper: Option<PaperPage>,
    /// The page from top to bottom, in reading order.
    pub blocks: Vec<Block>,
}

impl Sheet {
    /// Every box of the page, in reading order.
    ///
    /// ```
    /// use onshi::form::Forms;
    /// use onshi::layout::{fill, Mode};
    /// let forms = Forms::built_in();
    /// let (sheets, _) = fill(forms.find("別紙2").unwrap(), Mode::Blank, forms);
    /// assert!(sheets[0].areas().all(|area| area.rect.right() <= sheets[0].width));
    /// ```
    pub fn areas(&self) -> impl Iterator<Item = &Area> {
        self.blocks.iter().flat_map(|block| -> Vec<&Area> {
            match block {
                Block::Text { area, .. } => vec![area],
                Block::Table { rows } => rows.iter().flatten().flat_map(|c| &c.areas).collect(),
                Block::Group(cells) => cells.iter().flat_map(|c| &c.areas).collect(),
                Block::Rule { .. } => vec![],
            }
        })
    }
}

/// What the outline calls each of these pages: the first page of a form by its title, the others not.
pub fn outline(sheets: &[Sheet]) -> Vec<String> {
    let name = |sheet: &Sheet| match sheet.page {
        1 => sheet.title.clone(),
        _ => String::new(),
    };
    sheets.iter().map(name).collect()
}

/// A piece of the page, in reading order.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// A title, heading or paragraph.
    Text {
        /// What it is to a reader who cannot see the page.
        role: Role,
        /// Where and what.
        area: Area,
    },
    /// A ruled table.
    Table {
        /// Rows of cells, top to bottom; a cell that spans rows is in its first row. The pages of many records
        /// share the cells that do not depend on a record.
        rows: Vec<Vec<Arc<Cell>>>,
    },
    /// Cells placed side by side that are no table to a reader: each is a paragraph.
    Group(Vec<Arc<Cell>>),
    /// A straight line across the page.
    Rule {
        /// The line.
        line: Line,
    },
}

/// What a text block is to a reader who cannot see the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The form's title.
    Title,
    /// A section's heading.
    Heading,
    /// Running text.
    Paragraph,
}

/// A cell of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// Where and what; one area, or one per digit.
    pub areas: Vec<Area>,
    /// Set for header cells: what the header is for.
    pub header: Option<Scope>,
    /// How many rows it spans.
    pub rows: u32,
    /// How many columns it spans.
    pub columns: u32,
}

/// What a header cell is the header of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Of its row.
    Row,
    /// Of its column.
    Column,
}

/// A box on the page.
#[derive(Clone, Debug, PartialEq)]
pub struct Area {
    /// Its place.
    pub rect: Rect,
    /// Its borders, as they are drawn: neighbours agree on the border they share.
    pub edges: Edges,
    /// Grey or colour behind it.
    pub fill: Option<Color>,
    /// Its text, broken and sized.
    pub lines: Vec<TextLine>,
    /// What is drawn over or beside the text.
    pub marks: Vec<Mark>,
    /// The field whose value is here, or would be.
    pub field: Option<String>,
    /// Whether what stands here depends on the record although it is no field's value: text made of
    /// values, or a stroke.
    pub is_made: bool,
    /// How the text sits across the box.
    pub align: Align,
    /// How the text sits up and down in the box.
    pub valign: VAlign,
}

/// A rectangle in mm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    /// Left edge.
    pub x: f32,
    /// Top edge.
    pub y: f32,
    /// Width.
    pub w: f32,
    /// Height.
    pub h: f32,
}

impl Rect {
    /// The right edge in mm.
    pub fn right(&self) -> f32 {
        self.x + self.w
    }

    /// The bottom edge in mm.
    pub fn bottom(&self) -> f32 {
        self.y + self.h
    }
}

/// The borders of a box.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Edges {
    /// Top border.
    pub top: Stroke,
    /// Right border.
    pub right: Stroke,
    /// Bottom border.
    pub bottom: Stroke,
    /// Left border.
    pub left: Stroke,
}

/// How a border is drawn.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Stroke {
    /// Not at all.
    #[default]
    None,
    /// 0.35 pt, dashed: between a name and its furigana.
    Dashed,
    /// 0.5 pt.
    Thin,
    /// 1.2 pt: the outer border of a table.
    Heavy,
}

impl Stroke {
    /// The line's width in pt; 0 for none.
    pub fn width(self) -> f32 {
        match self {
            Stroke::None => 0.0,
            Stroke::Dashed => 0.35,
            Stroke::Thin => 0.5,
            Stroke::Heavy => 1.2,
        }
    }
}

/// A straight horizontal or vertical line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line {
    /// Start, x in mm.
    pub x1: f32,
    /// Start, y in mm.
    pub y1: f32,
    /// End, x in mm.
    pub x2: f32,
    /// End, y in mm.
    pub y2: f32,
    /// How it is drawn.
    pub stroke: Stroke,
}

/// A colour, red, green and blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Color(pub u8, pub u8, pub u8);

impl Color {
    /// What a form prints.
    pub const BLACK: Color = Color(0, 0, 0);
    /// The values of a 記載例.
    pub const RED: Color = Color(0xD0, 0, 0);

    /// Reads `#rrggbb`.
    ///
    /// ```
    /// use onshi::sheet::Color;
    /// assert_eq!(Color::parse("#ededed"), Some(Color(0xED, 0xED, 0xED)));
    /// assert_eq!(Color::parse("grey"), None);
    /// ```
    pub fn parse(text: &str) -> Option<Color> {
        let hex = text.strip_prefix('#').filter(|hex| hex.len() == 6)?;
        let [_, r, g, b] = u32::from_str_radix(hex, 16).ok()?.to_be_bytes();
        Some(Color(r, g, b))
    }
}

/// A line of text, its runs from left to right.
#[derive(Clone, Debug, PartialEq)]
pub struct TextLine {
    /// The runs.
    pub runs: Vec<Run>,
}

/// A piece of text in one family, size and colour, or a tick box between such pieces.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// What is printed.
    pub content: Content,
    /// Left edge in mm.
    pub x: f32,
    /// The baseline in mm.
    pub baseline: f32,
    /// Width in mm, `spread` included.
    pub width: f32,
    /// Font size in pt.
    pub size: f32,
    /// The family the font chain starts from.
    pub family: Family,
    /// Space added after every character but the last, in mm (均等割付).
    pub spread: f32,
    /// The colour.
    pub color: Color,
    /// Whether this is a value, as opposed to what the form itself prints.
    pub value: bool,
    /// Whether a line is drawn below it.
    pub underline: bool,
    /// Whether its characters stand upright one below the other. `x` is then the left edge of the
    /// column, `baseline` that of the first character, `width` the column's and `spread` the space added
    /// below every character but the last.
    pub vertical: bool,
    /// The address it leads to, such as `https://…` or `mailto:…`.
    pub link: Option<String>,
}

impl Run {
    /// The text, or the character a tick box stands for.
    pub fn text(&self) -> &str {
        match &self.content {
            Content::Text(text) => text,
            Content::Tick(tick) => tick.text(),
        }
    }
}

/// What a run prints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Text, set in the fonts of the chain.
    Text(String),
    /// A tick box, one em wide. It is drawn, because no font of the chain has the character.
    Tick(Tick),
}

/// A tick box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tick {
    /// ☐
    Empty,
    /// ☑
    Ticked,
}

impl Tick {
    /// The character that stands for the box in a text.
    ///
    /// ```
    /// use onshi::sheet::Tick;
    /// assert_eq!(Tick::Ticked.text(), "☑");
    /// ```
    pub fn text(self) -> &'static str {
        match self {
            Tick::Empty => "☐",
            Tick::Ticked => "☑",
        }
    }

    /// The box that a character of a text stands for.
    ///
    /// ```
    /// use onshi::sheet::Tick;
    /// assert_eq!(Tick::of('☐'), Some(Tick::Empty));
    /// assert_eq!(Tick::of('□'), None);
    /// ```
    pub fn of(c: char) -> Option<Tick> {
        match c {
            '☐' => Some(Tick::Empty),
            '☑' => Some(Tick::Ticked),
            _ => None,
        }
    }
}

impl From<bool> for Tick {
    fn from(ticked: bool) -> Tick {
        if ticked { Tick::Ticked } else { Tick::Empty }
    }
}

/// How something on a paper is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// An ellipse round it.
    Circle,
    /// A tick in its box.
    Tick,
}

/// Something drawn, not typeset.
#[derive(Clone, Debug, PartialEq)]
pub enum Mark {
    /// An ellipse round a chosen word.
    Circle {
        /// The box the ellipse fills.
        rect: Rect,
        /// The colour.
        color: Color,
        /// The word inside, where it is read.
        word: Word,
    },
    /// What is chosen of what stands on a paper.
    Chosen {
        /// The box it fills.
        rect: Rect,
        /// How.
        sign: Sign,
        /// The colour.
        color: Color,
        /// What is chosen, where it is read.
        text: String,
    },
    /// A thin stroke from the lower left to the upper right corner: nothing is to stand in the box.
    Diagonal {
        /// The box.
        rect: Rect,
        /// The colour.
        color: Color,
    },
    /// A thin circle round the place of a seal.
    Ring {
        /// The box the circle fills.
        rect: Rect,
    },
    /// A QR code or bar code.
    Code {
        /// The box of the code with the quiet zone around it.
        rect: Rect,
        /// What is black.
        bars: Vec<Rect>,
        /// What it is and what a scanner reads, for who cannot see it.
        alt: String,
    },
    /// A picture.
    Picture {
        /// The box it fills.
        rect: Rect,
        /// The pixels.
        picture: Arc<Picture>,
        /// What it shows, for who cannot see it.
        alt: String,
    },
}

impl Mark {
    /// The box it fills.
    pub fn rect(&self) -> Rect {
        match self {
            Mark::Circle { rect, .. }
            | Mark::Chosen { rect, .. }
            | Mark::Diagonal { rect, .. }
            | Mark::Ring { rect }
            | Mark::Code { rect, .. }
            | Mark::Picture { rect, .. } => *rect,
        }
    }
}

/// A word of an area's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The line, an index into [`Area::lines`].
    pub line: usize,
    /// The run, an index into [`TextLine::runs`].
    pub run: usize,
    /// The bytes of the run's text.
    pub range: Range<usize>,
}

impl Area {
    /// Whether what stands here depends on the record.
    pub fn is_filled(&self) -> bool {
        self.field.is_some() || self.is_made
    }

    /// The characters of a word, if the area has that word.
    pub fn word(&self, word: &Word) -> Option<&str> {
        self.lines.get(word.line)?.runs.get(word.run)?.text().get(word.range.clone())
    }
}

/// How text sits across its box.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Align {
    /// At the left.
    #[default]
    Left,
    /// In the middle.
    Center,
    /// At the right.
    Right,
    /// Spread evenly over the width (均等割付).
    Justify,
}

/// How text sits up and down in its box.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum VAlign {
    /// At the top.
    Top,
    /// In the middle.
    #[default]
    Middle,
    /// At the bottom.
    Bottom,
}

/// Millimetres in one point.
pub const MM_PER_PT: f32 = 25.4 / 72.0;
