//! The faces the program is built with.

use std::sync::OnceLock;

/// BIZ UD明朝, BIZ UDゴシック, its bold, IPAmj明朝: in onshi's order.
pub const FACES: [&[u8]; 4] = [
    include_bytes!("../../../../fonts/BIZUDMincho-Regular.ttf"),
    include_bytes!("../../../../fonts/BIZUDGothic-Regular.ttf"),
    include_bytes!("../../../../fonts/BIZUDGothic-Bold.ttf"),
    include_bytes!("../../../../fonts/ipamjm.ttf"),
];

/// A face, parsed once a process.
pub fn parsed(face: usize) -> &'static ttf_parser::Face<'static> {
    static PARSED: [OnceLock<ttf_parser::Face<'static>>; 4] = [const { OnceLock::new() }; 4];
    PARSED[face]
        .get_or_init(|| ttf_parser::Face::parse(FACES[face], 0).expect("the faces are TrueType"))
}

/// The glyph of a character.
pub fn glyph(face: usize, character: char) -> Option<u16> {
    parsed(face).glyph_index(character).map(|glyph| glyph.0)
}

/// A glyph's advance in em.
pub fn advance_em(face: usize, glyph: u16) -> f32 {
    let parsed = parsed(face);
    let advance = parsed.glyph_hor_advance(ttf_parser::GlyphId(glyph)).unwrap_or(0);
    f32::from(advance) / f32::from(parsed.units_per_em())
}
