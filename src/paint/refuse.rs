//! What is refused: sheets no page can show, and characters no font has.

use super::PaintError;
use crate::font::Glyph;
use crate::sheet::{Block, Mark, Rect, Run, Sheet};

/// The sentences of a refusal, each once.
#[derive(Clone, Debug, Default)]
pub(super) struct Faults(Vec<String>);

impl Faults {
    pub fn push(&mut self, fault: String) {
        if !self.0.contains(&fault) {
            self.0.push(fault);
        }
    }

    pub fn extend(&mut self, others: &Faults) {
        others.0.iter().cloned().for_each(|fault| self.push(fault));
    }

    /// The glyphs of a run that no font has.
    pub fn glyphs<'g>(&mut self, run: &Run, glyphs: impl IntoIterator<Item = &'g Glyph>) {
        for glyph in glyphs.into_iter().filter(|glyph| glyph.id == 0) {
            let text = &run.text()[glyph.range.clone()];
            let codes: Vec<String> = text.chars().map(|c| format!("U+{:04X}", c as u32)).collect();
            self.push(format!("no font has “{}” ({})", text.escape_debug(), codes.join(" ")));
        }
    }

    /// Fails if there are any.
    pub fn refuse(self) -> Result<(), PaintError> {
        if self.0.is_empty() { Ok(()) } else { Err(PaintError::Refused(self.0)) }
    }
}

/// Refuses numbers that no page can have.
pub(super) fn geometry(sheet: &Sheet) -> Result<(), PaintError> {
    // A PDF page is at most 200 inches wide and high.
    const FAR: f32 = 200.0 * 25.4;
    let fits = |values: &[f32]| values.iter().all(|v| (-FAR..=FAR).contains(v));
    let fault = |what: String| Err(PaintError::Geometry(what));
    if !(fits(&[sheet.width, sheet.height]) && sheet.width > 0.0 && sheet.height > 0.0) {
        return fault("the page".into());
    }
    for area in sheet.areas() {
        let rect = area.rect;
        if !fits(&[rect.x, rect.y, rect.w, rect.h]) {
            return fault(format!("the box of {}", area.field.as_deref().unwrap_or("a text")));
        }
        for run in area.lines.iter().flat_map(|line| &line.runs) {
            if !fits(&[run.x, run.baseline, run.spread]) || !(0.01..=FAR).contains(&run.size) {
                return fault(format!("the text “{}”", run.text()));
            }
        }
        for mark in &area.marks {
            let is_placed = |rect: &Rect| {
                fits(&[rect.x, rect.y]) && [rect.w, rect.h].iter().all(|v| (0.01..=FAR).contains(v))
            };
            let (bars, what) = match mark {
                Mark::Circle { word, .. } => {
                    let word = area.word(word).unwrap_or_default();
                    (&[][..], format!("the ellipse round {word}"))
                }
                Mark::Chosen { text, .. } => (&[][..], format!("the mark at {text}")),
                Mark::Diagonal { .. } => (&[][..], "a diagonal stroke".to_owned()),
                Mark::Ring { .. } => (&[][..], "the place for a seal".to_owned()),
                Mark::Code { bars, alt, .. } => (&bars[..], format!("the code “{alt}”")),
                Mark::Picture { alt, .. } => (&[][..], format!("the picture “{alt}”")),
            };
            if !is_placed(&mark.rect()) || !bars.iter().all(is_placed) {
                return fault(what);
            }
        }
    }
    for block in &sheet.blocks {
        if let Block::Rule { line } = block
            && !fits(&[line.x1, line.y1, line.x2, line.y2])
        {
            return fault("a line".into());
        }
    }
    Ok(())
}
