//! What is on a page: the words and lines that it draws, at their places.

use std::sync::Arc;

use hayro::hayro_interpret::font::{FontQuery, GlyphRun};
use hayro::hayro_interpret::hayro_cmap::BfString;
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps,
    InterpreterCache, InterpreterSettings, RenderContent, SoftMask, interpret_page,
};
use hayro::hayro_syntax::Pdf;
use hayro::kurbo::{Affine, BezPath, PathEl, Point, Rect, Shape};

use super::geometry::Geometry;
use super::input::{Damage, Unusable};
use crate::font::Face;

/// Millimetres in one point.
const MM_PER_PT: f64 = 25.4 / 72.0;
/// A filled shape thinner than this, in mm, is a line.
const THIN: f64 = 1.0;
/// The most words and lines of a page that are looked at.
const MOST: usize = 200_000;

/// What is on a page, in mm from the upper left corner of what is seen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Seen {
    /// Its words, in the order they are drawn.
    pub words: Vec<Word>,
    /// Its straight lines, across and down.
    pub lines: Vec<Ruled>,
    /// Whether there is a picture on it that covers most of it, as of a scanned page.
    pub is_scan: bool,
}

/// A text on one line without a gap.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    /// The text.
    pub text: String,
    /// Left, top, width and height.
    pub rect: [f32; 4],
    /// Its size in mm.
    pub size: f32,
    /// Where each character begins, and where the last one ends.
    pub edges: Vec<f32>,
}

/// A straight line across or down.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ruled {
    /// Whether it runs down.
    pub is_down: bool,
    /// Its y, or its x when it runs down.
    pub at: f32,
    /// Where it begins.
    pub from: f32,
    /// Where it ends.
    pub to: f32,
}

/// How pages are interpreted: a font that a PDF names and does not have is one of ours.
pub(crate) fn interpreter() -> InterpreterSettings {
    let resolver = |query: &FontQuery| match query {
        FontQuery::Standard(font) => Some(font.get_font_data()),
        FontQuery::Fallback(font) => {
            let is_japanese = font.character_collection.is_some();
            if !is_japanese {
                return Some(font.pick_standard_font().get_font_data());
            }
            let name = font.post_script_name.as_deref().unwrap_or_default();
            let is_mincho = font.is_serif || name.contains("Min") || name.contains("Ryumin");
            let face = match (font.is_bold, is_mincho) {
                (true, _) => Face::Bold,
                (false, true) => Face::Mincho,
                (false, false) => Face::Gothic,
            };
            let data: Arc<dyn AsRef<[u8]> + Send + Sync> = Arc::new(face.data());
            Some((data, 0))
        }
    };
    InterpreterSettings { font_resolver: Arc::new(resolver), ..InterpreterSettings::default() }
}

/// What is on a page of a PDF; none is a PDF that cannot be read.
pub(super) fn see(pdf: Option<&Pdf>, index: usize, geometry: &Geometry) -> Result<Seen, Unusable> {
    let unread = || Unusable::Damaged(Damage::Objects("the page cannot be drawn".into()));
    let page = pdf.and_then(|pdf| pdf.pages().get(index)).ok_or_else(unread)?;
    let [a, b, c, d, e, f] = geometry.matrix.map(f64::from);
    let height = f64::from(geometry.height);
    let down = Affine::new([MM_PER_PT, 0.0, 0.0, -MM_PER_PT, 0.0, height]);
    let place = down * Affine::new([a, b, c, d, e, f]);
    let visible = Rect::new(0.0, 0.0, f64::from(geometry.width), height);
    let cache = InterpreterCache::new();
    let settings = InterpreterSettings { render_content: RenderContent::PAGE, ..interpreter() };
    let mut context = Context::new(place, visible, &cache, page.xref(), settings);
    let mut eye = Eye { visible, seen: Seen::default(), glyphs: Vec::new() };
    interpret_page(page, &mut context, &mut eye);
    eye.seen.words = words(eye.glyphs);
    Ok(eye.seen)
}

/// A character at its place.
struct Placed {
    text: String,
    x: f64,
    /// Its baseline.
    y: f64,
    advance: f64,
    size: f64,
}

/// A device that notes what is drawn.
struct Eye {
    visible: Rect,
    seen: Seen,
    glyphs: Vec<Placed>,
}

impl Eye {
    fn line(&mut self, from: Point, to: Point) {
        const STRAIGHT: f64 = 0.05;
        let (dx, dy) = ((to.x - from.x).abs(), (to.y - from.y).abs());
        let (is_down, at, start, end) = match (dx <= STRAIGHT, dy <= STRAIGHT) {
            (false, true) => (false, (from.y + to.y) / 2.0, from.x.min(to.x), from.x.max(to.x)),
            (true, false) => (true, (from.x + to.x) / 2.0, from.y.min(to.y), from.y.max(to.y)),
            _ => return,
        };
        let (w, h) = (self.visible.width(), self.visible.height());
        let (across, along) = if is_down { (w, h) } else { (h, w) };
        let (start, end) = (start.max(0.0), end.min(along));
        let is_seen = (-0.1..=across + 0.1).contains(&at) && end - start >= 0.2;
        if is_seen && self.seen.lines.len() < MOST {
            let [at, from, to] = [at, start, end].map(|mm| mm as f32);
            self.seen.lines.push(Ruled { is_down, at, from, to });
        }
    }

    /// The straight lines of a path that is stroked.
    fn stroked(&mut self, path: &BezPath) {
        let (mut start, mut last) = (Point::ZERO, Point::ZERO);
        for element in path.elements() {
            match *element {
                PathEl::MoveTo(point) => (start, last) = (point, point),
                PathEl::LineTo(point) => {
                    self.line(last, point);
                    last = point;
                }
                PathEl::QuadTo(_, point) | PathEl::CurveTo(_, _, point) => last = point,
                PathEl::ClosePath => {
                    self.line(last, start);
                    last = start;
                }
            }
        }
    }

    /// A filled shape: many programs draw lines as thin rectangles, several in a path.
    fn filled(&mut self, path: &BezPath) {
        let mut parts = BezPath::new();
        let mut all = Vec::new();
        for element in path.elements() {
            if matches!(element, PathEl::MoveTo(_)) && !parts.is_empty() {
                all.push(std::mem::take(&mut parts));
            }
            parts.push(*element);
        }
        all.push(parts);
        for part in all.iter().filter(|part| !part.is_empty()) {
            let is_curved = |e: &PathEl| matches!(e, PathEl::CurveTo(..) | PathEl::QuadTo(..));
            if part.elements().iter().any(is_curved) {
                continue;
            }
            let shape = part.bounding_box();
            let middle = shape.center();
            if shape.height() < THIN && shape.width() > shape.height() * 3.0 {
                let (left, right) = (shape.x0, shape.x1);
                self.line(Point::new(left, middle.y), Point::new(right, middle.y));
            } else if shape.width() < THIN && shape.height() > shape.width() * 3.0 {
                let (top, bottom) = (shape.y0, shape.y1);
                self.line(Point::new(middle.x, top), Point::new(middle.x, bottom));
            }
        }
    }
}

impl<'a> Device<'a> for Eye {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        if self.seen.lines.len() >= MOST {
            return;
        }
        let path = props.transform * path.clone();
        match mode {
            DrawMode::Stroke(_) => self.stroked(&path),
            DrawMode::Fill(_) => self.filled(&path),
            DrawMode::FillAndStroke(..) => self.stroked(&path),
            DrawMode::Invisible => {}
        }
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, _: &DrawMode) {
        use hayro::hayro_interpret::font::Glyph;
        for glyph in run.glyphs() {
            if self.glyphs.len() >= MOST {
                return;
            }
            let text = match glyph.as_unicode() {
                Some(BfString::Char(c)) => c.to_string(),
                Some(BfString::String(text)) => text,
                None => "\u{FFFD}".to_owned(),
            };
            // Glyphs have 1,000 units in an em.
            let place = props.transform * glyph.transform();
            let advance = match &**glyph {
                Glyph::Outline(outline) => outline.advance_width().map_or(1000.0, f64::from),
                Glyph::Type3(_) => 1000.0,
            };
            let (origin, end) = (place * Point::ZERO, place * Point::new(advance, 0.0));
            let up = place * Point::new(0.0, 1000.0);
            let size = up.distance(origin);
            // Text that is turned is no label of a blank.
            let is_level = (end.y - origin.y).abs() < 0.2 * size.max(0.1);
            let is_seen = self.visible.inflate(1.0, 1.0).contains(origin);
            if is_level && is_seen && size.is_finite() && size > 0.3 && size < 60.0 {
                let advance = (end.x - origin.x).max(0.0);
                self.glyphs.push(Placed { text, x: origin.x, y: origin.y, advance, size });
            }
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        let (width, height) = match &image {
            Image::Raster(image) => (image.width(), image.height()),
            Image::Stencil(image) => (image.width(), image.height()),
        };
        let unit = Rect::new(0.0, 0.0, f64::from(width), f64::from(height)).to_path(0.1);
        let shape = (props.transform * unit).bounding_box().intersect(self.visible);
        self.seen.is_scan |= shape.area() > 0.7 * self.visible.area();
    }

    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}

/// Characters put together to words: those that stand side by side on a line.
fn words(glyphs: Vec<Placed>) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut baseline = f64::NAN;
    for glyph in glyphs {
        let Placed { text, x, y, advance, size } = glyph;
        let is_space = text.chars().all(|c| c.is_whitespace() || c == '\0');
        // Of a font of Japanese, what is above and below the baseline.
        let (top, height) = (y - 0.88 * size, size);
        let follows = words.last().is_some_and(|word| {
            let end = f64::from(*word.edges.last().unwrap_or(&0.0));
            let gap = x - end;
            (y - baseline).abs() < 0.2 * size
                && (f64::from(word.size) - size).abs() < 0.3 * size
                && gap > -0.5 * size
                && gap < 0.35 * size
        });
        let shown: String = text.chars().filter(|c| !c.is_control()).collect();
        if is_space || shown.is_empty() {
            // A space ends a word by the gap it leaves.
            continue;
        }
        baseline = y;
        let end = (x + advance) as f32;
        match words.last_mut().filter(|_| follows) {
            Some(word) => {
                // Several characters of one glyph share its width.
                let count = shown.chars().count();
                for i in 1..count {
                    let part = (x + advance * i as f64 / count as f64) as f32;
                    word.edges.push(part);
                }
                word.text += &shown;
                if let Some(last) = word.edges.iter_mut().rev().nth(count - 1) {
                    *last = x as f32;
                }
                word.edges.push(end);
                word.rect[2] = end - word.rect[0];
            }
            None => {
                let count = shown.chars().count();
                let edge = |i: usize| (x + advance * i as f64 / count as f64) as f32;
                let edges: Vec<f32> = (0..=count).map(edge).collect();
                let rect = [x as f32, top as f32, end - x as f32, height as f32];
                words.push(Word { text: shown, rect, size: size as f32, edges });
            }
        }
    }
    words
}
