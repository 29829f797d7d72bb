//! krilla without tags, PDF/A or PDF/UA: what those cost is the distance from here to onshi, what
//! krilla itself costs the distance from the floor to here.

use std::sync::OnceLock;

use krilla::color::rgb;
use krilla::geom::{Path, PathBuilder, Point};
use krilla::page::PageSettings;
use krilla::paint::{Fill, LineCap, LineJoin, Stroke as Pen, StrokeDash};
use krilla::surface::Surface;
use krilla::text::{Font, GlyphId, KrillaGlyph};
use krilla::{Document, SerializeSettings};
use onshi::font::Face;
use onshi::sheet::{Color, Sheet, Stroke};

use crate::page::{self, Frame, Page, Text, advance_em};

pub fn paint(sheet: &Sheet) -> Vec<u8> {
    let page = page::page(sheet);
    let settings = SerializeSettings {
        xmp_metadata: false,
        enable_tagging: false,
        ..SerializeSettings::default()
    };
    let mut document = Document::new_with(settings);
    let size = PageSettings::from_wh(page.width, page.height).expect("a page has a size");
    let mut leaf = document.start_page_with(size);
    let mut surface = leaf.surface();
    draw(&mut surface, &page);
    surface.finish();
    leaf.finish();
    document.finish().expect("nothing is asked of the page")
}

fn draw(surface: &mut Surface, page: &Page) {
    for (frame, color) in &page.fills {
        path(surface, Some(*color), None, |path| rectangle(path, *frame));
    }
    for rules in page.rules.chunk_by(|a, b| a.stroke == b.stroke) {
        let mut pen = pen(Color::BLACK, rules[0].stroke.width());
        pen.line_cap = LineCap::Square;
        let lines = |path: &mut PathBuilder, rules: &[page::Rule]| {
            for [(x1, y1), (x2, y2)] in rules.iter().map(page::Rule::ends) {
                path.move_to(x1, y1);
                path.line_to(x2, y2);
            }
        };
        if rules[0].stroke == Stroke::Dashed {
            for rule in rules {
                let array = rule.dash().into_iter().flatten().collect();
                let dash = Some(StrokeDash { array, offset: 0.0 });
                let pen = Pen { dash, line_cap: LineCap::Butt, ..pen.clone() };
                path(surface, None, Some(pen), |path| lines(path, &[*rule]));
            }
        } else {
            path(surface, None, Some(pen), |path| lines(path, rules));
        }
    }
    page.texts.iter().for_each(|text| glyphs(surface, text));
    for (frame, color) in &page.ellipses {
        let ((x, y), quarters) = frame.ellipse();
        path(surface, None, Some(pen(*color, 0.6)), |path| {
            path.move_to(x, y);
            for [(x1, y1), (x2, y2), (x3, y3)] in quarters {
                path.cubic_to(x1, y1, x2, y2, x3, y3);
            }
            path.close();
        });
    }
    for tick in &page.ticks {
        let frame = tick.frame;
        let line = pen(Color::BLACK, Stroke::Thin.width());
        path(surface, None, Some(line), |path| rectangle(path, frame));
        if tick.ticked {
            let at = |x: f32, y: f32| (frame.x + x * frame.w, frame.y + y * frame.h);
            let ((x1, y1), (x2, y2), (x3, y3)) = (at(0.16, 0.48), at(0.42, 0.8), at(1.06, -0.1));
            let (line_cap, line_join) = (LineCap::Round, LineJoin::Round);
            let pen = Pen { line_cap, line_join, ..pen(tick.color, 1.2) };
            path(surface, None, Some(pen), |path| {
                path.move_to(x1, y1);
                path.line_to(x2, y2);
                path.line_to(x3, y3);
            });
        }
    }
}

fn glyphs(surface: &mut Surface, text: &Text) {
    let mut string = String::new();
    let glyphs: Vec<KrillaGlyph> = text
        .glyphs
        .iter()
        .map(|(glyph, character)| {
            let start = string.len();
            string.push(*character);
            let advance = advance_em(text.face, *glyph) + text.spread / text.size;
            let id = GlyphId::new(u32::from(*glyph));
            KrillaGlyph::new(id, advance, 0.0, 0.0, 0.0, start..string.len(), None)
        })
        .collect();
    surface.set_stroke(None);
    surface.set_fill(Some(fill(text.color)));
    let start = Point::from_xy(text.x, text.baseline);
    surface.draw_glyphs(start, &glyphs, font(text.face), &string, text.size, false);
}

fn path(
    surface: &mut Surface,
    inside: Option<Color>,
    pen: Option<Pen>,
    build: impl FnOnce(&mut PathBuilder),
) {
    let mut path = PathBuilder::new();
    build(&mut path);
    let path: Path = path.finish().expect("what is drawn has a size");
    surface.set_fill(inside.map(fill));
    surface.set_stroke(pen);
    surface.draw_path(&path);
}

fn rectangle(path: &mut PathBuilder, Frame { x, y, w, h }: Frame) {
    path.move_to(x, y);
    path.line_to(x + w, y);
    path.line_to(x + w, y + h);
    path.line_to(x, y + h);
    path.close();
}

fn font(face: Face) -> Font {
    static FONTS: [OnceLock<Font>; 4] = [const { OnceLock::new() }; 4];
    let parse = || Font::new(face.data().into(), 0).expect("the faces compiled in are TrueType");
    FONTS[face as usize].get_or_init(parse).clone()
}

fn fill(Color(r, g, b): Color) -> Fill {
    Fill { paint: rgb::Color::new(r, g, b).into(), ..Fill::default() }
}

fn pen(Color(r, g, b): Color, width: f32) -> Pen {
    Pen { paint: rgb::Color::new(r, g, b).into(), width, ..Pen::default() }
}
