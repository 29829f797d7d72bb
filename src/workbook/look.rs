//! How text looks in a cell.

use rust_xlsxwriter::{Color as XlColor, Format, FormatUnderline};

use crate::font::Family;
use crate::sheet::{Color, Run};

/// How text looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    /// The family.
    pub family: Family,
    /// Size in pt.
    pub size: f32,
    /// The colour.
    pub color: Color,
    /// Whether a line is drawn below it.
    pub underline: bool,
}

impl Look {
    pub(super) fn of(run: &Run) -> Look {
        Look { family: run.family, size: run.size, color: run.color, underline: run.underline }
    }

    pub(super) fn font(self, format: Format) -> Format {
        let name = match self.family {
            Family::Mincho => "BIZ UD明朝",
            Family::Gothic | Family::Bold => "BIZ UDゴシック",
        };
        // Excel knows halves of a point; a smaller size never leaves the cell.
        let size = (self.size * 2.0).floor() / 2.0;
        let mut format = format.set_font_name(name).set_font_size(size);
        if self.family == Family::Bold {
            format = format.set_bold();
        }
        if self.underline {
            format = format.set_underline(FormatUnderline::Single);
        }
        if self.color == Color::BLACK { format } else { format.set_font_color(rgb(self.color)) }
    }
}

pub(super) fn rgb(Color(r, g, b): Color) -> XlColor {
    XlColor::RGB(u32::from_be_bytes([0, r, g, b]))
}
