//! genpdf. Its tables know no spans, so the page is an element of our own that prints text and
//! lines where the sheet has them. Beyond it: sizes that are no whole points, line widths, dashes,
//! grey behind a cell, the spread of 均等割付, curves.

use std::sync::OnceLock;

use genpdf::elements::PaddedElement;
use genpdf::fonts::{Font, FontData, FontFamily};
use genpdf::render::Area;
use genpdf::style::Style;
use genpdf::{Context, Document, Element, Margins, Position, RenderResult, Size};
use onshi::font::Face;
use onshi::sheet::{Color, MM_PER_PT, Sheet};
use printpdf_of_genpdf::BuiltinFont;

use crate::page::{self, Page};

pub fn paint(sheet: &Sheet) -> Vec<u8> {
    let mut document = Document::new(family().clone());
    document.set_minimal_conformance();
    document.set_paper_size((f64::from(sheet.width), f64::from(sheet.height)));
    document.set_title(&sheet.title);
    document.push(PaddedElement::new(Whole(page::page(sheet)), Margins::all(0)));
    let mut out = Vec::new();
    document.render(&mut out).expect("the page is one page");
    out
}

/// A family has four slots; a face of its own for the last, which no text of the page has, would be
/// embedded all the same.
fn family() -> &'static FontFamily<FontData> {
    static FAMILY: OnceLock<FontFamily<FontData>> = OnceLock::new();
    FAMILY.get_or_init(|| {
        let font = |face: Face, builtin| {
            FontData::new(face.data().to_vec(), builtin).expect("the faces are TrueType")
        };
        FontFamily {
            regular: font(Face::Mincho, None),
            bold: font(Face::Gothic, None),
            italic: font(Face::Bold, None),
            bold_italic: font(Face::Bold, Some(BuiltinFont::Helvetica)),
        }
    })
}

struct Whole(Page);

impl Element for Whole {
    fn render(
        &mut self,
        context: &Context,
        area: Area<'_>,
        _: Style,
    ) -> Result<RenderResult, genpdf::error::Error> {
        let at = |(x, y): (f32, f32)| {
            Position::new(f64::from(x * MM_PER_PT), f64::from(y * MM_PER_PT))
        };
        for rule in &self.0.rules {
            area.draw_line(rule.ends().map(at).to_vec(), Style::new());
        }
        for text in &self.0.texts {
            let Color(r, g, b) = text.color;
            let size = text.size.round() as u8;
            let mut style = Style::new().with_font_size(size);
            style.set_color(genpdf::style::Color::Rgb(r, g, b));
            match text.face {
                Face::Mincho => {}
                Face::Gothic => style.set_bold(),
                Face::Bold => style.set_italic(),
                Face::Ipamj => panic!("a family has no slot for a fourth face"),
            }
            let font: Font = style.font(&context.font_cache);
            let mut position = at((text.x, text.baseline));
            position.y -= font.glyph_height(size);
            let string: String = text.glyphs.iter().map(|(_, c)| c).collect();
            area.print_str(&context.font_cache, position, style, string)?;
        }
        let size = Size::new(f64::from(self.0.width * MM_PER_PT), f64::from(self.0.height * MM_PER_PT));
        Ok(RenderResult { size, has_more: false })
    }
}
