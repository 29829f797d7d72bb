//! Text that runs down the page: upright characters one below the other (縦書き), with the shapes that
//! the fonts have for it.

use ttf_parser::GlyphId;
use ttf_parser::gsub::{SingleSubstitution, SubstitutionSubtable};

use super::{Face, Family, Glyph, GlyphFault, ascent_em, descent_em, shape};

/// A glyph in a column.
#[derive(Clone, Debug, PartialEq)]
pub struct Stacked {
    /// The glyph.
    pub glyph: Glyph,
    /// Which place of the column it takes, from 0; each is one em high.
    pub row: usize,
    /// Where its origin is, in em from the left edge of its place and from the place's top downwards.
    pub origin: (f32, f32),
    /// Whether it lies on its side, turned clockwise: Latin brackets and hyphens do.
    pub is_turned: bool,
}

/// Text as a column.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Column {
    /// Its glyphs from top to bottom.
    pub glyphs: Vec<Stacked>,
    /// How many places it takes.
    pub rows: usize,
    /// What cannot be printed, or not as it was written.
    pub faults: Vec<GlyphFault>,
}

/// The glyphs of `text` as a column. Brackets, 、。 and ー have the shapes of vertical text; two digits
/// stand side by side in one place.
///
/// ```
/// use onshi::font::{Family, stack};
/// let column = stack("第12回", Family::Mincho);
/// assert_eq!(column.rows, 3);
/// assert_eq!((column.glyphs[1].row, column.glyphs[2].row), (1, 1));
/// ```
pub fn stack(text: &str, family: Family) -> Column {
    let shaped = shape(text, family);
    let character = |glyph: &Glyph| text[glyph.range.clone()].chars().next().unwrap_or_default();
    let is_digit = |glyph: &Glyph| glyph.advance_em < 1.0 && character(glyph).is_ascii_digit();
    let mut column = Column { faults: shaped.faults, ..Column::default() };
    for group in shaped.glyphs.chunk_by(|a, b| is_digit(a) && is_digit(b)) {
        let is_pair = group.len() == 2;
        for (i, glyph) in group.iter().enumerate() {
            let c = character(glyph);
            let is_turned = glyph.advance_em < 1.0 && !c.is_alphanumeric() && !c.is_whitespace();
            let middle = (1.0 - glyph.advance_em) / 2.0;
            let origin = match (is_turned, is_pair) {
                (true, _) => (descent_em(), middle),
                (false, true) => (i as f32 * glyph.advance_em, ascent_em()),
                (false, false) => (middle, ascent_em()),
            };
            let row = column.rows + if is_pair { 0 } else { i };
            let id = vertical(glyph.face, glyph.id).unwrap_or(glyph.id);
            let glyph = Glyph { id, ..glyph.clone() };
            column.glyphs.push(Stacked { glyph, row, origin, is_turned });
        }
        column.rows += if is_pair { 1 } else { group.len() };
    }
    column
}

/// The shape that a glyph has in vertical text, where it differs (`vert` of the face's GSUB table).
fn vertical(face: Face, glyph: u16) -> Option<u16> {
    let table = face.parsed().tables().gsub?;
    let features = table.features.into_iter().filter(|feature| feature.tag.to_bytes() == *b"vert");
    let lookups = features.flat_map(|feature| feature.lookup_indices);
    let mut subtables = lookups
        .filter_map(|index| table.lookups.get(index))
        .flat_map(|lookup| lookup.subtables.into_iter::<SubstitutionSubtable>());
    subtables.find_map(|subtable| match subtable {
        SubstitutionSubtable::Single(SingleSubstitution::Format1 { coverage, delta }) => {
            coverage.get(GlyphId(glyph)).map(|_| glyph.wrapping_add_signed(delta))
        }
        SubstitutionSubtable::Single(SingleSubstitution::Format2 { coverage, substitutes }) => {
            substitutes.get(coverage.get(GlyphId(glyph))?).map(|id| id.0)
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_have_the_shapes_of_vertical_text_and_kanji_their_own() {
        for family in [Family::Mincho, Family::Gothic, Family::Bold] {
            for c in "ー（）「」、。【】～…".chars() {
                let text = c.to_string();
                let (flat, column) = (shape(&text, family), stack(&text, family));
                assert_ne!(column.glyphs[0].glyph.id, flat.glyphs[0].id, "{c}");
                assert_eq!(column.glyphs[0].glyph.face, flat.glyphs[0].face, "{c}");
                assert_eq!(column.glyphs[0].glyph.advance_em, 1.0, "{c}");
            }
        }
        let flat = shape("医療𠮷あ", Family::Mincho);
        let column = stack("医療𠮷あ", Family::Mincho);
        assert!(column.glyphs.iter().map(|s| &s.glyph).eq(&flat.glyphs));
        assert_eq!(column.rows, 4);
    }

    #[test]
    fn two_digits_share_a_place_and_latin_marks_lie_on_their_side() {
        let column = stack("1F-23階100", Family::Gothic);
        let rows: Vec<usize> = column.glyphs.iter().map(|stacked| stacked.row).collect();
        assert_eq!(rows, [0, 1, 2, 3, 3, 4, 5, 6, 7]);
        assert_eq!(column.rows, 8);
        let turned: Vec<usize> =
            (0..column.glyphs.len()).filter(|i| column.glyphs[*i].is_turned).collect();
        assert_eq!(turned, [2]);
    }

    #[test]
    fn what_no_font_has_is_a_fault_here_too() {
        assert_eq!(stack("東😀", Family::Mincho).faults.len(), 1);
    }
}
