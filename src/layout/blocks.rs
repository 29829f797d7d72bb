//! Text, lines and callouts: what the form prints outside of tables.

use super::cell::colored;
use super::fill::Layout;
use super::line::{PAD, PAD_Y, Style, VALUE_LEADING, baseline_in, set_line};
use super::link::linked;
use super::text::{break_lines, width};
use crate::font::Family;
use crate::form::{LineBlock, TextBlock};
use crate::sheet::{Align, Area, Block, Color, Edges, Line, MM_PER_PT, Rect, Role, Stroke, VAlign};

/// A line of running text is stretched to the margin by at most this between two characters, in mm.
const MOST_SPREAD: f32 = 0.5;

impl Layout<'_, '_> {
    /// A line across the page, with its text in the middle.
    pub(super) fn rule(&mut self, rule: &LineBlock) {
        let x = rule.x.unwrap_or(self.form.page.margin);
        let y = rule.y.unwrap_or(self.cursor + rule.above);
        let w = rule.width.unwrap_or(self.form.page.width - self.form.page.margin - x);
        let mut line = |x: f32, right: f32| {
            let line = Line { x1: x, y1: y, x2: right, y2: y, stroke: rule.stroke };
            self.filled.areas.push((Rect { x, y, w: right - x, h: 0.0 }, self.here));
            self.filled.sheet.blocks.push(Block::Rule { line });
        };
        self.cursor = y;
        let Some(text) = &rule.text else { return line(x, x + w) };
        let size = rule.size.unwrap_or(self.form.sizes.text);
        let em = size * MM_PER_PT;
        let wide = width(text, Family::Gothic) * em + 2.0 * PAD;
        let (left, h) = (x + (w - wide) / 2.0, em * VALUE_LEADING);
        line(x, left);
        line(left + wide, x + w);
        if left < x {
            self.filled.misfits.push((text.clone(), self.here));
        }
        let mut block = TextBlock::default();
        // As wide as the text, which a rounding does not break.
        (block.x, block.width) = (Some(left + PAD), Some(wide - 2.0 * PAD + 0.01));
        (block.y, block.height) = (Some(y - h / 2.0), Some(h));
        block.size = Some(size);
        let area = self.text_area(&block, text, Family::Gothic, Color::BLACK);
        self.filled.areas.push((area.rect, self.here));
        self.filled.sheet.blocks.push(Block::Text { role: Role::Paragraph, area });
        self.cursor = y + h / 2.0;
    }

    pub(super) fn text(&mut self, block: &TextBlock, role: Role, family: Family) {
        let text = match &block.sample {
            Some(sample) if self.is_example => sample,
            _ => &block.text,
        };
        let text = self.numbered(text);
        let color = colored(block.color.as_deref());
        let area = self.text_area(block, &text, block.face.unwrap_or(family), color);
        self.cursor = area.rect.bottom();
        self.filled.areas.push((area.rect, self.here));
        self.filled.sheet.blocks.push(Block::Text { role, area });
    }

    pub(super) fn callout(&mut self, block: &TextBlock) {
        let mut block = block.clone();
        block.border = Stroke::Thin;
        block.size.get_or_insert(9.0);
        let family = block.face.unwrap_or(Family::Gothic);
        let mut area = self.text_area(&block, &block.text, family, Color::RED);
        area.fill = Some(Color(0xFF, 0xF6, 0xF2));
        self.filled.callouts.push(area.rect);
        self.filled.sheet.blocks.push(Block::Text { role: Role::Paragraph, area });
    }

    pub(super) fn text_area(
        &mut self,
        block: &TextBlock,
        text: &str,
        family: Family,
        color: Color,
    ) -> Area {
        let page = &self.form.page;
        let x = block.x.unwrap_or(page.margin);
        let y = block.y.unwrap_or(self.cursor + block.above);
        let w = block.width.unwrap_or(page.width - page.margin - x);
        let size = block.size.unwrap_or(self.form.sizes.text);
        let em = size * MM_PER_PT;
        let pad = if block.border == Stroke::None { 0.0 } else { PAD };
        let room = w - 2.0 * pad;
        let broken = break_lines(text, family, room / em, block.hang);
        let leading = em * self.form.sizes.leading;
        let leading = match block.height {
            Some(h) if broken.len() > 1 => leading.min((h - 2.0 * PAD_Y) / broken.len() as f32),
            _ => leading,
        };
        let h = block.height.unwrap_or(leading * broken.len() as f32);
        if leading < em || em > h {
            self.filled.misfits.push((text.to_owned(), self.here));
        }
        let top = y + (h - leading * broken.len() as f32) / 2.0;
        let mut lines = Vec::new();
        for (i, (line, last)) in broken.iter().enumerate() {
            let indent = if i > 0 && !broken[i - 1].1 { block.hang * em } else { 0.0 };
            let inner = (x + pad + indent, room - indent);
            // Running text reaches both margins, but for the last line of a paragraph.
            let align = match block.align() {
                Align::Left if !*last => {
                    let gaps = line.chars().count().saturating_sub(1).max(1) as f32;
                    let spread = (inner.1 - width(line, family) * em) / gaps;
                    if spread <= MOST_SPREAD { Align::Justify } else { Align::Left }
                }
                align => align,
            };
            let baseline = baseline_in(top + leading * i as f32, leading, em);
            let style = Style {
                size,
                value_size: size,
                family,
                color,
                value_color: color,
                underline: block.underline(),
                align,
                valign: VAlign::Middle,
                smallest: size,
            };
            let pieces = linked(text, line, block.links());
            lines.push(set_line(&pieces, &style, size, inner, baseline));
        }
        let stroke = block.border;
        Area {
            rect: Rect { x, y, w, h },
            edges: Edges { top: stroke, right: stroke, bottom: stroke, left: stroke },
            fill: None,
            lines,
            marks: Vec::new(),
            field: None,
            is_made: false,
            align: block.align(),
            valign: VAlign::Middle,
        }
    }
}
