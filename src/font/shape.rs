//! Characters to glyphs: which face of the chain, which shape, how wide.

use std::ops::Range;

use super::{Face, Family, lookalike};

/// Text as glyphs, left to right.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shaped {
    /// One glyph a character; a character and its variation selector share one.
    pub glyphs: Vec<Glyph>,
    /// What cannot be printed, or not as it was written.
    pub faults: Vec<GlyphFault>,
}

impl Shaped {
    /// The width in em.
    pub fn width_em(&self) -> f32 {
        self.glyphs.iter().map(|g| g.advance_em).sum()
    }
}

/// One glyph.
#[derive(Clone, Debug, PartialEq)]
pub struct Glyph {
    /// The face it comes from.
    pub face: Face,
    /// Its number in the face; 0 where no face has the character.
    pub id: u16,
    /// How far the next glyph stands, in em.
    pub advance_em: f32,
    /// The bytes of the text it stands for, a variation selector included.
    pub range: Range<usize>,
}

/// A character that cannot be printed, or not as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GlyphFault {
    /// What is wrong.
    pub fault: Fault,
    /// Which character of the text, from 0; of a sequence, the first.
    pub index: usize,
    /// Its first byte in the text.
    pub offset: usize,
}

/// What is wrong with a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A private-use character (外字): it means something on one computer only.
    PrivateUse(char),
    /// A radical in place of the kanji that it looks like.
    Radical {
        /// The radical.
        found: char,
        /// The kanji.
        meant: char,
    },
    /// A kana and a mark of its own in place of one kana.
    Apart {
        /// The kana.
        kana: char,
        /// The mark, ゛ or ゜.
        mark: char,
        /// The kana with its mark.
        meant: char,
    },
    /// It is printed as nothing.
    Invisible(char),
    /// A space of an unusual width.
    OddSpace(char),
    /// No face has it, or it is not a printable character.
    Missing(char),
    /// No face has this shape of the character: the usual shape is printed.
    UnsupportedVariation {
        /// The character.
        base: char,
        /// The variation selector after it.
        selector: char,
    },
}

impl Fault {
    /// Whether the text prints all the same, in the usual shape.
    pub fn prints(self) -> bool {
        matches!(self, Fault::UnsupportedVariation { .. } | Fault::Apart { .. })
    }
}

/// The glyphs of `text`. A newline has none; a character no face has gets glyph 0, one em wide.
///
/// ```
/// use onshi::font::{Face, Family, shape};
/// let shaped = shape("𠮷田", Family::Gothic);
/// assert_eq!(shaped.glyphs[0].face, Face::Ipamj);
/// assert_eq!(shaped.glyphs[1].face, Face::Gothic);
/// assert_eq!(shaped.width_em(), 2.0);
/// ```
pub fn shape(text: &str, family: Family) -> Shaped {
    let mut shaped = Shaped::default();
    for cluster in clusters(text) {
        let (glyph, fault) = resolve(&cluster, family);
        shaped.glyphs.extend(glyph);
        shaped.faults.extend(fault.map(|fault| GlyphFault {
            fault,
            index: cluster.index,
            offset: cluster.range.start,
        }));
    }
    shaped
}

/// The width of `text` in em.
///
/// ```
/// use onshi::font::{Family, width_em};
/// assert_eq!(width_em("東京 1-2", Family::Mincho), 4.0);
/// assert_eq!(width_em("東京\u{3000}1-2", Family::Mincho), 4.5);
/// ```
pub fn width_em(text: &str, family: Family) -> f32 {
    let glyphs = clusters(text).filter_map(|cluster| resolve(&cluster, family).0);
    glyphs.map(|glyph| glyph.advance_em).sum()
}

/// What of `text` cannot be printed, or not as it was written, in whatever family: every family
/// has the same characters.
///
/// ```
/// use onshi::font::{Fault, faults};
/// let found = faults("髙橋☑");
/// assert_eq!(found.len(), 1);
/// assert_eq!((found[0].fault, found[0].index), (Fault::Missing('☑'), 2));
/// ```
pub fn faults(text: &str) -> Vec<GlyphFault> {
    let mut faults = shape(text, Family::default()).faults;
    let pairs = text.char_indices().zip(text.chars().skip(1)).enumerate();
    faults.extend(pairs.filter_map(|(index, ((offset, kana), mark))| {
        let meant = lookalike::voiced(kana, mark)?;
        Some(GlyphFault { fault: Fault::Apart { kana, mark, meant }, index, offset })
    }));
    faults.sort_by_key(|fault| fault.index);
    faults
}

/// A character, and the variation selector after it.
struct Cluster {
    base: char,
    selector: Option<char>,
    index: usize,
    range: Range<usize>,
}

fn clusters(text: &str) -> impl Iterator<Item = Cluster> {
    let mut chars = text.char_indices().enumerate().peekable();
    std::iter::from_fn(move || {
        let (index, (start, base)) = chars.next()?;
        let mut end = start + base.len_utf8();
        // A space has one shape, and a line broken at it would leave its selector behind.
        let selectable = !is_selector(base) && !is_unprintable(base) && !base.is_whitespace();
        let next = chars.next_if(|(_, (_, c))| selectable && is_selector(*c));
        let selector = next.map(|(_, (_, c))| c);
        end += selector.map_or(0, char::len_utf8);
        Some(Cluster { base, selector, index, range: start..end })
    })
}

fn resolve(cluster: &Cluster, family: Family) -> (Option<Glyph>, Option<Fault>) {
    let Cluster { base, selector, .. } = *cluster;
    if base == '\n' {
        return (None, None);
    }
    let glyph = |face: Face, id, advance_em| {
        Some(Glyph { face, id, advance_em, range: cluster.range.clone() })
    };
    let missing = |face: Face| glyph(face, 0, 1.0);
    let chain = family.chain();
    if is_private(base) {
        return (missing(chain[0]), Some(Fault::PrivateUse(base)));
    }
    let fault = match base {
        _ if lookalike::is_invisible(base) => Some(Fault::Invisible(base)),
        _ if lookalike::is_odd_space(base) => Some(Fault::OddSpace(base)),
        _ if is_unprintable(base) || is_selector(base) => Some(Fault::Missing(base)),
        _ => lookalike::kanji(base).map(|meant| Fault::Radical { found: base, meant }),
    };
    if fault.is_some() {
        return (missing(chain[0]), fault);
    }
    let mut unsupported = None;
    if let Some(selector) = selector {
        let varied = |face: Face| Some((face, face.variation(base, selector)?));
        if let Some((face, id)) = chain.into_iter().find_map(varied) {
            return (glyph(face, id, face.advance_em(id)), None);
        }
        unsupported = Some(Fault::UnsupportedVariation { base, selector });
    }
    let plain = |face: Face| Some((face, face.glyph(base)?));
    match chain.into_iter().find_map(plain) {
        Some((face, (id, advance_em))) => {
            let mut glyph = glyph(face, id, advance_em);
            if let (Some(glyph), Some(_)) = (&mut glyph, unsupported) {
                // What is printed is the base: text taken from the page says so too.
                glyph.range.end = glyph.range.start + base.len_utf8();
            }
            (glyph, unsupported)
        }
        None => (missing(chain[0]), Some(Fault::Missing(base))),
    }
}

/// The two blocks of variation selectors.
pub(crate) fn is_selector(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

/// The private-use area and the planes 15 and 16.
pub(crate) fn is_private(c: char) -> bool {
    matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..)
}

/// Whether XML can hold a character (XML 1.0, 2.2): all but control characters and two that are none.
pub(crate) fn is_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..)
}

/// Control characters, and marks of the character before them, which would be beside it: those of
/// Latin letters that are not [`super::composed`], and the voicing marks of decomposed kana.
fn is_unprintable(c: char) -> bool {
    let is_mark = matches!(c, '\u{300}'..='\u{36F}' | '\u{3099}' | '\u{309A}');
    c != '\n' && (c.is_control() || is_mark)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FAMILIES: [Family; 3] = [Family::Mincho, Family::Gothic, Family::Bold];

    fn faces(text: &str, family: Family) -> Vec<Face> {
        let shaped = shape(text, family);
        assert_eq!(shaped.faults, [], "{text}");
        assert!(shaped.glyphs.iter().all(|g| g.id != 0), "{text}");
        shaped.glyphs.iter().map(|g| g.face).collect()
    }

    #[test]
    fn variants_of_names_are_the_familys_own() {
        for family in FAMILIES {
            assert_eq!(faces("髙﨑德", family), [family.chain()[0]; 3]);
        }
    }

    #[test]
    fn ipamj_supplies_what_biz_ud_lacks() {
        for family in FAMILIES {
            assert_eq!(faces("𠮷槗", family), [Face::Ipamj; 2]);
        }
        let shaped = shape("𠮷田", Family::Mincho);
        assert_eq!(shaped.glyphs[0].range, 0..4);
        assert_eq!(shaped.glyphs[1].range, 4..7);
    }

    #[test]
    fn a_variation_sequence_is_one_glyph_of_its_own_shape() {
        for text in ["葛\u{E0100}", "辻\u{E0100}"] {
            for family in FAMILIES {
                assert_eq!(faces(text, family), [family.chain()[0]]);
                let sequence = shape(text, family).glyphs.remove(0);
                let plain = shape(&text[..3], family).glyphs.remove(0);
                assert_ne!(sequence.id, plain.id);
                assert_eq!(sequence.range, 0..7);
                assert_eq!(sequence.advance_em, 1.0);
            }
        }
    }

    #[test]
    fn the_default_shape_of_a_sequence_counts_as_supported() {
        let sequence = shape("葛\u{E0101}", Family::Mincho);
        assert_eq!(sequence.faults, []);
        assert_eq!(sequence.glyphs[0].id, shape("葛", Family::Mincho).glyphs[0].id);
        assert_eq!(sequence.glyphs[0].range, 0..7);
    }

    #[test]
    fn a_sequence_only_ipamj_has_is_taken_from_there() {
        assert_eq!(faces("邊\u{E010F}", Family::Gothic), [Face::Ipamj]);
    }

    #[test]
    fn an_unknown_sequence_prints_the_base_and_says_so() {
        let shaped = shape("a葛\u{E01EF}", Family::Mincho);
        let fault = Fault::UnsupportedVariation { base: '葛', selector: '\u{E01EF}' };
        assert!(fault.prints());
        assert_eq!(shaped.faults, [GlyphFault { fault, index: 1, offset: 1 }]);
        assert_eq!(shaped.glyphs.len(), 2);
        assert_eq!(shaped.glyphs[1].id, shape("葛", Family::Mincho).glyphs[0].id);
        assert_eq!(shaped.glyphs[1].range, 1..4);
    }

    #[test]
    fn what_no_face_has_is_missing() {
        for text in ["☑", "☐", "😀", "\t", "\r", "\u{0}", "\u{7F}", "\u{304}", "\u{3099}"] {
            let c = text.chars().next().expect("not empty");
            let fault = Fault::Missing(c);
            assert!(!fault.prints());
            let text = format!("東{text}京");
            assert_eq!(faults(&text), [GlyphFault { fault, index: 1, offset: 3 }], "{text:?}");
            assert_eq!(shape(&text, Family::Gothic).glyphs[1].id, 0);
        }
    }

    #[test]
    fn what_looks_like_another_character_is_named() {
        let only = |text: &str| match faults(text)[..] {
            [GlyphFault { fault, index: 1, .. }] => fault,
            ref other => panic!("{text}: {other:?}"),
        };
        assert_eq!(only("東⼭"), Fault::Radical { found: '⼭', meant: '山' });
        assert_eq!(only("東か゛"), Fault::Apart { kana: 'か', mark: '゛', meant: 'が' });
        for c in ['\u{200B}', '\u{FEFF}', '\u{AD}', '\u{2060}'] {
            assert_eq!(only(&format!("東{c}京")), Fault::Invisible(c));
        }
        assert_eq!(only("東\u{202F}京"), Fault::OddSpace('\u{202F}'));
        assert_eq!(faults("東゛"), []);
    }

    #[test]
    fn a_lone_selector_is_missing() {
        let missing = |index, offset| {
            let fault = Fault::Missing('\u{E0100}');
            GlyphFault { fault, index, offset }
        };
        assert_eq!(faults("\u{E0100}葛"), [missing(0, 0)]);
        assert_eq!(faults("葛\u{E0100}\u{E0100}"), [missing(2, 7)]);
        assert_eq!(faults("葛\n\u{E0100}"), [missing(2, 4)]);
        assert_eq!(faults("葛 \u{E0100}"), [missing(2, 4)]);
    }

    #[test]
    fn private_use_is_refused_even_where_a_face_has_it() {
        for c in ['\u{E000}', '\u{F8FF}', '\u{F860}', '\u{F0000}', '\u{10FFFD}'] {
            let fault = Fault::PrivateUse(c);
            let text = format!("外{c}");
            assert_eq!(faults(&text), [GlyphFault { fault, index: 1, offset: 3 }]);
            assert_eq!(shape(&text, Family::Mincho).glyphs[1].id, 0);
        }
    }

    #[test]
    fn a_newline_is_no_fault_and_no_glyph() {
        assert_eq!(faults("東\n京"), []);
        assert_eq!(width_em("東\n京", Family::Mincho), 2.0);
    }

    #[test]
    fn widths() {
        for family in FAMILIES {
            assert_eq!(width_em("\u{3000}", family), 1.0);
            assert_eq!(width_em(" ", family), 0.5);
            assert_eq!(width_em("0123456789-@Aa", family), 7.0);
            assert_eq!(width_em("ｱｲｳ", family), 1.5);
            assert_eq!(width_em("１２３アイウ、。（）", family), 10.0);
            assert_eq!(width_em("髙﨑德𠮷槗葛\u{E0100}辻\u{E0100}", family), 7.0);
            assert_eq!(width_em("", family), 0.0);
        }
    }
}
