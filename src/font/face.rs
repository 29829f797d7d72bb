//! The faces compiled in, each parsed when first asked.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use ttf_parser::{GlyphId, OutlineBuilder};

/// A face compiled into the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Face {
    /// BIZ UD明朝 Regular
    Mincho,
    /// BIZ UDゴシック Regular
    Gothic,
    /// BIZ UDゴシック Bold
    Bold,
    /// IPAmj明朝: the kanji of names that the others lack. 46 MB, read only when needed.
    Ipamj,
}

/// Units an em in every face.
pub(crate) const UNITS: f32 = 2048.0;

/// How many characters are remembered together.
const PAGE: usize = 256;

/// What has been looked up, by face and by character up to U+2FFFF: the glyph in the upper half, its
/// advance and one in the lower; 0 for what has not.
static KNOWN: [[OnceLock<Box<[AtomicU32; PAGE]>>; 0x300]; 4] =
    [const { [const { OnceLock::new() }; 0x300] }; 4];

/// From the baseline up to the top of a full-width character's cell, in em; the same in every face.
pub const fn ascent_em() -> f32 {
    1802.0 / UNITS
}

/// From the baseline down to the bottom of a full-width character's cell, in em; the same in every
/// face.
pub const fn descent_em() -> f32 {
    246.0 / UNITS
}

/// The height of a capital letter in em, as the BIZ UD faces have it.
pub const fn cap_height_em() -> f32 {
    1567.0 / UNITS
}

impl Face {
    /// Every face.
    pub const ALL: [Face; 4] = [Face::Mincho, Face::Gothic, Face::Bold, Face::Ipamj];

    /// Glyphs of the BIZ UD faces that no character maps to and that leave no ink, by their width:
    /// one em, one em, half an em. What is drawn and not typeset gets its text from them.
    pub const BLANKS: [u16; 3] = [12529, 13236, 12883];

    /// The TrueType file.
    pub fn data(self) -> &'static [u8] {
        match self {
            Face::Mincho => include_bytes!("../../fonts/BIZUDMincho-Regular.ttf"),
            Face::Gothic => include_bytes!("../../fonts/BIZUDGothic-Regular.ttf"),
            Face::Bold => include_bytes!("../../fonts/BIZUDGothic-Bold.ttf"),
            Face::Ipamj => include_bytes!("../../fonts/ipamjm.ttf"),
        }
    }

    /// The glyph of `c` and its advance in em, if this face has one.
    pub(super) fn glyph(self, c: char) -> Option<(u16, f32)> {
        let (page, index) = (c as usize / PAGE, c as usize % PAGE);
        let Some(page) = KNOWN[self as usize].get(page) else { return self.look_up(c) };
        let known = &page.get_or_init(|| [const { AtomicU32::new(0) }; PAGE].into())[index];
        // A glyph is looked up twice at worst: who comes second writes the same.
        let (glyph, advance) = match known.load(Ordering::Relaxed) {
            0 => {
                let found = self.look_up(c);
                let (glyph, advance) = found.map_or((0, 0), |(id, em)| (id, (em * UNITS) as u16));
                known.store((u32::from(glyph) << 16) | (u32::from(advance) + 1), Ordering::Relaxed);
                return found;
            }
            known => ((known >> 16) as u16, (known & 0xFFFF) as u16 - 1),
        };
        (glyph != 0).then(|| (glyph, f32::from(advance) / UNITS))
    }

    fn look_up(self, c: char) -> Option<(u16, f32)> {
        let glyph = real(self.parsed().glyph_index(c))?;
        Some((glyph, self.advance_em(glyph)))
    }

    /// The glyph of `base` followed by the variation selector `selector`, if this face knows the
    /// sequence; the glyph of `base` alone where the sequence is its default shape.
    pub(super) fn variation(self, base: char, selector: char) -> Option<u16> {
        real(self.parsed().glyph_variation_index(base, selector))
    }

    /// A glyph's advance in em.
    pub(crate) fn advance_em(self, glyph: u16) -> f32 {
        let advance = self.parsed().glyph_hor_advance(GlyphId(glyph));
        f32::from(advance.unwrap_or(0)) / UNITS
    }

    /// Draws a glyph's outline in units of 1/2048 em, y upwards from the baseline. Nothing is drawn
    /// for a glyph without ink.
    pub(crate) fn outline(self, glyph: u16, builder: &mut dyn OutlineBuilder) {
        self.parsed().outline_glyph(GlyphId(glyph), builder);
    }

    /// The left, bottom, right and top edge of a glyph's ink in em, from the baseline; none without ink.
    pub(crate) fn bounds_em(self, glyph: u16) -> Option<[f32; 4]> {
        let ink = self.parsed().tables().glyf?.bbox(GlyphId(glyph))?;
        Some([ink.x_min, ink.y_min, ink.x_max, ink.y_max].map(|edge| f32::from(edge) / UNITS))
    }

    /// The face's PostScript name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Face::Mincho => "BIZUDMincho-Regular",
            Face::Gothic => "BIZUDGothic-Regular",
            Face::Bold => "BIZUDGothic-Bold",
            Face::Ipamj => "IPAmjMincho",
        }
    }

    /// How thick an upright stroke is, in thousandths of an em, by the face's weight.
    pub(crate) fn stem(self) -> f32 {
        match self {
            Face::Bold => 168.6,
            Face::Mincho | Face::Gothic | Face::Ipamj => 95.4,
        }
    }

    pub(super) fn parsed(self) -> &'static ttf_parser::Face<'static> {
        static PARSED: [OnceLock<ttf_parser::Face<'static>>; 4] = [const { OnceLock::new() }; 4];
        PARSED[self as usize].get_or_init(|| {
            // Cannot fail: the files are compiled in, and a test parses each.
            ttf_parser::Face::parse(self.data(), 0).expect("the faces compiled in are TrueType")
        })
    }
}

/// Glyph 0 stands for "no such character".
fn real(glyph: Option<GlyphId>) -> Option<u16> {
    glyph.map(|id| id.0).filter(|id| *id != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_faces_agree_on_the_metrics() {
        for face in Face::ALL {
            let parsed = face.parsed();
            assert_eq!(f32::from(parsed.units_per_em()), UNITS, "{face:?}");
            assert_eq!(f32::from(parsed.ascender()) / UNITS, ascent_em(), "{face:?}");
            assert_eq!(f32::from(-parsed.descender()) / UNITS, descent_em(), "{face:?}");
        }
        let capital = Face::Gothic.parsed().capital_height();
        assert_eq!(capital.map(|c| f32::from(c) / UNITS), Some(cap_height_em()));
    }

    #[test]
    fn the_faces_have_their_names() {
        for face in Face::ALL {
            let names = face.parsed().names();
            let id = ttf_parser::name_id::POST_SCRIPT_NAME;
            let name = names.into_iter().find(|n| n.name_id == id && n.is_unicode());
            assert_eq!(name.and_then(|n| n.to_string()).as_deref(), Some(face.name()));
        }
    }

    #[test]
    fn the_families_have_the_same_characters() {
        for c in '\0'..='\u{3FFFF}' {
            let mincho = Face::Mincho.glyph(c).is_some();
            assert_eq!(mincho, Face::Gothic.glyph(c).is_some(), "{c:?}");
            assert_eq!(mincho, Face::Bold.glyph(c).is_some(), "{c:?}");
        }
    }

    #[test]
    fn the_blank_glyphs_are_blank_and_no_character_is_theirs() {
        for face in [Face::Mincho, Face::Gothic, Face::Bold] {
            for (glyph, width) in Face::BLANKS.into_iter().zip([1.0, 1.0, 0.5]) {
                assert!(face.parsed().glyph_bounding_box(GlyphId(glyph)).is_none());
                assert_eq!(face.advance_em(glyph), width);
                for c in '\0'..='\u{2FFFF}' {
                    assert_ne!(face.glyph(c).map(|(id, _)| id), Some(glyph), "{face:?} {c:?}");
                }
            }
        }
    }
}
