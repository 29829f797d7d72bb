//! How values are entered: in a column of a roster, in a cell of a workbook, on a web page.

/// A column of a roster.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ColumnStyle {
    /// Excel's number format of its cells.
    pub number_format: &'static str,
    /// Its width in characters.
    pub width: f64,
}

impl ColumnStyle {
    /// Cells of text: Excel keeps leading zeros, and turns nothing into a date.
    pub(super) const TEXT: ColumnStyle = ColumnStyle { number_format: "@", width: 14.0 };
    /// Cells of whole numbers.
    pub(super) const NUMBER: ColumnStyle = ColumnStyle { number_format: "0", width: 8.0 };
}

/// How a value is entered in a workbook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// Text, from so many to so many characters where that is known.
    Text(Option<(u32, u32)>),
    /// One of a list.
    Choice(Vec<String>),
    /// One of a list that the form prints, a circle round the word.
    Circle(Vec<String>),
    /// A day.
    Date(Calendar),
    /// A year and a month.
    YearMonth,
    /// A whole number from … to ….
    Whole(i32, i32),
    /// A box a digit.
    Digits(usize),
    /// A tick box for this value of the field.
    Tick(String),
}

/// How a day is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Calendar {
    /// 令和6年4月1日
    Reiwa,
    /// 西暦2024年4月1日
    Western,
    /// 2024-04-01
    Iso,
}

/// How a value is entered on a web page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Control {
    /// `<input>` on one line. A day is one too: it may be written in many ways, with an era or without.
    Line {
        /// Its `type`: `text`, `tel` or `email`.
        kind: &'static str,
        /// Its `inputmode`, which chooses the keyboard of a telephone.
        mode: &'static str,
        /// How many full-width characters its values have at most; none where there is no telling.
        width: Option<u8>,
    },
    /// `<select>` with these values.
    Select(Vec<String>),
}

impl Control {
    /// A line of text.
    pub(super) const TEXT: Control = Control::Line { kind: "text", mode: "text", width: None };
    /// A day or a month, in every spelling.
    pub(super) const DAY: Control = Control::Line { kind: "text", mode: "text", width: Some(15) };

    /// A line of digits. `type="number"` would drop leading zeros and take `e`.
    pub(super) const fn digits(width: u8) -> Control {
        Control::Line { kind: "text", mode: "numeric", width: Some(width) }
    }
}
