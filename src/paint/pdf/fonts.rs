//! Fonts as they are embedded: the glyphs that are used, and no others.

use std::io::Write;

use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::writers::{CidFont, FontDescriptor, Type0Font};
use pdf_writer::{Name, Rect, Ref, Str, Stream};
use sha2::{Digest as _, Sha256};
use subsetter::GlyphRemapper;

use super::file::{Effort, File, deflate};
use super::truetype;
use crate::font::{Face, ascent_em, cap_height_em, descent_em};

const SYSTEM: SystemInfo =
    SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };

/// Glyphs of one face, numbered from 1 in the order of their first use.
#[derive(Clone)]
pub(super) struct Subset {
    face: Face,
    codes: GlyphRemapper,
    /// What each glyph stands for, from code 1 on.
    texts: Vec<String>,
}

/// Glyphs of every face.
#[derive(Clone)]
pub(super) struct Fonts {
    /// What their names in content streams begin with.
    prefix: u8,
    subsets: [Option<Subset>; Face::ALL.len()],
}

/// The name of a font in content streams, and the font.
pub(super) type FontRef = ([u8; 2], Ref);

/// How a glyph is written in a content stream.
#[derive(Clone, Copy)]
pub(super) struct Code {
    /// The font's name.
    pub font: [u8; 2],
    pub code: u16,
    /// Whether it stands for the text that is meant.
    pub is_said: bool,
}

impl Fonts {
    pub fn new(prefix: u8) -> Self {
        Fonts { prefix, subsets: [const { None }; Face::ALL.len()] }
    }

    /// The name of a face in content streams.
    fn name(&self, face: Face) -> [u8; 2] {
        // There are fewer than 26 faces.
        [self.prefix, b'a' + face as u8]
    }

    /// The glyph, if it is here.
    pub fn get(&self, face: Face, glyph: u16, text: &str) -> Option<Code> {
        let subset = self.subsets[face as usize].as_ref()?;
        let code = subset.codes.get(glyph).filter(|code| *code != 0)?;
        let is_said = subset.texts[usize::from(code) - 1] == text;
        Some(Code { font: self.name(face), code, is_said })
    }

    /// The glyph, which is added unless it is here.
    pub fn add(&mut self, face: Face, glyph: u16, text: &str) -> Code {
        if let Some(known) = self.get(face, glyph, text) {
            return known;
        }
        let subset = self.subsets[face as usize].get_or_insert_with(|| Subset {
            face,
            codes: GlyphRemapper::new(),
            texts: Vec::new(),
        });
        let code = subset.codes.remap(glyph);
        // Glyph 0 always has a code; a page with it is refused.
        if code != 0 {
            subset.texts.push(text.to_owned());
        }
        Code { font: self.name(face), code, is_said: true }
    }

    /// The faces that are in use, by their names in content streams.
    pub fn iter(&self) -> impl Iterator<Item = ([u8; 2], &Subset)> {
        self.subsets.iter().flatten().map(|subset| (self.name(subset.face), subset))
    }

    /// What tells these glyphs from others.
    pub fn key(&self) -> Vec<u8> {
        self.iter().flat_map(|(name, subset)| name.into_iter().chain(key(subset))).collect()
    }
}

/// The fonts of a file that is not whole yet: they grow until its last page.
#[derive(Clone)]
pub(super) struct Growing {
    pub fonts: Fonts,
    refs: Vec<FontRef>,
}

impl Growing {
    pub fn new() -> Self {
        Growing { fonts: Fonts::new(b'o'), refs: Vec::new() }
    }

    /// The fonts in use so far.
    pub fn refs<W: Write>(&mut self, file: &mut File<W>) -> &[FontRef] {
        for (name, _) in self.fonts.iter() {
            if !self.refs.iter().any(|(known, _)| *known == name) {
                self.refs.push((name, file.id()));
            }
        }
        &self.refs
    }

    /// Writes the fonts.
    pub fn write<W: Write>(&self, file: &mut File<W>, effort: Effort) {
        for (name, subset) in self.fonts.iter() {
            if let Some((_, id)) = self.refs.iter().find(|(known, _)| *known == name) {
                Embedded::new(subset, effort).write(file, *id);
            }
        }
    }
}

/// So many bytes of glyphs that a record has anew are written as they are: to compress them quickly takes a twelfth of
/// the time of a whole file, for a seventh of their size.
const SMALL: usize = 16 << 10;

/// A font file and what a PDF says of it.
pub(super) struct Embedded {
    face: Face,
    name: String,
    /// Advances in thousandths of an em, each with the first and the last code that has it.
    widths: Vec<(u16, u16, f32)>,
    bounds: Rect,
    /// What the glyphs stand for, compressed.
    texts: Vec<u8>,
    file: Data,
}

/// A font file.
enum Data {
    Plain(Vec<u8>),
    /// Compressed, and how long it is unpacked.
    Packed(Vec<u8>, usize),
}

/// The advance that most glyphs have, in thousandths of an em.
const FULL_WIDTH: f32 = 1000.0;

impl Embedded {
    pub fn new(subset: &Subset, effort: Effort) -> Self {
        let Subset { face, codes, texts } = subset;
        // The IPA's licence wants its fonts left as they are.
        let own = if *face == Face::Ipamj { None } else { truetype::subset(face.data(), codes) };
        // Cannot fail: the faces compiled in are sound, and the glyphs are theirs.
        let whole = || subsetter::subset(face.data(), 0, codes).expect("the face has these glyphs");
        let file = own.unwrap_or_else(whole);
        let mut map = UnicodeCmap::<u16>::new(Name(b"Custom"), SYSTEM);
        for (code, text) in (1..).zip(texts) {
            map.pair_with_multiple(code, text.chars());
        }
        Embedded {
            face: *face,
            name: name(subset),
            widths: widths(subset),
            bounds: bounds(subset),
            texts: deflate(map.finish().as_slice(), effort),
            file: match effort {
                Effort::Quick if file.len() <= SMALL => Data::Plain(file),
                _ => Data::Packed(deflate(&file, effort), file.len()),
            },
        }
    }

    pub fn write<W: Write>(&self, file: &mut File<W>, id: Ref) {
        let [cid, descriptor, texts, data] = [(); 4].map(|()| file.id());
        let name = Name(self.name.as_bytes());
        let mut font = file.object::<Type0Font>(id);
        font.base_font(name).encoding_predefined(Name(b"Identity-H"));
        font.descendant_font(cid).to_unicode(texts);
        drop(font);
        let mut font = file.object::<CidFont>(cid);
        font.subtype(CidFontType::Type2).base_font(name).system_info(SYSTEM);
        font.font_descriptor(descriptor).default_width(FULL_WIDTH);
        font.cid_to_gid_map_predefined(Name(b"Identity"));
        if !self.widths.is_empty() {
            let mut widths = font.widths();
            for &(first, last, width) in &self.widths {
                widths.same(first, last, width);
            }
        }
        drop(font);
        let mut about = file.object::<FontDescriptor>(descriptor);
        about.name(name).flags(FontFlags::SYMBOLIC).bbox(self.bounds).italic_angle(0.0);
        about.ascent(ascent_em() * 1000.0).descent(-descent_em() * 1000.0);
        about.cap_height(cap_height_em() * 1000.0).stem_v(self.face.stem()).font_file2(data);
        drop(about);
        file.packed_stream(texts, &self.texts, |_| {});
        let length = |stream: &mut Stream<'_>, length: usize| {
            stream.pair(Name(b"Length1"), length as i32);
        };
        match &self.file {
            Data::Plain(bytes) => file.stream(data, bytes, |stream| length(stream, bytes.len())),
            Data::Packed(bytes, long) => {
                file.packed_stream(data, bytes, |stream| length(stream, *long));
            }
        }
    }
}

/// The face's name after six letters that tell this subset of it from others (ISO 32000-1, 9.6.4).
fn name(subset: &Subset) -> String {
    let digest = Sha256::digest(key(subset));
    let mut number = digest.iter().take(8).fold(0_u64, |n, byte| n << 8 | u64::from(*byte));
    let mut name = String::with_capacity(32);
    for _ in 0..6 {
        name.push(char::from(b'A' + (number % 26) as u8));
        number /= 26;
    }
    name.push('+');
    name + subset.face.name()
}

/// What tells a subset from another of its face.
fn key(subset: &Subset) -> Vec<u8> {
    subset.codes.remapped_gids().flat_map(u16::to_be_bytes).collect()
}

/// The advances other than a full-width character's.
fn widths(subset: &Subset) -> Vec<(u16, u16, f32)> {
    let mut widths: Vec<(u16, u16, f32)> = Vec::new();
    for (code, glyph) in (0..).zip(subset.codes.remapped_gids()) {
        let width = subset.face.advance_em(glyph) * 1000.0;
        match widths.last_mut() {
            Some((_, last, same)) if *same == width => *last = code,
            _ => widths.push((code, code, width)),
        }
    }
    widths.retain(|(_, _, width)| *width != FULL_WIDTH);
    widths
}

/// The box that all glyphs fit in, in thousandths of an em.
fn bounds(subset: &Subset) -> Rect {
    let mut all = Rect::new(0.0, 0.0, 0.0, 0.0);
    for [left, bottom, right, top] in
        subset.codes.remapped_gids().filter_map(|glyph| subset.face.bounds_em(glyph))
    {
        all.x1 = all.x1.min(left * 1000.0);
        all.y1 = all.y1.min(bottom * 1000.0);
        all.x2 = all.x2.max(right * 1000.0);
        all.y2 = all.y2.max(top * 1000.0);
    }
    all
}
