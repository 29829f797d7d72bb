//! The floor: pdf-writer and subsetter by hand, the least that prints the page and lets its text be
//! taken out. Neither tags nor metadata.

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use pdf_writer::types::{CidFontType, FontFlags, LineCapStyle, SystemInfo, UnicodeCmap};
use pdf_writer::{Content, Filter, Finish, Name, Pdf, Rect, Ref, Str};
use subsetter::GlyphRemapper;

use crate::fonts::{FACES, advance_em, glyph, parsed};
use crate::page::{Color, Page};

/// What a face has given to the page.
struct Used {
    face: usize,
    glyphs: GlyphRemapper,
    /// The characters of the subset's glyphs, from glyph 1 on.
    characters: Vec<char>,
}

impl Used {
    fn cid(&mut self, character: char) -> u16 {
        let glyph = glyph(self.face, character).expect("the page has no character without glyph");
        let cid = self.glyphs.remap(glyph);
        if usize::from(cid) > self.characters.len() {
            self.characters.push(character);
        }
        cid
    }
}

const FONTS: [Name; 4] = [Name(b"F0"), Name(b"F1"), Name(b"F2"), Name(b"F3")];
const SYSTEM: SystemInfo =
    SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };

pub fn paint(page: &Page) -> Vec<u8> {
    let (content, fonts) = content(page);
    let mut next = 0;
    let mut id = || {
        next += 1;
        Ref::new(next)
    };
    let (catalog, pages, page_id, content_id) = (id(), id(), id(), id());
    let mut pdf = Pdf::new();
    pdf.catalog(catalog).pages(pages);
    pdf.pages(pages).kids([page_id]).count(1);
    let fonts: Vec<(Ref, Used)> =
        fonts.into_iter().flatten().map(|used| (font(&mut pdf, &used, &mut id), used)).collect();
    let mut leaf = pdf.page(page_id);
    leaf.parent(pages).media_box(Rect::new(0.0, 0.0, page.width, page.height));
    leaf.contents(content_id);
    let mut resources = leaf.resources();
    let mut names = resources.fonts();
    for (id, used) in &fonts {
        names.pair(FONTS[used.face], *id);
    }
    names.finish();
    resources.finish();
    leaf.finish();
    pdf.stream(content_id, &deflate(&content)).filter(Filter::FlateDecode);
    pdf.finish()
}

/// The level is krilla's.
fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::new(6));
    encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("memory takes all")
}

fn content(page: &Page) -> (Vec<u8>, [Option<Used>; 4]) {
    let mut out = Content::new();
    // The page's y runs downwards from here on: texts turn their glyphs over.
    out.transform([1.0, 0.0, 0.0, -1.0, 0.0, page.height]);
    for (frame, color) in &page.fills {
        fill(&mut out, *color);
        out.rect(frame.x, frame.y, frame.w, frame.h).fill_nonzero();
    }
    for rules in page.rules().chunk_by(|a, b| a.width == b.width) {
        out.set_line_width(rules[0].width);
        // A solid line reaches half its width past its ends, so that corners are square.
        let cap = match rules[0].dashed {
            true => LineCapStyle::ButtCap,
            false => LineCapStyle::ProjectingSquareCap,
        };
        out.set_line_cap(cap);
        for rule in rules {
            let [(x1, y1), (x2, y2)] = rule.ends();
            if let Some(dash) = rule.dash() {
                out.set_dash_pattern(dash, 0.0);
            }
            out.move_to(x1, y1).line_to(x2, y2);
            if rule.dashed {
                out.stroke().set_dash_pattern([], 0.0);
            }
        }
        if !rules[0].dashed {
            out.stroke();
        }
    }
    let fonts = texts(&mut out, page);
    (out.finish().into_vec(), fonts)
}

fn texts(out: &mut Content, page: &Page) -> [Option<Used>; 4] {
    let mut fonts = [const { None }; 4];
    out.begin_text();
    let (mut face, mut color, mut spread) = (None, None, 0.0);
    let mut bytes = Vec::new();
    for text in &page.texts {
        let used: &mut Used = fonts[text.face].get_or_insert_with(|| Used {
            face: text.face,
            glyphs: GlyphRemapper::new(),
            characters: vec![],
        });
        if face != Some((text.face, text.size)) {
            face = Some((text.face, text.size));
            out.set_font(FONTS[text.face], text.size);
        }
        if color != Some(text.color) {
            color = Some(text.color);
            fill(out, text.color);
        }
        if spread != text.spread {
            spread = text.spread;
            out.set_char_spacing(spread);
        }
        out.set_text_matrix([1.0, 0.0, 0.0, -1.0, text.x, text.baseline]);
        bytes.clear();
        bytes.extend(text.text.chars().flat_map(|c| used.cid(c).to_be_bytes()));
        out.show(Str(&bytes));
    }
    out.end_text();
    fonts
}

fn fill(out: &mut Content, color: Color) {
    let [r, g, b] = color.map(|part| f32::from(part) / 255.0);
    out.set_fill_rgb(r, g, b);
}

fn font(pdf: &mut Pdf, used: &Used, id: &mut impl FnMut() -> Ref) -> Ref {
    let (font, cid_font, descriptor, cmap_id, file) = (id(), id(), id(), id(), id());
    let face = parsed(used.face);
    let units = |value: i16| f32::from(value) * 1000.0 / f32::from(face.units_per_em());
    let name = format!("FLOORA+Face{}", used.face);
    let name = Name(name.as_bytes());
    pdf.type0_font(font)
        .base_font(name)
        .encoding_predefined(Name(b"Identity-H"))
        .descendant_font(cid_font)
        .to_unicode(cmap_id);
    let mut cid = pdf.cid_font(cid_font);
    cid.subtype(CidFontType::Type2).base_font(name).system_info(SYSTEM);
    cid.font_descriptor(descriptor).cid_to_gid_map_predefined(Name(b"Identity"));
    let widths = used.glyphs.remapped_gids().map(|glyph| advance_em(used.face, glyph) * 1000.0);
    cid.widths().consecutive(0, widths);
    cid.finish();
    let bounds = face.global_bounding_box();
    let [left, bottom, right, top] =
        [bounds.x_min, bounds.y_min, bounds.x_max, bounds.y_max].map(units);
    pdf.font_descriptor(descriptor)
        .name(name)
        .flags(FontFlags::SYMBOLIC)
        .bbox(Rect::new(left, bottom, right, top))
        .italic_angle(0.0)
        .ascent(units(face.ascender()))
        .descent(units(face.descender()))
        .cap_height(units(face.capital_height().unwrap_or(0)))
        .stem_v(80.0)
        .font_file2(file);
    let mut cmap = UnicodeCmap::new(Name(b"Custom"), SYSTEM);
    for (cid, character) in (1u16..).zip(&used.characters) {
        cmap.pair(cid, *character);
    }
    pdf.cmap(cmap_id, &deflate(&cmap.finish())).filter(Filter::FlateDecode);
    let subset = subsetter::subset(FACES[used.face], 0, &used.glyphs).expect("the faces subset");
    let deflated = deflate(&subset);
    let mut stream = pdf.stream(file, &deflated);
    stream.filter(Filter::FlateDecode);
    stream.pair(Name(b"Length1"), i32::try_from(subset.len()).expect("a subset is small"));
    stream.finish();
    font
}
