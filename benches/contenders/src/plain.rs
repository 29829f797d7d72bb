//! krilla without tags, PDF/A or PDF/UA: what those cost is the distance from here to onshi, what
//! krilla itself costs the distance from the floor to here.

use std::sync::OnceLock;

use common::fonts::{FACES, advance_em, glyph};
use common::{Color, Frame, Page, Text};
use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point};
use krilla::page::PageSettings;
use krilla::paint::{Fill, LineCap, Stroke as Pen, StrokeDash};
use krilla::surface::Surface;
use krilla::text::{Font, GlyphId, KrillaGlyph};
use krilla::{Document, SerializeSettings};

const BLACK: Color = [0; 3];

pub fn paint(page: &Page) -> Vec<u8> {
    let settings = SerializeSettings {
        xmp_metadata: false,
        enable_tagging: false,
        ..SerializeSettings::default()
    };
    let mut document = Document::new_with(settings);
    let size = PageSettings::from_wh(page.width, page.height).expect("a page has a size");
    let mut leaf = document.start_page_with(size);
    let mut surface = leaf.surface();
    draw(&mut surface, page);
    surface.finish();
    leaf.finish();
    document.finish().expect("nothing is asked of the page")
}

fn draw(surface: &mut Surface, page: &Page) {
    for (frame, color) in &page.fills {
        path(surface, Some(*color), None, |path| rectangle(path, *frame));
    }
    for rules in page.rules().chunk_by(|a, b| a.width == b.width) {
        let line = |path: &mut PathBuilder, rule: &common::Rule| {
            let [(x1, y1), (x2, y2)] = rule.ends();
            path.move_to(x1, y1);
            path.line_to(x2, y2);
        };
        if rules[0].dashed {
            for rule in rules {
                let array = rule.dash().into_iter().flatten().collect();
                let dash = Some(StrokeDash { array, offset: 0.0 });
                let pen = Pen { dash, ..pen(rule.width) };
                path(surface, None, Some(pen), |path| line(path, rule));
            }
        } else {
            let pen = Pen { line_cap: LineCap::Square, ..pen(rules[0].width) };
            path(surface, None, Some(pen), |path| rules.iter().for_each(|rule| line(path, rule)));
        }
    }
    page.texts.iter().for_each(|text| glyphs(surface, text));
}

fn glyphs(surface: &mut Surface, text: &Text) {
    let place = |(start, character): (usize, char)| {
        let id = glyph(text.face, character).expect("the page has no character without glyph");
        let advance = advance_em(text.face, id) + text.spread / text.size;
        let range = start..start + character.len_utf8();
        KrillaGlyph::new(GlyphId::new(id.into()), advance, 0.0, 0.0, 0.0, range, None)
    };
    let glyphs: Vec<KrillaGlyph> = text.text.char_indices().map(place).collect();
    surface.set_stroke(None);
    surface.set_fill(Some(fill(text.color)));
    let start = Point::from_xy(text.x, text.baseline);
    surface.draw_glyphs(start, &glyphs, font(text.face), &text.text, text.size, false);
}

fn path(
    surface: &mut Surface,
    inside: Option<Color>,
    pen: Option<Pen>,
    build: impl FnOnce(&mut PathBuilder),
) {
    let mut path = PathBuilder::new();
    build(&mut path);
    surface.set_fill(inside.map(fill));
    surface.set_stroke(pen);
    surface.draw_path(&path.finish().expect("what is drawn has a size"));
}

fn rectangle(path: &mut PathBuilder, Frame { x, y, w, h }: Frame) {
    path.move_to(x, y);
    path.line_to(x + w, y);
    path.line_to(x + w, y + h);
    path.line_to(x, y + h);
    path.close();
}

fn font(face: usize) -> Font {
    static FONTS: [OnceLock<Font>; 4] = [const { OnceLock::new() }; 4];
    let parse = || Font::new(FACES[face].into(), 0).expect("the faces are TrueType");
    FONTS[face].get_or_init(parse).clone()
}

fn fill([r, g, b]: Color) -> Fill {
    Fill { paint: rgb::Color::new(r, g, b).into(), ..Fill::default() }
}

fn pen(width: f32) -> Pen {
    let [r, g, b] = BLACK;
    Pen { paint: rgb::Color::new(r, g, b).into(), width, ..Pen::default() }
}
