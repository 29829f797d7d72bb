//! printpdf with `text_layout`, without which it embeds the fonts whole.

use std::sync::OnceLock;

use common::fonts::{FACES, glyph};
use common::{Color, Frame, Page};
use printpdf::{
    Codepoint, FontId, Line, LineCapStyle, LineDashPattern, LinePoint, Mm, Op, PaintMode,
    ParsedFont, PdfDocument, PdfFontHandle, PdfPage, PdfSaveOptions, Point, Polygon, PolygonRing,
    Pt, Rgb, TextItem, TextMatrix, WindingOrder,
};

pub fn paint(page: &Page) -> Vec<u8> {
    let mut document = PdfDocument::new(&page.title);
    let mut ops = Vec::new();
    ground(&mut ops, page);
    texts(&mut document, &mut ops, page);
    let (width, height) = (Mm::from(Pt(page.width)), Mm::from(Pt(page.height)));
    let page = PdfPage::new(width, height, ops);
    document.with_pages(vec![page]).save(&PdfSaveOptions::default(), &mut Vec::new())
}

fn ground(ops: &mut Vec<Op>, page: &Page) {
    // Its y runs upwards.
    let point = |(x, y): (f32, f32)| LinePoint {
        p: Point { x: Pt(x), y: Pt(page.height - y) },
        bezier: false,
    };
    for (Frame { x, y, w, h }, col) in &page.fills {
        let corners = [(*x, *y), (x + w, *y), (x + w, y + h), (*x, y + h)];
        ops.push(Op::SetFillColor { col: color(*col) });
        ops.push(Op::DrawPolygon {
            polygon: Polygon {
                rings: vec![PolygonRing { points: corners.map(point).to_vec() }],
                mode: PaintMode::Fill,
                winding_order: WindingOrder::NonZero,
            },
        });
    }
    ops.push(Op::SetOutlineColor { col: color([0; 3]) });
    for rules in page.rules().chunk_by(|a, b| a.width == b.width) {
        let cap = match rules[0].dashed {
            true => LineCapStyle::Butt,
            false => LineCapStyle::ProjectingSquare,
        };
        ops.push(Op::SetLineCapStyle { cap });
        ops.push(Op::SetOutlineThickness { pt: Pt(rules[0].width) });
        for rule in rules {
            if let Some(dash) = rule.dash() {
                ops.push(Op::SetLineDashPattern { dash: LineDashPattern::new(0.0, &dash) });
            }
            let points = rule.ends().map(point).to_vec();
            ops.push(Op::DrawLine { line: Line { points, is_closed: false } });
        }
        ops.push(Op::SetLineDashPattern { dash: LineDashPattern::solid() });
    }
}

fn texts(document: &mut PdfDocument, ops: &mut Vec<Op>, page: &Page) {
    let mut fonts: [Option<FontId>; 4] = [const { None }; 4];
    ops.push(Op::StartTextSection);
    for text in &page.texts {
        let id = fonts[text.face].get_or_insert_with(|| document.add_font(font(text.face)));
        let font = PdfFontHandle::External(id.clone());
        ops.push(Op::SetFont { font, size: Pt(text.size) });
        ops.push(Op::SetFillColor { col: color(text.color) });
        ops.push(Op::SetCharacterSpacing { multiplier: text.spread });
        let (x, y) = (Pt(text.x), Pt(page.height - text.baseline));
        ops.push(Op::SetTextMatrix { matrix: TextMatrix::Translate(x, y) });
        let codepoint = |c: char| {
            let glyph = glyph(text.face, c).expect("the page has no character without glyph");
            Codepoint::with_cid(glyph, 0.0, c.to_string())
        };
        let items = vec![TextItem::GlyphIds(text.text.chars().map(codepoint).collect())];
        ops.push(Op::ShowText { items });
    }
    ops.push(Op::EndTextSection);
}

fn font(face: usize) -> &'static ParsedFont {
    static FONTS: [OnceLock<ParsedFont>; 4] = [const { OnceLock::new() }; 4];
    FONTS[face].get_or_init(|| {
        ParsedFont::from_bytes(FACES[face], 0, &mut Vec::new()).expect("the faces are TrueType")
    })
}

fn color(color: Color) -> printpdf::Color {
    let [r, g, b] = color.map(|part| f32::from(part) / 255.0);
    printpdf::Color::Rgb(Rgb { r, g, b, icc_profile: None })
}
