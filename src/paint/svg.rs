//! A page as SVG: the glyphs are where the PDF has them, the text is text, and each value box
//! says which field it is.
//!
//! Units are points, as in the PDF, so that a size reads as the form's definition has it.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::sync::Arc;

use ttf_parser::OutlineBuilder;

use super::PaintError;
use super::png::{data_address, paper_address};
use super::refuse;
use super::shapes::{self, glyph_x};
use crate::font::{Face, Glyph, Shaped, UNITS, shape, stack};
use crate::sheet::{
    Area, Block, Cell, Color, Content, Line, MM_PER_PT, Mark, Rect, Role, Run, Scope, Section,
    Sheet, Sign, Stroke, Tick, ruling, sections,
};

/// Where an SVG is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SvgFor {
    /// Inside a page that offers BIZ UD明朝 and BIZ UDゴシック under the names `BIZ UDMincho` and
    /// `BIZ UDGothic`. Their characters are text; those of IPAmj明朝 are outlines, because the font is
    /// too large for a page. A character that no font has shows as 〓.
    Page,
    /// Alone, in any program: every glyph is an outline, because most programs ignore fonts inside an
    /// SVG and few machines have these. The text lies over it without ink, to be searched and copied.
    File,
}

/// What is on the page for a character that no font has: a printer's turned letter.
const GETA: char = '〓';

/// Paints a sheet into an SVG of the page's size. The same sheet gives the same bytes.
///
/// ```
/// use onshi::form::Forms;
/// use onshi::layout::{fill, Mode};
/// use onshi::paint::{SvgFor, svg};
/// let forms = Forms::built_in();
/// let sheet = &fill(forms.find("別紙2").unwrap(), Mode::Blank, forms).0[0];
/// let page = svg(sheet, SvgFor::Page)?;
/// assert!(page.starts_with("<svg "));
/// assert!(page.contains("<text ") && page.contains("data-field="));
/// # Ok::<(), onshi::paint::PaintError>(())
/// ```
///
/// # Errors
///
/// When a number is out of range for a page and, for a file, when no font has a character.
pub fn svg(sheet: &Sheet, shown: SvgFor) -> Result<String, PaintError> {
    refuse::geometry(sheet)?;
    let mut writer =
        Writer { body: String::new(), shown, outlines: BTreeMap::new(), missing: None };
    writer.paper(sheet)?;
    writer.ground(sheet);
    for block in &sheet.blocks {
        writer.block(block);
    }
    match (shown, writer.missing.take()) {
        (SvgFor::File, Some(text)) => {
            let reason = format!("no font has “{}”", text.escape_debug());
            Err(PaintError::Refused(vec![reason]))
        }
        _ => Ok(writer.finish(sheet)),
    }
}

struct Writer {
    body: String,
    shown: SvgFor,
    /// The glyphs drawn as outlines, as path data; empty for one without ink.
    outlines: BTreeMap<(Face, u16), String>,
    /// The first character that no font has.
    missing: Option<String>,
}

/// Writes to the body; a `String` takes whatever is written.
macro_rules! put {
    ($writer:expr, $($what:tt)*) => {
        let _ = write!($writer.body, $($what)*);
    };
}

impl Writer {
    fn finish(self, sheet: &Sheet) -> String {
        let (width, height) = (Pt(sheet.width), Pt(sheet.height));
        let title = Escaped(&sheet.title);
        let mut out = String::from(
            r#"<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" "#,
        );
        let _ = write!(
            out,
            r#"width="{}mm" height="{}mm" viewBox="0 0 {width} {height}" role="document" "#,
            Number(sheet.width),
            Number(sheet.height),
        );
        let _ = write!(
            out,
            r#"aria-label="{title}" xml:lang="ja" lang="ja" text-rendering="geometricPrecision">"#
        );
        if self.shown == SvgFor::File {
            // Inside a page a title would pop up under the pointer wherever it rests.
            let _ = write!(
                out,
                r##"<title>{title}</title><rect width="{width}" height="{height}" fill="#fff"/>"##
            );
        }
        out.push_str("<defs>");
        for ((face, glyph), path) in self.outlines.iter().filter(|(_, path)| !path.is_empty()) {
            let _ = write!(out, r#"<path id="{}" d="{path}"/>"#, GlyphName(*face, *glyph));
        }
        out.push_str("</defs>");
        out + &self.body + "</svg>\n"
    }

    /// The page of somebody else's that is printed on, as a picture.
    fn paper(&mut self, sheet: &Sheet) -> Result<(), PaintError> {
        let Some(page) = &sheet.paper else { return Ok(()) };
        let address = paper_address(page)?;
        let place = Place(Rect { x: 0.0, y: 0.0, w: sheet.width, h: sheet.height });
        put!(self, r#"<image {place} preserveAspectRatio="none" aria-hidden="true" "#);
        self.pictured(&address);
        Ok(())
    }

    /// The end of a picture's element. The old name of the address is for programs alone that know no other:
    /// in a page it would be the whole picture once more.
    fn pictured(&mut self, address: &str) {
        if self.shown == SvgFor::File {
            put!(self, r#"xlink:href="{address}" "#);
        }
        put!(self, r#"href="{address}"/>"#);
    }

    /// Fills, then borders.
    fn ground(&mut self, sheet: &Sheet) {
        for area in sheet.areas() {
            if let Some(color) = area.fill {
                put!(self, r#"<rect {} fill="{}"/>"#, Place(area.rect), Hex(color));
            }
        }
        let (dashed, solid): (Vec<Line>, Vec<Line>) =
            ruling::lines(sheet).into_iter().partition(|line| line.stroke == Stroke::Dashed);
        for line in &dashed {
            let [on, off] = shapes::dashes(line).map(Pt);
            let width = Number(line.stroke.width());
            put!(
                self,
                r##"<path d="{}" fill="none" stroke="#000" stroke-width="{width}" stroke-dasharray="{on} {off}"/>"##,
                Straight(line)
            );
        }
        for stroke in [Stroke::Thin, Stroke::Heavy] {
            let mut lines = solid.iter().filter(|line| line.stroke == stroke).peekable();
            if lines.peek().is_some() {
                put!(self, r#"<path d=""#);
                lines.for_each(|line| {
                    put!(self, "{}", Straight(line));
                });
                let width = Number(stroke.width());
                put!(self, r##"" fill="none" stroke="#000" stroke-width="{width}"/>"##);
            }
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Text { role, area } => {
                let level = match role {
                    Role::Title => r#"<g role="heading" aria-level="1">"#,
                    Role::Heading => r#"<g role="heading" aria-level="2">"#,
                    Role::Paragraph => "<g>",
                };
                self.body.push_str(level);
                self.area(area);
                self.body.push_str("</g>");
            }
            Block::Group(cells) => {
                for area in cells.iter().flat_map(|cell| &cell.areas) {
                    self.area(area);
                }
            }
            Block::Table { rows } => {
                for section in sections(rows) {
                    match section {
                        Section::Heading(cell) => {
                            self.body.push_str(r#"<g role="heading" aria-level="3">"#);
                            cell.areas.iter().for_each(|area| self.area(area));
                        }
                        Section::Rows(rows) => self.table(rows),
                    }
                    self.body.push_str("</g>");
                }
            }
            Block::Rule { .. } => {}
        }
    }

    /// A table, but for the end of its group.
    fn table(&mut self, rows: &[Vec<Arc<Cell>>]) {
        self.body.push_str(r#"<g role="table">"#);
        for row in rows {
            self.body.push_str(r#"<g role="row">"#);
            row.iter().for_each(|cell| self.cell(cell));
            self.body.push_str("</g>");
        }
    }

    fn cell(&mut self, cell: &Cell) {
        let role = match cell.header {
            Some(Scope::Row) => "rowheader",
            Some(Scope::Column) => "columnheader",
            None => "cell",
        };
        put!(self, r#"<g role="{role}""#);
        for (name, span) in [("aria-rowspan", cell.rows), ("aria-colspan", cell.columns)] {
            if span > 1 {
                put!(self, r#" {name}="{span}""#);
            }
        }
        self.body.push('>');
        cell.areas.iter().for_each(|area| self.area(area));
        self.body.push_str("</g>");
    }

    /// The text and marks of a box, in a group that names the field of a value box.
    fn area(&mut self, area: &Area) {
        if let Some(field) = &area.field {
            // Without ink, yet there for the pointer.
            put!(
                self,
                r#"<g data-field="{}"><rect {} fill="none" pointer-events="all"/>"#,
                Escaped(field),
                Place(area.rect)
            );
        }
        let is_circle = |mark: &&Mark| matches!(mark, Mark::Circle { .. });
        let (circles, others): (Vec<&Mark>, Vec<&Mark>) = area.marks.iter().partition(is_circle);
        others.into_iter().for_each(|mark| self.mark(area, mark));
        for run in area.lines.iter().flat_map(|line| &line.runs) {
            self.linked(run);
        }
        circles.into_iter().for_each(|mark| self.mark(area, mark));
        if area.field.is_some() {
            self.body.push_str("</g>");
        }
    }

    /// A run, in a link where it leads somewhere.
    fn linked(&mut self, run: &Run) {
        let Some(address) = &run.link else { return self.run(run) };
        let address = Escaped(address);
        put!(self, r#"<a xlink:href="{address}" href="{address}" target="_blank" rel="noopener">"#);
        // The whole box can be clicked, not the strokes alone.
        let rect = Place(shapes::link_box(run));
        put!(self, r#"<rect {rect} fill="none" pointer-events="all"/>"#);
        self.run(run);
        self.body.push_str("</a>");
    }

    fn run(&mut self, run: &Run) {
        if let Content::Tick(tick) = run.content {
            return self.tick(run, tick);
        }
        if run.vertical {
            return self.column(run);
        }
        if run.underline {
            let (line, width) = shapes::underline(run);
            let (color, width) = (Hex(run.color), Number(width));
            let line = Straight(&line);
            put!(self, r#"<path d="{line}" stroke="{color}" stroke-width="{width}"/>"#);
        }
        let shaped = shape(run.text(), run.family);
        let mut index = 0;
        let shown = self.shown;
        let one = |a: &Glyph, b: &Glyph| {
            style(a, shown) == style(b, shown) && is_single(run, a) && is_single(run, b)
        };
        for same in shaped.glyphs.chunk_by(one) {
            self.glyphs(run, &shaped, index..index + same.len());
            index += same.len();
        }
    }

    fn glyphs(&mut self, run: &Run, shaped: &Shaped, indices: std::ops::Range<usize>) {
        let glyphs = &shaped.glyphs[indices.clone()];
        let xs: Vec<f32> = indices.map(|i| glyph_x(run, shaped, i)).collect();
        let text = &run.text()[glyphs[0].range.start..glyphs[glyphs.len() - 1].range.end];
        let Some((face, outlined)) = style(&glyphs[0], self.shown) else {
            self.missing.get_or_insert_with(|| text.to_owned());
            let geta: String = glyphs.iter().map(|_| GETA).collect();
            return self.text(run, run.family.chain()[0], &xs, &[run.baseline], &geta, false);
        };
        if outlined {
            self.outlined(run, face, glyphs, &xs);
        }
        self.text(run, face, &xs, &[run.baseline], text, outlined);
    }

    /// Text that runs down: outlines, since programs that have the fonts differ over their shapes for it.
    fn column(&mut self, run: &Run) {
        let column = stack(run.text(), run.family);
        if column.glyphs.iter().any(|stacked| stacked.glyph.id == 0) {
            self.missing.get_or_insert_with(|| run.text().to_owned());
        }
        let size = run.size / UNITS;
        put!(self, r#"<g fill="{}" aria-hidden="true">"#, Hex(run.color));
        for stacked in &column.glyphs {
            let (face, id) = (stacked.glyph.face, stacked.glyph.id);
            if !self.has_ink(face, id) {
                continue;
            }
            let (x, y) = shapes::stacked_at(run, stacked);
            let (across, down) = if stacked.is_turned { (0.0, size) } else { (size, 0.0) };
            put!(
                self,
                r##"<use xlink:href="#{}" transform="matrix({across:.6} {down:.6} {down:.6} {:.6} {})"/>"##,
                GlyphName(face, id),
                -across,
                At(x, y)
            );
        }
        self.body.push_str("</g>");
        let places = column.glyphs.iter().map(|stacked| shapes::stacked_at(run, stacked));
        let (xs, ys): (Vec<f32>, Vec<f32>) = places.unzip();
        self.text(run, run.family.chain()[0], &xs, &ys, run.text(), true);
    }

    /// Whether a glyph is drawn; its outline is then among those of the page.
    fn has_ink(&mut self, face: Face, id: u16) -> bool {
        let path = self.outlines.entry((face, id)).or_insert_with(|| {
            let mut path = Outline(String::new());
            face.outline(id, &mut path);
            path.0
        });
        !path.is_empty()
    }

    fn outlined(&mut self, run: &Run, face: Face, glyphs: &[Glyph], xs: &[f32]) {
        let scale = Scale(run.size / UNITS);
        put!(self, r#"<g fill="{}" aria-hidden="true">"#, Hex(run.color));
        for (glyph, x) in glyphs.iter().zip(xs) {
            if !self.has_ink(face, glyph.id) {
                continue;
            }
            put!(
                self,
                r##"<use xlink:href="#{}" transform="translate({} {}) scale({scale})"/>"##,
                GlyphName(face, glyph.id),
                Pt(*x),
                Pt(run.baseline)
            );
        }
        self.body.push_str("</g>");
    }

    /// One text element, each character at its place.
    fn text(&mut self, run: &Run, face: Face, xs: &[f32], ys: &[f32], text: &str, hidden: bool) {
        for (name, places) in [(r#"<text x=""#, xs), (r#"" y=""#, ys)] {
            self.body.push_str(name);
            for (i, place) in places.iter().enumerate() {
                let space = if i == 0 { "" } else { " " };
                put!(self, "{space}{}", Pt(*place));
            }
        }
        let (family, weight) = match face {
            Face::Mincho | Face::Ipamj => ("BIZ UDMincho", ""),
            Face::Gothic => ("BIZ UDGothic", ""),
            Face::Bold => ("BIZ UDGothic", r#" font-weight="700""#),
        };
        let ink = if hidden { r#" fill-opacity="0""# } else { "" };
        // Said of the element itself: browsers collapse spaces in spite of what is above it, and
        // every character after would take the place of the one before.
        let space = if text.contains(' ') { r#" xml:space="preserve""# } else { "" };
        put!(
            self,
            r#"" font-family="{family}"{weight} font-size="{}" fill="{}"{ink}{space}>{}</text>"#,
            Number(run.size),
            Hex(run.color),
            Escaped(text)
        );
    }

    fn tick(&mut self, run: &Run, tick: Tick) {
        let rect = shapes::tick_box(run);
        put!(self, r#"<g role="img" aria-label="{}" fill="none">"#, Escaped(tick.text()));
        let width = Number(Stroke::Thin.width());
        put!(self, r##"<rect {} stroke="#000" stroke-width="{width}"/>"##, Place(rect));
        if tick == Tick::Ticked {
            self.check(rect, Hex(run.color));
        }
        self.body.push_str("</g>");
    }

    /// The stroke of a tick.
    fn check(&mut self, rect: Rect, color: Hex) {
        let [start, foot, bend, end] = shapes::tick_stroke(rect).map(|(x, y)| At(x, y));
        put!(
            self,
            r#"<path d="M{start}L{foot}Q{bend} {end}" fill="none" stroke="{color}" stroke-width="{}" stroke-linecap="round" stroke-linejoin="round"/>"#,
            Number(shapes::TICK)
        );
    }

    fn mark(&mut self, area: &Area, mark: &Mark) {
        let thin = Number(Stroke::Thin.width());
        match mark {
            Mark::Circle { rect, color, word } => {
                let word = Escaped(area.word(word).unwrap_or_default());
                let (color, width) = (Hex(*color), Number(shapes::CIRCLE));
                put!(self, r#"<ellipse role="img" aria-label="○ {word}" {} "#, Round(*rect));
                put!(self, r#"fill="none" stroke="{color}" stroke-width="{width}"/>"#);
            }
            Mark::Chosen { rect, sign, color, text } => {
                let (text, color) = (Escaped(text), Hex(*color));
                match sign {
                    Sign::Circle => {
                        let width = Number(shapes::CIRCLE);
                        put!(
                            self,
                            r#"<ellipse role="img" aria-label="○ {text}" {} "#,
                            Round(*rect)
                        );
                        put!(self, r#"fill="none" stroke="{color}" stroke-width="{width}"/>"#);
                    }
                    Sign::Tick => {
                        put!(self, r#"<g role="img" aria-label="☑ {text}">"#);
                        self.check(*rect, color);
                        self.body.push_str("</g>");
                    }
                }
            }
            Mark::Diagonal { rect, color } => {
                let (line, color) = (shapes::diagonal(*rect), Hex(*color));
                let line = Straight(&line);
                put!(self, r#"<path d="{line}" stroke="{color}" stroke-width="{thin}"/>"#);
            }
            Mark::Ring { rect } => {
                put!(self, r##"<ellipse {} fill="none" "##, Round(*rect));
                put!(self, r##"stroke="#000" stroke-width="{thin}"/>"##);
            }
            Mark::Code { bars, alt, .. } => {
                let alt = Escaped(alt);
                put!(self, r#"<path role="img" aria-label="{alt}" d=""#);
                for bar in bars {
                    let (x, y, w, h) = (Pt(bar.x), Pt(bar.y), Pt(bar.w), Pt(bar.h));
                    put!(self, "M{x} {y}h{w}v{h}h-{w}z");
                }
                self.body.push_str(r#""/>"#);
            }
            Mark::Picture { rect, picture, alt } => {
                let (place, alt) = (Place(*rect), Escaped(alt));
                let address = data_address(picture.media_type, &picture.file);
                put!(self, r#"<image role="img" aria-label="{alt}" {place} "#);
                put!(self, r#"preserveAspectRatio="none" "#);
                self.pictured(&address);
            }
        }
    }
}

/// The face of a glyph and whether it is drawn as an outline; `None` for one that no font has.
fn style(glyph: &Glyph, shown: SvgFor) -> Option<(Face, bool)> {
    let outlined = shown == SvgFor::File || glyph.face == Face::Ipamj;
    (glyph.id != 0).then_some((glyph.face, outlined))
}

/// Whether a glyph stands for one character of the first plane: browsers disagree on how many
/// positions any other takes in a text element.
fn is_single(run: &Run, glyph: &Glyph) -> bool {
    glyph.range.len() <= 3 && run.text()[glyph.range.clone()].chars().count() == 1
}

/// A glyph's name in a document: the same wherever the glyph is the same.
struct GlyphName(Face, u16);

impl fmt::Display for GlyphName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let face = match self.0 {
            Face::Mincho => 'm',
            Face::Gothic => 'g',
            Face::Bold => 'b',
            Face::Ipamj => 'i',
        };
        write!(f, "{face}{}", self.1)
    }
}

/// A number with at most two decimals.
struct Number(f32);

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hundredths = (self.0 * 100.0).round() as i32;
        let text = format!("{:.2}", f64::from(hundredths) / 100.0);
        f.write_str(text.trim_end_matches('0').trim_end_matches('.'))
    }
}

/// Millimetres, written in pt.
struct Pt(f32);

impl fmt::Display for Pt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Number(self.0 / MM_PER_PT).fmt(f)
    }
}

/// A point in mm, written in pt.
struct At(f32, f32);

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", Pt(self.0), Pt(self.1))
    }
}

/// A rectangle's attributes.
struct Place(Rect);

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Rect { x, y, w, h } = self.0;
        write!(f, r#"x="{}" y="{}" width="{}" height="{}""#, Pt(x), Pt(y), Pt(w), Pt(h))
    }
}

/// The attributes of an ellipse that fills a rectangle.
struct Round(Rect);

impl fmt::Display for Round {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Rect { x, y, w, h } = self.0;
        let (rx, ry) = (w / 2.0, h / 2.0);
        let (cx, cy) = (Pt(x + rx), Pt(y + ry));
        write!(f, r#"cx="{cx}" cy="{cy}" rx="{}" ry="{}""#, Pt(rx), Pt(ry))
    }
}

/// A line as path data.
struct Straight<'a>(&'a Line);

impl fmt::Display for Straight<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "M{}L{}", At(self.0.x1, self.0.y1), At(self.0.x2, self.0.y2))
    }
}

/// Glyphs from outline units to pt, y turned downwards.
struct Scale(f32);

impl fmt::Display for Scale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{0:.6} -{0:.6}", self.0)
    }
}

struct Hex(Color);

impl fmt::Display for Hex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Color(r, g, b) = self.0;
        write!(f, "#{r:02x}{g:02x}{b:02x}")
    }
}

/// Text as XML and HTML take it; a character that XML cannot have is a replacement character.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\t' | '\n' | '\r' => f.write_char(' ')?,
                '\0'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}' => f.write_char('\u{FFFD}')?,
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

/// An outline as path data, in units of the font.
struct Outline(String);

impl OutlineBuilder for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        let _ = write!(self.0, "M{} {}", Number(x), Number(y));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let _ = write!(self.0, "L{} {}", Number(x), Number(y));
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let _ = write!(self.0, "Q{} {} {} {}", Number(x1), Number(y1), Number(x), Number(y));
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let (first, second, end) = ((x1, y1), (x2, y2), (x, y));
        let [first, second, end] = [first, second, end].map(|(x, y)| [Number(x), Number(y)]);
        let _ = write!(
            self.0,
            "C{} {} {} {} {} {}",
            first[0], first[1], second[0], second[1], end[0], end[1]
        );
    }

    fn close(&mut self) {
        self.0.push('Z');
    }
}

#[cfg(test)]
mod tests;
