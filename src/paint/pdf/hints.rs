//! Takes the instructions for screens of few dots out of a font: paper has dots enough, and they are a
//! fifth of the font. Its names go, too: a PDF calls a font itself.

/// The tables that hold nothing but instructions, and the one with the names.
const DROPPED: [&[u8; 4]; 4] = [b"cvt ", b"fpgm", b"name", b"prep"];

/// The flags of a glyph's component (OpenType, glyf).
const ARGUMENTS_ARE_WORDS: u16 = 0x0001;
const HAS_SCALE: u16 = 0x0008;
const MORE_COMPONENTS: u16 = 0x0020;
const HAS_TWO_SCALES: u16 = 0x0040;
const HAS_MATRIX: u16 = 0x0080;
const HAS_INSTRUCTIONS: u16 = 0x0100;

/// A TrueType font without its instructions and its names; none if it is not built as the format says.
pub(super) fn strip(font: &[u8]) -> Option<Vec<u8>> {
    let tables = tables(font)?;
    let table = |name: &[u8; 4]| tables.iter().find(|(n, _)| n == name).map(|(_, data)| *data);
    let (head, mut maxp) = (table(b"head")?, table(b"maxp")?.to_vec());
    let is_long = number(head, 50)? != 0;
    let count = usize::from(number(&maxp, 4)?);
    let (glyf, loca) = glyphs(table(b"glyf")?, table(b"loca")?, is_long, count)?;
    // From the most points in the twilight zone to the longest instructions: there are none.
    maxp.get_mut(16..28)?.fill(0);
    let mut head = head.to_vec();
    head.get_mut(8..12)?.fill(0);
    let kept = tables.iter().filter(|(name, _)| !DROPPED.contains(&name));
    let kept: Vec<([u8; 4], &[u8])> = kept
        .map(|(name, data)| {
            let data = match name {
                b"glyf" => &glyf,
                b"head" => &head,
                b"loca" => &loca,
                b"maxp" => &maxp,
                _ => *data,
            };
            (*name, data)
        })
        .collect();
    Some(build(&kept))
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

/// The glyphs without instructions, and where each begins.
fn glyphs(glyf: &[u8], loca: &[u8], is_long: bool, count: usize) -> Option<(Vec<u8>, Vec<u8>)> {
    let start = |index: usize| match is_long {
        true => Some(u32::from_be_bytes(*loca.get(4 * index..)?.first_chunk()?) as usize),
        false => Some(2 * usize::from(number(loca, 2 * index)?)),
    };
    let mut new = Vec::with_capacity(glyf.len());
    let mut starts = Vec::with_capacity(loca.len());
    for index in 0..=count {
        match is_long {
            true => starts.extend(u32::try_from(new.len()).ok()?.to_be_bytes()),
            false => starts.extend(u16::try_from(new.len() / 2).ok()?.to_be_bytes()),
        }
        if index < count {
            glyph(glyf.get(start(index)?..start(index + 1)?)?, &mut new)?;
            new.resize(new.len().next_multiple_of(2), 0);
        }
    }
    Some((new, starts))
}

fn glyph(glyph: &[u8], new: &mut Vec<u8>) -> Option<()> {
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
        new.extend(glyph.get(at + 2..end)?);
        at = end;
        if flags & MORE_COMPONENTS == 0 {
            return Some(());
        }
    }
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
    use subsetter::GlyphRemapper;
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
        fn every_glyph_keeps_its_outline(
            face in 0..Face::ALL.len(),
            glyphs in prop::collection::vec(1u16..12_000, 0..40),
        ) {
            let codes = GlyphRemapper::new_from_glyphs(&glyphs);
            let font = subsetter::subset(Face::ALL[face].data(), 0, &codes).expect("a subset");
            let stripped = strip(&font).expect("a font");
            prop_assert_eq!(outlines(&font), outlines(&stripped));
            prop_assert!(stripped.len() < font.len());
            prop_assert_eq!(sum(&stripped), 0xB1B0_AFBA);
            prop_assert_eq!(strip(&stripped), Some(stripped));
        }

        #[test]
        fn what_is_no_font_is_left_alone(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let mut font = b"\0\x01\0\0\0\x02".to_vec();
            font.extend(bytes);
            prop_assert_eq!(strip(&font), None);
        }
    }
}
