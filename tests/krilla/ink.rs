//! What a sheet looks like: fills, borders, glyphs and marks, drawn on a page of a PDF.

use std::ops::Range;
use std::sync::OnceLock;

use krilla::color::rgb;
use krilla::geom::{Path, PathBuilder, Point};
use krilla::paint::{Fill, LineCap, LineJoin, Stroke as Pen, StrokeDash};
use krilla::surface::Surface;
use krilla::text::{Font, GlyphId, KrillaGlyph};

use onshi::font::{Face, Shaped, ascent_em};
use onshi::sheet::{Color, Line, MM_PER_PT, Rect, Run, Sheet, Stroke, Tick, ruling};

const BLACK: Color = Color(0, 0, 0);

/// The width of a drawn ellipse's line in pt.
const CIRCLE: f32 = 0.6;

/// The side of a tick box, in sizes of its text.
const TICK_SIDE: f32 = 0.86;

/// The width of a tick's line in pt.
const TICK: f32 = 1.2;

/// Millimetres in pt, to a thousandth: more is invisible and makes the file larger.
pub fn pt(mm: f32) -> f32 {
    round(mm / MM_PER_PT)
}

fn round(pt: f32) -> f32 {
    (pt * 1000.0).round() / 1000.0
}

/// Fills, then borders.
pub fn ground(surface: &mut Surface, sheet: &Sheet) {
    surface.set_stroke(None);
    for area in sheet.areas() {
        if let Some(color) = area.fill {
            surface.set_fill(Some(fill(color)));
            draw(surface, rectangle(area.rect));
        }
    }
    surface.set_fill(None);
    let (dashed, solid): (Vec<Line>, Vec<Line>) =
        ruling::lines(sheet).into_iter().partition(|line| line.stroke == Stroke::Dashed);
    for line in &dashed {
        surface.set_stroke(Some(Pen { dash: Some(dash(line)), ..pen(BLACK, line.stroke.width()) }));
        draw(surface, path(&[*line]));
    }
    for stroke in [Stroke::Thin, Stroke::Heavy] {
        let lines: Vec<Line> = solid.iter().filter(|l| l.stroke == stroke).copied().collect();
        surface.set_stroke(Some(pen(BLACK, stroke.width())));
        draw(surface, path(&lines));
    }
    surface.set_stroke(None);
}

/// Glyphs of a run, and where the first one stands.
pub struct Piece<'a> {
    pub run: &'a Run,
    pub shaped: &'a Shaped,
    pub glyphs: Range<usize>,
}

impl Piece<'_> {
    /// Draws the glyphs.
    pub fn draw(&self, surface: &mut Surface) {
        let Piece { run, shaped, .. } = self;
        let mut index = self.glyphs.start;
        for same_face in shaped.glyphs[self.glyphs.clone()].chunk_by(|a, b| a.face == b.face) {
            let mut placed: Vec<KrillaGlyph> = (index..)
                .zip(same_face)
                .map(|(i, glyph)| placed(glyph.id, advance_em(run, shaped, i), &glyph.range))
                .collect();
            let start = Point::from_xy(pt(glyph_x(run, shaped, index)), pt(run.baseline));
            let font = font(same_face[0].face);
            if is_wide(run) {
                // Wide gaps read as spaces, unless all glyphs together stand for the text. Drawing
                // them aside first keeps each glyph's own character known.
                let mut aside = surface.stream_builder();
                let mut nowhere = aside.surface();
                nowhere.draw_glyphs(start, &placed, font.clone(), run.text(), run.size, false);
                nowhere.finish();
                let last = &same_face[same_face.len() - 1];
                let all = same_face[0].range.start..last.range.end;
                placed.iter_mut().for_each(|glyph| glyph.text_range = all.clone());
            }
            surface.set_stroke(None);
            surface.set_fill(Some(fill(run.color)));
            surface.draw_glyphs(start, &placed, font, run.text(), run.size, false);
            index += same_face.len();
        }
    }
}

/// Whether a run is spread so wide that its gaps look like spaces.
fn is_wide(run: &Run) -> bool {
    run.spread > 0.1 * run.size * MM_PER_PT
}

fn placed(id: u16, advance_em: f32, range: &Range<usize>) -> KrillaGlyph {
    KrillaGlyph::new(GlyphId::new(id.into()), advance_em, 0.0, 0.0, 0.0, range.clone(), None)
}

/// Where glyph `index` of a run stands, in mm.
pub fn glyph_x(run: &Run, shaped: &Shaped, index: usize) -> f32 {
    let em: f32 = (0..index).map(|i| advance_em(run, shaped, i)).sum();
    run.x + em * run.size * MM_PER_PT
}

/// A glyph's advance with the spread after it: every glyph has one but the last.
fn advance_em(run: &Run, shaped: &Shaped, index: usize) -> f32 {
    let spread = if index + 1 < shaped.glyphs.len() { run.spread } else { 0.0 };
    shaped.glyphs[index].advance_em + spread / (run.size * MM_PER_PT)
}

/// Where text for a drawn mark would stand.
#[derive(Clone, Copy)]
pub struct Spot {
    pub face: Face,
    /// Left edge in mm.
    pub x: f32,
    /// Baseline in mm.
    pub baseline: f32,
    /// Size in pt.
    pub size: f32,
}

/// What a drawn ellipse says.
pub const CIRCLED: &str = "○";

/// Draws an ellipse; `word` is where the word inside begins.
pub fn circle(surface: &mut Surface, rect: Rect, color: Color, word: Option<Spot>) {
    surface.set_fill(None);
    surface.set_stroke(Some(pen(color, CIRCLE)));
    draw(surface, ellipse(rect));
    let before = |s: Spot| Spot { x: s.x - s.size * MM_PER_PT / 2.0, ..s };
    let spot = word.map_or_else(|| inside(rect), before);
    carry(surface, CIRCLED, Face::BLANKS[2], spot);
}

/// Draws a tick box at the place of its run.
pub fn tick(surface: &mut Surface, run: &Run, tick: Tick) {
    let em = run.size * MM_PER_PT;
    let (side, ticked) = (TICK_SIDE * em, tick == Tick::Ticked);
    let inset = (em - side) / 2.0;
    let rect =
        Rect { x: run.x + inset, y: run.baseline - ascent_em() * em + inset, w: side, h: side };
    surface.set_fill(None);
    surface.set_stroke(Some(pen(BLACK, Stroke::Thin.width())));
    draw(surface, rectangle(rect));
    if ticked {
        surface.set_stroke(Some(Pen {
            line_cap: LineCap::Round,
            line_join: LineJoin::Round,
            ..pen(run.color, TICK)
        }));
        draw(surface, check(rect));
    }
    carry(surface, tick.text(), Face::BLANKS[usize::from(!ticked)], inside(rect));
}

/// Puts a glyph without ink where the mark is: programs that take text from glyphs alone find what
/// the mark says in reading order.
fn carry(surface: &mut Surface, text: &str, blank: u16, spot: Spot) {
    let face = if spot.face == Face::Ipamj { Face::Mincho } else { spot.face };
    let glyph = placed(blank, 1.0, &(0..text.len()));
    surface.set_stroke(None);
    surface.set_fill(Some(fill(BLACK)));
    let start = Point::from_xy(pt(spot.x), pt(spot.baseline));
    surface.draw_glyphs(start, &[glyph], font(face), text, spot.size, false);
}

/// A full-width character that fills a square.
fn inside(rect: Rect) -> Spot {
    Spot {
        face: Face::Mincho,
        x: rect.x,
        baseline: rect.y + rect.h * ascent_em(),
        size: round(rect.h / MM_PER_PT),
    }
}

/// The PDF writer's handle on a face, made once a process.
fn font(face: Face) -> Font {
    static FONTS: [OnceLock<Font>; 4] = [const { OnceLock::new() }; 4];
    let font = FONTS[face as usize].get_or_init(|| {
        // Cannot fail: the files are compiled in, and a test draws with each.
        Font::new(face.data().into(), 0).expect("the faces compiled in are TrueType")
    });
    font.clone()
}

fn paint(Color(r, g, b): Color) -> krilla::paint::Paint {
    rgb::Color::new(r, g, b).into()
}

fn fill(color: Color) -> Fill {
    Fill { paint: paint(color), ..Fill::default() }
}

fn pen(color: Color, width: f32) -> Pen {
    Pen { paint: paint(color), width, ..Pen::default() }
}

fn draw(surface: &mut Surface, path: Option<Path>) {
    if let Some(path) = path {
        surface.draw_path(&path);
    }
}

fn path(lines: &[Line]) -> Option<Path> {
    let mut path = PathBuilder::new();
    for line in lines {
        path.move_to(pt(line.x1), pt(line.y1));
        path.line_to(pt(line.x2), pt(line.y2));
    }
    path.finish()
}

/// About 1 mm on and 0.8 mm off, so that the line begins and ends with a dash.
fn dash(line: &Line) -> StrokeDash {
    const ON: f32 = 1.0;
    const OFF: f32 = 0.8;
    let length = (line.x2 - line.x1).abs().max((line.y2 - line.y1).abs());
    let count = ((length + OFF) / (ON + OFF)).round().max(1.0);
    let scale = length / (count * (ON + OFF) - OFF);
    StrokeDash { array: vec![pt(ON * scale), pt(OFF * scale)], offset: 0.0 }
}

fn rectangle(rect: Rect) -> Option<Path> {
    let mut path = PathBuilder::new();
    let (x, y, right, bottom) = (pt(rect.x), pt(rect.y), pt(rect.right()), pt(rect.bottom()));
    path.move_to(x, y);
    path.line_to(right, y);
    path.line_to(right, bottom);
    path.line_to(x, bottom);
    path.close();
    path.finish()
}

fn ellipse(rect: Rect) -> Option<Path> {
    /// Where a Bézier's handles stand so that four of them look like a circle.
    const HANDLE: f32 = 0.552_284_8;
    let (rx, ry) = (rect.w / 2.0, rect.h / 2.0);
    let (cx, cy) = (rect.x + rx, rect.y + ry);
    let at = |x: f32, y: f32| (pt(cx + x * rx), pt(cy + y * ry));
    let mut path = PathBuilder::new();
    path.move_to(at(1.0, 0.0).0, at(1.0, 0.0).1);
    // Each quarter runs from one axis to the next, clockwise.
    for (x, y) in [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0)] {
        let (to_x, to_y) = (-y, x);
        let first = at(x + to_x * HANDLE, y + to_y * HANDLE);
        let second = at(to_x + x * HANDLE, to_y + y * HANDLE);
        let end = at(to_x, to_y);
        path.cubic_to(first.0, first.1, second.0, second.1, end.0, end.1);
    }
    path.close();
    path.finish()
}

/// A tick as a hand makes it: down, and up past the corner.
fn check(rect: Rect) -> Option<Path> {
    let at = |x: f32, y: f32| (pt(rect.x + x * rect.w), pt(rect.y + y * rect.h));
    let mut path = PathBuilder::new();
    let (start, foot, bend, end) =
        (at(0.16, 0.48), at(0.42, 0.80), at(0.60, 0.34), at(1.06, -0.10));
    path.move_to(start.0, start.1);
    path.line_to(foot.0, foot.1);
    path.quad_to(bend.0, bend.1, end.0, end.1);
    path.finish()
}
