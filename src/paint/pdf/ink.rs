//! What a sheet looks like: fills, borders, glyphs and marks, as operators of a content stream.
//!
//! The page's coordinates are turned once so that they run downwards, as a sheet's do. Between two boxes
//! the pen is black and nothing else is taken for granted: boxes are drawn by themselves and joined.

use std::ops::Range;
use std::sync::Arc;

use pdf_writer::types::{ArtifactType, ColorSpaceOperand, LineCapStyle, LineJoinStyle};
use pdf_writer::{Name, Str, TextStr};

use super::file::SETTINGS;
use super::fonts::{Code, Fonts};
use super::papers;
use super::pictures;
use crate::font::{Face, Glyph, Shaped, ascent_em, shape, stack};
use crate::paint::refuse::Faults;
use crate::paint::shapes::{self, glyph_x};
use crate::sheet::{
    Area, Color, Content, Line, MM_PER_PT, Mark, Picture, Rect, Run, Sheet, Sign, Stroke, TextLine,
    Tick, ruling,
};

/// What a drawn ellipse says.
const CIRCLED: &str = "○";

/// The name of the colour space in content streams.
pub(super) const COLORS: Name = Name(b"c");

const SPAN: Name = Name(b"Span");

/// A part of an area that is read by itself.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Kid {
    /// The number of its content on the page (`MCID`).
    pub id: i32,
    pub says: Says,
}

/// What a part of an area is to a reader.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Says {
    /// Its text.
    Text,
    /// A drawn character.
    Character(String),
    /// A picture or code in this box, in mm, with what is said of it.
    Figure { alt: String, rect: Rect },
    /// Text in this box that leads to an address, with what is said of it.
    Link { address: String, words: String, rect: Rect },
}

/// A content stream in the making.
pub(super) struct Ink<'a> {
    content: pdf_writer::Content,
    /// Glyphs that the form prints, if they are embedded already.
    pub printed: Option<&'a Fonts>,
    /// Where other glyphs go.
    pub own: &'a mut Fonts,
    pub faults: &'a mut Faults,
    /// The number of the next content; none on a page without structure.
    pub next: Option<i32>,
    /// The pictures that it shows.
    pub pictures: Vec<Arc<Picture>>,
    color: Color,
}

impl<'a> Ink<'a> {
    pub fn new(
        printed: Option<&'a Fonts>,
        own: &'a mut Fonts,
        faults: &'a mut Faults,
        next: Option<i32>,
    ) -> Self {
        let content = pdf_writer::Content::with_settings_and_capacity(SETTINGS, 8192);
        Ink { content, printed, own, faults, next, pictures: Vec::new(), color: Color::BLACK }
    }

    /// The stream so far, and a new one.
    pub fn take(&mut self) -> pdf_writer::Buf {
        let new = pdf_writer::Content::with_settings_and_capacity(SETTINGS, 1024);
        std::mem::replace(&mut self.content, new).finish()
    }

    /// Turns the coordinates of a page of this height in pt.
    pub fn turn(&mut self, height: f32) {
        self.content.transform([1.0, 0.0, 0.0, -1.0, 0.0, height]);
    }

    /// What comes before everything else.
    pub fn begin(&mut self) {
        self.content.set_fill_color_space(ColorSpaceOperand::Named(COLORS));
        self.content.set_stroke_color_space(ColorSpaceOperand::Named(COLORS));
        self.content.set_fill_color(rgb(Color::BLACK)).set_stroke_color(rgb(Color::BLACK));
    }

    /// Draws something that is in the file already.
    pub fn print(&mut self, name: Name) {
        self.content.x_object(name);
    }

    /// Draws the page of somebody else's that is printed on, which says nothing to a reader: what it has as
    /// structure is not taken over.
    pub fn paper(&mut self, sheet: &Sheet) {
        let Some(page) = &sheet.paper else { return };
        let height = pt(sheet.height);
        self.artifact(|ink| {
            ink.content.save_state().transform([1.0, 0.0, 0.0, -1.0, 0.0, height]);
            ink.content.x_object(Name(papers::name(page).as_bytes())).restore_state();
        });
    }

    /// Fills, then borders.
    pub fn ground(&mut self, sheet: &Sheet) {
        if self.next.is_some() {
            let mut mark = self.content.begin_marked_content_with_properties(Name(b"Artifact"));
            mark.properties().artifact().kind(ArtifactType::Layout);
        }
        for area in sheet.areas() {
            if let Some(color) = area.fill {
                self.fill(color);
                self.rectangle(area.rect);
                self.content.fill_nonzero();
            }
        }
        self.fill(Color::BLACK);
        let (dashed, solid): (Vec<Line>, Vec<Line>) =
            ruling::lines(sheet).into_iter().partition(|line| line.stroke == Stroke::Dashed);
        for line in &dashed {
            self.content.set_line_width(line.stroke.width());
            self.content.set_dash_pattern(shapes::dashes(line).map(pt), 0.0);
            self.lines([line]);
        }
        if !dashed.is_empty() {
            self.content.set_dash_pattern([], 0.0);
        }
        for stroke in [Stroke::Thin, Stroke::Heavy] {
            self.content.set_line_width(stroke.width());
            self.lines(solid.iter().filter(|line| line.stroke == stroke));
        }
        if self.next.is_some() {
            self.content.end_marked_content();
        }
    }

    /// Draws the text and marks of a box, each mark where it is read.
    pub fn area(&mut self, area: &Area) -> Vec<Kid> {
        let is_circle = |mark: &&Mark| matches!(mark, Mark::Circle { .. });
        let (mut marks, others): (Vec<&Mark>, Vec<&Mark>) = area.marks.iter().partition(is_circle);
        let mut kids = Vec::new();
        others.into_iter().for_each(|mark| self.mark(mark, &mut kids));
        let shape_line = |line: &TextLine| {
            line.runs.iter().map(|run| shape(run.text(), run.family)).collect::<Vec<Shaped>>()
        };
        let shapes: Vec<Vec<Shaped>> = area.lines.iter().map(shape_line).collect();
        let mut pieces: Vec<Piece> = Vec::new();
        for (l, (line, shapes)) in area.lines.iter().zip(&shapes).enumerate() {
            for (r, (run, shaped)) in line.runs.iter().zip(shapes).enumerate() {
                if let Content::Tick(tick) = run.content {
                    self.say(&mut pieces, &mut kids);
                    self.drawn(tick.text(), &mut kids, |ink| ink.tick(run, tick));
                    continue;
                }
                if run.vertical {
                    self.say(&mut pieces, &mut kids);
                    self.column(run, &mut kids);
                    continue;
                }
                self.faults.glyphs(run, &shaped.glyphs);
                if pieces.last().is_some_and(|piece| piece.run.link != run.link) {
                    self.say(&mut pieces, &mut kids);
                }
                let mut from = 0;
                for (glyph, rect, color) in circled(&mut marks, (l, r), shaped) {
                    pieces.push(Piece { run, shaped, glyphs: from..glyph });
                    self.say(&mut pieces, &mut kids);
                    let spot = Spot::of(run, shaped, glyph);
                    self.drawn(CIRCLED, &mut kids, |ink| ink.circle(rect, color, Some(spot)));
                    from = glyph;
                }
                pieces.push(Piece { run, shaped, glyphs: from..shaped.glyphs.len() });
                // Each line of a link is one by itself: it has a box.
                if run.link.is_some() {
                    self.say(&mut pieces, &mut kids);
                }
            }
        }
        self.say(&mut pieces, &mut kids);
        // An ellipse round a word that is not there stands by itself.
        for mark in marks {
            if let Mark::Circle { rect, color, .. } = *mark {
                self.drawn(CIRCLED, &mut kids, |ink| ink.circle(rect, color, None));
            }
        }
        kids
    }

    /// Draws a mark that is not round a word.
    fn mark(&mut self, mark: &Mark, kids: &mut Vec<Kid>) {
        match mark {
            // It is drawn where the word is read.
            Mark::Circle { .. } => {}
            Mark::Chosen { rect, sign, color, text } => self.drawn(text, kids, |ink| {
                ink.content.save_state().set_stroke_color(rgb(*color));
                match sign {
                    Sign::Circle => {
                        ink.content.set_line_width(shapes::CIRCLE);
                        ink.ellipse(*rect);
                    }
                    Sign::Tick => ink.check(*rect),
                }
                ink.content.stroke().restore_state();
            }),
            Mark::Diagonal { rect, color } => self.artifact(|ink| {
                ink.content.save_state().set_stroke_color(rgb(*color));
                ink.content.set_line_width(Stroke::Thin.width());
                ink.lines([&shapes::diagonal(*rect)]);
                ink.content.restore_state();
            }),
            Mark::Ring { rect } => self.artifact(|ink| {
                ink.content.save_state().set_line_width(Stroke::Thin.width());
                ink.ellipse(*rect);
                ink.content.stroke().restore_state();
            }),
            Mark::Code { rect, bars, alt } => self.figure(*rect, alt, kids, |ink| {
                // One path: between rectangles that are filled each by itself, some programs show seams.
                bars.iter().for_each(|bar| ink.rectangle(*bar));
                ink.content.fill_nonzero();
            }),
            Mark::Picture { rect, picture, alt } => self.figure(*rect, alt, kids, |ink| {
                let (w, h) = (pt(rect.w), pt(rect.h));
                ink.content.save_state();
                ink.content.transform([w, 0.0, 0.0, -h, pt(rect.x), pt(rect.bottom())]);
                ink.content.x_object(Name(pictures::name(picture).as_bytes())).restore_state();
                ink.pictures.push(Arc::clone(picture));
            }),
        }
    }

    /// Draws what says nothing to a reader.
    fn artifact(&mut self, draw: impl FnOnce(&mut Self)) {
        if self.next.is_some() {
            self.content.begin_marked_content(Name(b"Artifact"));
        }
        draw(self);
        if self.next.is_some() {
            self.content.end_marked_content();
        }
    }

    /// Draws what is said by other words.
    fn figure(&mut self, rect: Rect, alt: &str, kids: &mut Vec<Kid>, draw: impl FnOnce(&mut Self)) {
        let id = self.number();
        if let Some(id) = id {
            let mut mark = self.content.begin_marked_content_with_properties(Name(b"Figure"));
            mark.properties().identify(id);
            kids.push(Kid { id, says: Says::Figure { alt: alt.to_owned(), rect } });
        }
        draw(self);
        if id.is_some() {
            self.content.end_marked_content();
        }
    }

    /// Draws text that runs down; together its glyphs stand for the text.
    fn column(&mut self, run: &Run, kids: &mut Vec<Kid>) {
        let column = stack(run.text(), run.family);
        self.faults.glyphs(run, column.glyphs.iter().map(|stacked| &stacked.glyph));
        if let Some(id) = self.number() {
            let mut mark = self.content.begin_marked_content_with_properties(SPAN);
            mark.properties().identify(id);
            drop(mark);
            kids.push(Kid { id, says: Says::Text });
        }
        self.actual_text(run.text());
        self.content.begin_text();
        self.fill(run.color);
        self.content.set_char_spacing(0.0);
        for stacked in &column.glyphs {
            let glyph = &stacked.glyph;
            let code = self.code(glyph.face, glyph.id, &run.text()[glyph.range.clone()]);
            let (x, y) = shapes::stacked_at(run, stacked);
            let [a, b, c, d] = match stacked.is_turned {
                true => [0.0, 1.0, 1.0, 0.0],
                false => [1.0, 0.0, 0.0, -1.0],
            };
            self.content.set_font(Name(&code.font), run.size);
            self.content.set_text_matrix([a, b, c, d, pt(x), pt(y)]);
            self.content.show(Str(&code.code.to_be_bytes()));
        }
        self.fill(Color::BLACK);
        self.content.end_text();
        self.content.end_marked_content();
        if self.next.is_some() {
            self.content.end_marked_content();
        }
    }

    /// Draws pieces of text that are read together.
    fn say(&mut self, pieces: &mut Vec<Piece>, kids: &mut Vec<Kid>) {
        pieces.retain(|piece| !piece.glyphs.is_empty());
        let Some(first) = pieces.first().map(|piece| piece.run) else { return };
        if let Some(id) = self.number() {
            let mut mark = self.content.begin_marked_content_with_properties(SPAN);
            mark.properties().identify(id);
            drop(mark);
            let says = first.link.as_ref().map_or(Says::Text, |address| Says::Link {
                address: address.clone(),
                words: shapes::link_words(first, address),
                rect: shapes::link_box(first),
            });
            kids.push(Kid { id, says });
        }
        self.content.begin_text();
        let runs: Vec<&Run> = pieces.iter().map(|piece| piece.run).collect();
        pieces.drain(..).for_each(|piece| self.piece(&piece));
        self.fill(Color::BLACK);
        self.content.end_text();
        runs.into_iter().filter(|run| run.underline).for_each(|run| self.underline(run));
        if self.next.is_some() {
            self.content.end_marked_content();
        }
    }

    fn underline(&mut self, run: &Run) {
        let (line, width) = shapes::underline(run);
        self.content.save_state().set_stroke_color(rgb(run.color)).set_line_width(round(width));
        self.lines([&line]);
        self.content.restore_state();
    }

    /// Draws something, and says it as the character it stands for.
    fn drawn(&mut self, text: &str, kids: &mut Vec<Kid>, draw: impl FnOnce(&mut Self)) {
        let id = self.number();
        let mut mark = self.content.begin_marked_content_with_properties(SPAN);
        let mut properties = mark.properties();
        if let Some(id) = id {
            properties.identify(id);
            kids.push(Kid { id, says: Says::Character(text.to_owned()) });
        }
        properties.actual_text(TextStr(text));
        drop(properties);
        drop(mark);
        draw(self);
        self.content.end_marked_content();
    }

    fn number(&mut self) -> Option<i32> {
        let next = self.next.as_mut()?;
        *next += 1;
        Some(*next - 1)
    }

    fn piece(&mut self, piece: &Piece) {
        let Piece { run, shaped, glyphs } = piece;
        self.fill(run.color);
        let spread = if run.spread == 0.0 { 0.0 } else { fine(run.spread / MM_PER_PT) };
        self.content.set_char_spacing(spread);
        let mut index = glyphs.start;
        for same_face in shaped.glyphs[glyphs.clone()].chunk_by(|a, b| a.face == b.face) {
            let (x, y) = (pt(glyph_x(run, shaped, index)), pt(run.baseline));
            // Wide gaps read as spaces, unless all glyphs together stand for the text.
            let text = match same_face {
                [first, .., last] if is_wide(run) => Some(first.range.start..last.range.end),
                _ => None,
            };
            self.glyphs(run, same_face, [x, y], text);
            index += same_face.len();
        }
    }

    /// Shows glyphs of one face from a point on; `text` is what they stand for together.
    fn glyphs(&mut self, run: &Run, glyphs: &[Glyph], at: [f32; 2], text: Option<Range<usize>>) {
        let codes: Vec<Code> = glyphs
            .iter()
            .map(|glyph| self.code(glyph.face, glyph.id, &run.text()[glyph.range.clone()]))
            .collect();
        if let Some(text) = &text {
            self.actual_text(&run.text()[text.clone()]);
        }
        // One that stands for another text than it usually does is shown by itself.
        let alike = |a: &(&Glyph, &Code), b: &(&Glyph, &Code)| {
            a.1.font == b.1.font && (text.is_some() || a.1.is_said && b.1.is_said)
        };
        let pairs: Vec<(&Glyph, &Code)> = glyphs.iter().zip(&codes).collect();
        for (i, group) in pairs.chunk_by(alike).enumerate() {
            let (glyph, code) = group[0];
            let is_other = text.is_none() && !code.is_said;
            if is_other {
                self.actual_text(&run.text()[glyph.range.clone()]);
            }
            self.content.set_font(Name(&code.font), run.size);
            if i == 0 {
                self.content.set_text_matrix([1.0, 0.0, 0.0, -1.0, at[0], at[1]]);
            }
            let bytes: Vec<u8> = group.iter().flat_map(|(_, c)| c.code.to_be_bytes()).collect();
            self.content.show(Str(&bytes));
            if is_other {
                self.content.end_marked_content();
            }
        }
        if text.is_some() {
            self.content.end_marked_content();
        }
    }

    fn actual_text(&mut self, text: &str) {
        let mut mark = self.content.begin_marked_content_with_properties(SPAN);
        mark.properties().actual_text(TextStr(text));
    }

    /// A glyph's code: in the form's font, if it says the same there, else in the other one.
    fn code(&mut self, face: Face, glyph: u16, text: &str) -> Code {
        match self.printed.and_then(|printed| printed.get(face, glyph, text)) {
            Some(code) if code.is_said => code,
            _ => self.own.add(face, glyph, text),
        }
    }

    /// Draws an ellipse; `word` is where the word inside begins.
    fn circle(&mut self, rect: Rect, color: Color, word: Option<Spot>) {
        self.content.save_state();
        self.content.set_stroke_color(rgb(color)).set_line_width(shapes::CIRCLE);
        self.ellipse(rect);
        self.content.stroke().restore_state();
        let before = |s: Spot| Spot { x: s.x - s.size * MM_PER_PT / 2.0, ..s };
        let spot = word.map_or_else(|| Spot::inside(rect), before);
        self.carry(CIRCLED, Face::BLANKS[2], spot);
    }

    /// Draws a tick box at the place of its run.
    fn tick(&mut self, run: &Run, tick: Tick) {
        let (rect, ticked) = (shapes::tick_box(run), tick == Tick::Ticked);
        self.content.save_state().set_line_width(Stroke::Thin.width());
        self.rectangle(rect);
        self.content.stroke();
        if ticked {
            self.content.set_stroke_color(rgb(run.color));
            self.check(rect);
            self.content.stroke();
        }
        self.content.restore_state();
        self.carry(tick.text(), Face::BLANKS[usize::from(!ticked)], Spot::inside(rect));
    }

    /// Puts a glyph without ink where the mark is: programs that take text from glyphs alone find what
    /// the mark says in reading order.
    fn carry(&mut self, text: &str, blank: u16, spot: Spot) {
        let face = if spot.face == Face::Ipamj { Face::Mincho } else { spot.face };
        let code = self.code(face, blank, text);
        self.content.begin_text().set_font(Name(&code.font), spot.size);
        self.content.set_text_matrix([1.0, 0.0, 0.0, -1.0, pt(spot.x), pt(spot.baseline)]);
        self.content.show(Str(&code.code.to_be_bytes())).end_text();
    }

    fn fill(&mut self, color: Color) {
        if self.color != color {
            self.content.set_fill_color(rgb(color));
            self.color = color;
        }
    }

    fn lines<'l>(&mut self, lines: impl IntoIterator<Item = &'l Line>) {
        let mut any = false;
        for line in lines {
            self.content.move_to(pt(line.x1), pt(line.y1)).line_to(pt(line.x2), pt(line.y2));
            any = true;
        }
        if any {
            self.content.stroke();
        }
    }

    fn rectangle(&mut self, rect: Rect) {
        let (x, y, right, bottom) = (pt(rect.x), pt(rect.y), pt(rect.right()), pt(rect.bottom()));
        self.content.move_to(x, y).line_to(right, y).line_to(right, bottom).line_to(x, bottom);
        self.content.close_path();
    }

    fn ellipse(&mut self, rect: Rect) {
        /// Where a Bézier's handles are so that four of them look like a circle.
        const HANDLE: f32 = 0.552_284_8;
        let (rx, ry) = (rect.w / 2.0, rect.h / 2.0);
        let (cx, cy) = (rect.x + rx, rect.y + ry);
        let at = |x: f32, y: f32| (pt(cx + x * rx), pt(cy + y * ry));
        self.content.move_to(at(1.0, 0.0).0, at(1.0, 0.0).1);
        // Each quarter runs from one axis to the next, clockwise.
        for (x, y) in [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0)] {
            let (to_x, to_y) = (-y, x);
            let first = at(x + to_x * HANDLE, y + to_y * HANDLE);
            let second = at(to_x + x * HANDLE, to_y + y * HANDLE);
            let end = at(to_x, to_y);
            self.content.cubic_to(first.0, first.1, second.0, second.1, end.0, end.1);
        }
        self.content.close_path();
    }

    /// The path of a tick, and how it is drawn.
    fn check(&mut self, rect: Rect) {
        self.content.set_line_width(shapes::TICK);
        self.content.set_line_cap(LineCapStyle::RoundCap);
        self.content.set_line_join(LineJoinStyle::RoundJoin);
        let [start, foot, bend, end] = shapes::tick_stroke(rect).map(|(x, y)| (pt(x), pt(y)));
        self.content.move_to(start.0, start.1).line_to(foot.0, foot.1);
        // A curve with one handle, as PDF has it: with two.
        let handle = |end: f32, bend: f32| (end + 2.0 * bend) / 3.0;
        self.content.cubic_to(
            handle(foot.0, bend.0),
            handle(foot.1, bend.1),
            handle(end.0, bend.0),
            handle(end.1, bend.1),
            end.0,
            end.1,
        );
    }
}

/// Glyphs of a run, and where the first one stands.
struct Piece<'a> {
    run: &'a Run,
    shaped: &'a Shaped,
    glyphs: Range<usize>,
}

/// Where text for a drawn mark would be.
#[derive(Clone, Copy)]
struct Spot {
    face: Face,
    /// Left edge in mm.
    x: f32,
    /// Baseline in mm.
    baseline: f32,
    /// Size in pt.
    size: f32,
}

impl Spot {
    /// Where a glyph of a run stands.
    fn of(run: &Run, shaped: &Shaped, glyph: usize) -> Self {
        Spot {
            face: shaped.glyphs.get(glyph).map_or(Face::Mincho, |g| g.face),
            x: glyph_x(run, shaped, glyph),
            baseline: run.baseline,
            size: run.size,
        }
    }

    /// A full-width character that fills a square.
    fn inside(rect: Rect) -> Self {
        Spot {
            face: Face::Mincho,
            x: rect.x,
            baseline: rect.y + rect.h * ascent_em(),
            size: round(rect.h / MM_PER_PT),
        }
    }
}

/// Takes the ellipses of a run, in the order of their words, each with the glyph its word begins with.
fn circled(
    marks: &mut Vec<&Mark>,
    at: (usize, usize),
    shaped: &Shaped,
) -> Vec<(usize, Rect, Color)> {
    let mut circles = Vec::new();
    marks.retain(|mark| {
        let Mark::Circle { rect, color, word } = mark else { return true };
        let begins = |range: &Range<usize>| range.contains(&word.range.start);
        let glyph = shaped.glyphs.iter().position(|glyph| begins(&glyph.range));
        let glyph = glyph.filter(|_| (word.line, word.run) == at);
        circles.extend(glyph.map(|glyph| (glyph, *rect, *color)));
        glyph.is_none()
    });
    circles.sort_by_key(|(glyph, ..)| *glyph);
    circles
}

/// Whether a run is spread so wide that its gaps look like spaces.
fn is_wide(run: &Run) -> bool {
    run.spread > 0.1 * run.size * MM_PER_PT
}

/// Millimetres in pt, to a thousandth: more is invisible and makes the file larger.
pub(super) fn pt(mm: f32) -> f32 {
    round(mm / MM_PER_PT)
}

fn round(pt: f32) -> f32 {
    (pt * 1000.0).round() / 1000.0
}

/// To six decimals: what is added to every character adds up.
fn fine(pt: f32) -> f32 {
    (pt * 1e6).round() / 1e6
}

fn rgb(Color(r, g, b): Color) -> [f32; 3] {
    [r, g, b].map(|part| f32::from(part) / 255.0)
}
