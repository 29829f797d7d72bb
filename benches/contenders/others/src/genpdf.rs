//! genpdf. Its tables know no spans, so the page is an element of our own that prints text and
//! lines where they belong. Beyond it: sizes that are no whole points, line widths, dashes, grey
//! behind a cell, the spread of 均等割付.

use std::sync::OnceLock;

use common::Page;
use common::fonts::FACES;
use genpdf::fonts::{FontData, FontFamily};
use genpdf::render::Area;
use genpdf::style::Style;
use genpdf::{Context, Document, Element, Position, RenderResult, Size};
use printpdf_of_genpdf::BuiltinFont;

pub fn paint(page: &Page) -> Vec<u8> {
    let mut document = Document::new(family().clone());
    document.set_minimal_conformance();
    document.set_paper_size((mm(page.width), mm(page.height)));
    document.set_title(&page.title);
    // An element lives as long as its document, which borrows nothing.
    let json = serde_json::to_vec(page).expect("a page is JSON");
    document.push(Whole(serde_json::from_slice(&json).expect("just written")));
    let mut out = Vec::new();
    document.render(&mut out).expect("the page is one page");
    out
}

fn mm(pt: f32) -> f64 {
    f64::from(pt) * 25.4 / 72.0
}

/// A family has four slots; a face of its own for the last, which no text of the page has, would be
/// embedded all the same.
fn family() -> &'static FontFamily<FontData> {
    static FAMILY: OnceLock<FontFamily<FontData>> = OnceLock::new();
    FAMILY.get_or_init(|| {
        let font = |face: usize, builtin| {
            FontData::new(FACES[face].to_vec(), builtin).expect("the faces are TrueType")
        };
        FontFamily {
            regular: font(0, None),
            bold: font(1, None),
            italic: font(2, None),
            bold_italic: font(2, Some(BuiltinFont::Helvetica)),
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
        let at = |(x, y): (f32, f32)| Position::new(mm(x), mm(y));
        for rule in &self.0.rules() {
            area.draw_line(rule.ends().map(at).to_vec(), Style::new());
        }
        for text in &self.0.texts {
            let [r, g, b] = text.color;
            let size = text.size.round() as u8;
            let mut style = Style::new().with_font_size(size);
            style.set_color(genpdf::style::Color::Rgb(r, g, b));
            match text.face {
                0 => {}
                1 => style.set_bold(),
                2 => style.set_italic(),
                _ => panic!("a family has no slot for a fourth face"),
            }
            let mut position = at((text.x, text.baseline));
            position.y -= style.font(&context.font_cache).glyph_height(size);
            area.print_str(&context.font_cache, position, style, &text.text)?;
        }
        let size = Size::new(mm(self.0.width), mm(self.0.height));
        Ok(RenderResult { size, has_more: false })
    }
}
