//! A part of a TrueType font: the glyphs that are used, and no others. Instructions for screens of few dots are left
//! out, paper has dots enough and they are a fifth of the font; so are its names, a PDF calls a font itself.

use std::collections::HashMap;

use subsetter::GlyphRemapper;

/// The flags of a glyph's component (OpenType, glyf).
const ARGUMENTS_ARE_WORDS: u16 = 0x0001;
const HAS_SCALE: u16 = 0x0008;
const MORE_COMPONENTS: u16 = 0x0020;
const HAS_TWO_SCALES: u16 = 0x0040;
const HAS_MATRIX: u16 = 0x0080;
const HAS_INSTRUCTIONS: u16 = 0x0100;

/// The font of these glyphs, and of those that they are made of; none if the face is not built as the format says.
pub(super) fn subset(face: &[u8], codes: &GlyphRemapper) -> Option<Vec<u8>> {
    let tables = tables(face)?;
    let table = |name: &[u8; 4]| tables.iter().find(|(n, _)| n == name).map(|(_, data)| *data);
    let owned = |name: &[u8; 4]| table(name).map(<[u8]>::to_vec);
    let (mut head, mut hhea, mut maxp) = (owned(b"head")?, owned(b"hhea")?, owned(b"maxp")?);
    let is_long = number(&head, 50)? != 0;
    let glyphs = Glyphs { glyf: table(b"glyf")?, loca: table(b"loca")?, is_long };
    let (glyf, starts, glyphs) = glyphs.take(codes)?;
    let count = u16::try_from(glyphs.len()).ok()?;
    let (hmtx, advances) = metrics(table(b"hmtx")?, number(&hhea, 34)?, &glyphs)?;
    // A short table has halves of its numbers.
    let is_long = glyf.len() > 2 * usize::from(u16::MAX);
    let loca: Vec<u8> = match is_long {
        true => starts.iter().flat_map(|start| start.to_be_bytes()).collect(),
        false => starts.iter().flat_map(|start| ((start / 2) as u16).to_be_bytes()).collect(),
    };
    let put = |table: &mut Vec<u8>, at: usize, value: u16| {
        table.get_mut(at..at + 2)?.copy_from_slice(&value.to_be_bytes());
        Some(())
    };
    put(&mut head, 50, u16::from(is_long))?;
    head.get_mut(8..12)?.fill(0);
    put(&mut hhea, 34, advances)?;
    put(&mut maxp, 4, count)?;
    // From the most points in the twilight zone to the longest instructions: there are none.
    maxp.get_mut(16..28)?.fill(0);
    // Version 3 has no names of glyphs.
    let mut post = table(b"post")?.get(..32)?.to_vec();
    post[..4].copy_from_slice(&[0, 3, 0, 0]);
    Some(build(&[
        (*b"glyf", &glyf),
        (*b"head", &head),
        (*b"hhea", &hhea),
        (*b"hmtx", &hmtx),
        (*b"loca", &loca),
        (*b"maxp", &maxp),
        (*b"post", &post),
    ]))
}

/// The tables by name.
fn tables(font: &[u8]) -> Option<Vec<([u8; 4], &[u8])>> {
    let count = usize::from(number(font, 4)?);
    let records = font.get(12..12 + 16 * count)?.chunks_exact(16);
    records
        .map(|record| {
            let place = |at: usize| Some(u32::from_be_bytes(*record[at..].first_chunk()?) as usize);
            let (start, length) = (place(8)?, place(12)?);
            Some((*record.first_chunk()?, font.get(start..start.checked_add(length)?)?))
        })
        .collect()
}

/// The glyphs of a face.
struct Glyphs<'a> {
    glyf: &'a [u8],
    loca: &'a [u8],
    is_long: bool,
}

impl Glyphs<'_> {
    fn get(&self, glyph: u16) -> Option<&[u8]> {
        let start = |index: usize| match self.is_long {
            true => {
                let number = u32::from_be_bytes(*self.loca.get(4 * index..)?.first_chunk()?);
                Some(number as usize)
            }
            false => Some(2 * usize::from(number(self.loca, 2 * index)?)),
        };
        let index = usize::from(glyph);
        self.glyf.get(start(index)?..start(index + 1)?)
    }

    /// Those with codes in their order, then the parts of others; where each begins, and where the last ends; and
    /// which they are in the face.
    fn take(&self, codes: &GlyphRemapper) -> Option<(Vec<u8>, Vec<u32>, Vec<u16>)> {
        let mut glyphs: Vec<u16> = codes.remapped_gids().collect();
        let mut numbers: HashMap<u16, u16> = glyphs.iter().copied().zip(0..).collect();
        let (mut glyf, mut starts) = (Vec::with_capacity(256 * glyphs.len()), Vec::new());
        let mut index = 0;
        while let Some(&glyph) = glyphs.get(index) {
            starts.push(u32::try_from(glyf.len()).ok()?);
            copy(self.get(glyph)?, &mut glyf, |part| {
                *numbers.entry(part).or_insert_with(|| {
                    glyphs.push(part);
                    // There are as many as the face has at most.
                    (glyphs.len() - 1) as u16
                })
            })?;
            glyf.resize(glyf.len().next_multiple_of(2), 0);
            index += 1;
        }
        starts.push(u32::try_from(glyf.len()).ok()?);
        Some((glyf, starts, glyphs))
    }
}

/// Copies a glyph without its instructions; `renumber` gives its parts their new numbers.
fn copy(glyph: &[u8], new: &mut Vec<u8>, mut renumber: impl FnMut(u16) -> u16) -> Option<()> {
    if glyph.is_empty() {
        return Some(());
    }
    let contours = number(glyph, 0)?;
    if let Ok(contours) = usize::try_from(contours.cast_signed()) {
        let end = 10 + 2 * contours;
        let length = usize::from(number(glyph, end)?);
        new.extend(glyph.get(..end)?);
        new.extend([0, 0]);
        new.extend(glyph.get(end + 2 + length..)?);
        return Some(());
    }
    new.extend(glyph.get(..10)?);
    let mut at = 10;
    loop {
        let flags = number(glyph, at)?;
        let arguments = if flags & ARGUMENTS_ARE_WORDS == 0 { 2 } else { 4 };
        let scales = match flags {
            f if f & HAS_SCALE != 0 => 2,
            f if f & HAS_TWO_SCALES != 0 => 4,
            f if f & HAS_MATRIX != 0 => 8,
            _ => 0,
        };
        let end = at + 4 + arguments + scales;
        new.extend((flags & !HAS_INSTRUCTIONS).to_be_bytes());
        new.extend(renumber(number(glyph, at + 2)?).to_be_bytes());
        new.extend(glyph.get(at + 4..end)?);
        at = end;
        if flags & MORE_COMPONENTS == 0 {
            return Some(());
        }
    }
}

/// The advances and left bearings of glyphs, and how many advances there are: those behind have the last one. `count`
/// is how many the face has.
fn metrics(hmtx: &[u8], count: u16, glyphs: &[u16]) -> Option<(Vec<u8>, u16)> {
    let metric = |glyph: u16| {
        let advance = number(hmtx, 4 * usize::from(glyph.min(count.checked_sub(1)?)))?;
        let bearing = match glyph.checked_sub(count) {
            None => number(hmtx, 4 * usize::from(glyph) + 2)?,
            Some(behind) => number(hmtx, 4 * usize::from(count) + 2 * usize::from(behind))?,
        };
        Some((advance, bearing))
    };
    let all: Vec<(u16, u16)> = glyphs.iter().map(|glyph| metric(*glyph)).collect::<Option<_>>()?;
    let last = all.last()?.0;
    let differs = all.iter().rposition(|(advance, _)| *advance != last);
    let advances = differs.map_or(1, |at| at + 2);
    let mut table = Vec::with_capacity(4 * all.len());
    for (index, (advance, bearing)) in all.iter().enumerate() {
        if index < advances {
            table.extend(advance.to_be_bytes());
        }
        table.extend(bearing.to_be_bytes());
    }
    Some((table, u16::try_from(advances).ok()?))
}

fn build(tables: &[([u8; 4], &[u8])]) -> Vec<u8> {
    // A font has fewer than a hundred tables.
    let count = tables.len() as u16;
    let search = 16 << count.max(1).ilog2();
    let length: usize = tables.iter().map(|(_, data)| 16 + data.len().next_multiple_of(4)).sum();
    let mut font = Vec::with_capacity(12 + length);
    font.extend(b"\0\x01\0\0");
    font.extend(
        [count, search, search.ilog2() as u16 - 4, 16 * count - search]
            .map(u16::to_be_bytes)
            .concat(),
    );
    let mut start = font.len() + 16 * tables.len();
    let (mut adjustment, mut all) = (None, 0_u32);
    for (name, data) in tables {
        if name == b"head" {
            adjustment = Some(start + 8);
        }
        let sum = sum(data);
        all = all.wrapping_add(sum);
        font.extend(name);
        font.extend([sum, start as u32, data.len() as u32].map(u32::to_be_bytes).concat());
        start += data.len().next_multiple_of(4);
    }
    all = all.wrapping_add(sum(&font));
    for (_, data) in tables {
        font.extend(*data);
        font.resize(font.len().next_multiple_of(4), 0);
    }
    let value = 0xB1B0_AFBA_u32.wrapping_sub(all);
    if let Some(place) = adjustment.and_then(|at| font.get_mut(at..at + 4)) {
        place.copy_from_slice(&value.to_be_bytes());
    }
    font
}

/// The sum of a table's words, the last filled up with zeros.
fn sum(data: &[u8]) -> u32 {
    let (words, rest) = data.as_chunks::<4>();
    let mut last = [0; 4];
    last[..rest.len()].copy_from_slice(rest);
    let words = words.iter().chain([&last]).map(|word| u32::from_be_bytes(*word));
    words.fold(0, u32::wrapping_add)
}

fn number(data: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(*data.get(at..)?.first_chunk()?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ttf_parser::{GlyphId, OutlineBuilder};

    use super::*;
    use crate::font::Face;

    /// An outline as text.
    #[derive(Default)]
    struct Outline(String);

    impl OutlineBuilder for Outline {
        fn move_to(&mut self, x: f32, y: f32) {
            self.0 += &format!("M{x} {y}");
        }
        fn line_to(&mut self, x: f32, y: f32) {
            self.0 += &format!("L{x} {y}");
        }
        fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
            self.0 += &format!("Q{x1} {y1} {x} {y}");
        }
        fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
            self.0 += &format!("C{x1} {y1} {x2} {y2} {x} {y}");
        }
        fn close(&mut self) {
            self.0 += "Z";
        }
    }

    fn outlines(font: &[u8]) -> Vec<(Option<u16>, String)> {
        let face = ttf_parser::Face::parse(font, 0).expect("a font");
        let outline = |glyph| {
            let mut outline = Outline::default();
            face.outline_glyph(GlyphId(glyph), &mut outline);
            (face.glyph_hor_advance(GlyphId(glyph)), outline.0)
        };
        (0..face.number_of_glyphs()).map(outline).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn every_glyph_has_the_outline_and_the_advance_of_the_face(
            face in 0..Face::ALL.len(),
            glyphs in prop::collection::vec(1u16..13_932, 0..40),
        ) {
            let codes = GlyphRemapper::new_from_glyphs(&glyphs);
            let data = Face::ALL[face].data();
            let font = subset(data, &codes).expect("a font");
            let bytes = subsetter::subset(data, 0, &codes).expect("a subset");
            let (own, theirs) = (outlines(&font), outlines(&bytes));
            prop_assert_eq!(own.len(), theirs.len());
            // Parts of glyphs may have other numbers.
            let count = codes.remapped_gids().count();
            prop_assert_eq!(&own[..count], &theirs[..count]);
            prop_assert!(font.len() < bytes.len());
            prop_assert_eq!(sum(&font), 0xB1B0_AFBA);
        }

        #[test]
        fn what_is_no_font_has_no_part(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let mut font = b"\0\x01\0\0\0\x02".to_vec();
            font.extend(bytes);
            prop_assert_eq!(subset(&font, &GlyphRemapper::new_from_glyphs(&[1, 2])), None);
        }
    }
}
