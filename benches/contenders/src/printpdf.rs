//! printpdf with `text_layout`, without which it embeds the fonts whole.

use std::sync::OnceLock;

use onshi::font::Face;
use onshi::sheet::{Color, Sheet, Stroke};
use printpdf::{
    Codepoint, FontId, Line, LineCapStyle, LineDashPattern, LineJoinStyle, LinePoint, Mm, Op,
    PaintMode, ParsedFont, PdfDocument, PdfFontHandle, PdfPage, PdfSaveOptions, Point, Polygon,
    PolygonRing, Pt, Rgb, TextItem, TextMatrix, WindingOrder,
};

use crate::page::{self, Frame, Page};

pub fn paint(sheet: &Sheet) -> Vec<u8> {
    let page = page::page(sheet);
    let mut document = PdfDocument::new(&sheet.title);
    let mut ops = Vec::new();
    draw(&mut document, &mut ops, &page);
    let page = PdfPage::new(Mm(sheet.width), Mm(sheet.height), ops);
    document.with_pages(vec![page]).save(&PdfSaveOptions::default(), &mut Vec::new())
}

fn draw(document: &mut PdfDocument, ops: &mut Vec<Op>, page: &Page) {
    // Its y runs upwards.
    let at = |(x, y): (f32, f32)| Point { x: Pt(x), y: Pt(page.height - y) };
    let point = |xy| LinePoint { p: at(xy), bezier: false };
    let corners = |Frame { x, y, w, h }: Frame| {
        [(x, y), (x + w, y), (x + w, y + h), (x, y + h)].map(point).to_vec()
    };
    let line = |points, is_closed| Op::DrawLine { line: Line { points, is_closed } };
    for (frame, col) in &page.fills {
        ops.push(Op::SetFillColor { col: color(*col) });
        ops.push(Op::DrawPolygon {
            polygon: Polygon {
                rings: vec![PolygonRing { points: corners(*frame) }],
                mode: PaintMode::Fill,
                winding_order: WindingOrder::NonZero,
            },
        });
    }
    ops.push(Op::SetOutlineColor { col: color(Color::BLACK) });
    for rule in &page.rules {
        let cap = match rule.stroke {
            Stroke::Dashed => LineCapStyle::Butt,
            _ => LineCapStyle::ProjectingSquare,
        };
        let dash = rule.dash();
        let pattern = dash.map_or_else(LineDashPattern::solid, |d| LineDashPattern::new(0.0, &d));
        ops.push(Op::SetLineCapStyle { cap });
        ops.push(Op::SetLineDashPattern { dash: pattern });
        ops.push(Op::SetOutlineThickness { pt: Pt(rule.stroke.width()) });
        ops.push(line(rule.ends().map(point).to_vec(), false));
    }
    texts(document, ops, page);
    for (frame, col) in &page.ellipses {
        let (start, quarters) = frame.ellipse();
        let mut points = vec![point(start)];
        for [first, second, end] in quarters {
            let handle = |xy| LinePoint { p: at(xy), bezier: true };
            points.extend([handle(first), handle(second), point(end)]);
        }
        ops.push(Op::SetOutlineColor { col: color(*col) });
        ops.push(Op::SetOutlineThickness { pt: Pt(0.6) });
        ops.push(line(points, true));
    }
    for tick in &page.ticks {
        let frame = tick.frame;
        ops.push(Op::SetOutlineColor { col: color(Color::BLACK) });
        ops.push(Op::SetOutlineThickness { pt: Pt(Stroke::Thin.width()) });
        ops.push(line(corners(frame), true));
        if tick.ticked {
            let inside = |x: f32, y: f32| point((frame.x + x * frame.w, frame.y + y * frame.h));
            let points = vec![inside(0.16, 0.48), inside(0.42, 0.8), inside(1.06, -0.1)];
            ops.push(Op::SetOutlineColor { col: color(tick.color) });
            ops.push(Op::SetOutlineThickness { pt: Pt(1.2) });
            ops.push(Op::SetLineCapStyle { cap: LineCapStyle::Round });
            ops.push(Op::SetLineJoinStyle { join: LineJoinStyle::Round });
            ops.push(line(points, false));
        }
    }
}

fn texts(document: &mut PdfDocument, ops: &mut Vec<Op>, page: &Page) {
    let mut fonts: [Option<FontId>; 4] = [const { None }; 4];
    ops.push(Op::StartTextSection);
    for text in &page.texts {
        let font = fonts[text.face as usize].get_or_insert_with(|| document.add_font(font(text.face)));
        let font = PdfFontHandle::External(font.clone());
        ops.push(Op::SetFont { font, size: Pt(text.size) });
        ops.push(Op::SetFillColor { col: color(text.color) });
        ops.push(Op::SetCharacterSpacing { multiplier: text.spread });
        let (x, y) = (Pt(text.x), Pt(page.height - text.baseline));
        ops.push(Op::SetTextMatrix { matrix: TextMatrix::Translate(x, y) });
        let codepoint = |(glyph, c): &(u16, char)| Codepoint::with_cid(*glyph, 0.0, c.to_string());
        let items = vec![TextItem::GlyphIds(text.glyphs.iter().map(codepoint).collect())];
        ops.push(Op::ShowText { items });
    }
    ops.push(Op::EndTextSection);
}

fn font(face: Face) -> &'static ParsedFont {
    static FONTS: [OnceLock<ParsedFont>; 4] = [const { OnceLock::new() }; 4];
    FONTS[face as usize].get_or_init(|| {
        ParsedFont::from_bytes(face.data(), 0, &mut Vec::new()).expect("the faces are TrueType")
    })
}

fn color(Color(r, g, b): Color) -> printpdf::Color {
    let [r, g, b] = [r, g, b].map(|part| f32::from(part) / 255.0);
    printpdf::Color::Rgb(Rgb { r, g, b, icc_profile: None })
}
