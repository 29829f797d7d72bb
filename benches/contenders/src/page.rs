//! A sheet as a list of what is drawn, for painters that have nothing but lines and glyphs.

use std::sync::OnceLock;

use onshi::font::{Face, ascent_em};
use onshi::sheet::{Area, Block, Color, MM_PER_PT, Mark, Rect, Run, Sheet, Stroke};

/// What is drawn, in points from the page's top left corner, y downwards.
pub struct Page {
    pub width: f32,
    pub height: f32,
    pub fills: Vec<(Frame, Color)>,
    pub rules: Vec<Rule>,
    pub texts: Vec<Text>,
    pub ellipses: Vec<(Frame, Color)>,
    pub ticks: Vec<Tick>,
}

/// A rectangle.
#[derive(Clone, Copy)]
pub struct Frame {
    pub x: f32,
    pub y: f32,
    pub w: f32,
    pub h: f32,
}

/// A horizontal or vertical line; each is drawn once, the lighter first.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
pub struct Rule {
    pub stroke: Stroke,
    pub vertical: bool,
    /// Its y, or x when vertical.
    pub at: f32,
    pub from: f32,
    pub to: f32,
}

/// Glyphs of one face in one line.
pub struct Text {
    pub face: Face,
    pub size: f32,
    pub x: f32,
    pub baseline: f32,
    /// Space after every glyph.
    pub spread: f32,
    pub color: Color,
    pub glyphs: Vec<(u16, char)>,
}

/// A tick box.
pub struct Tick {
    pub frame: Frame,
    pub ticked: bool,
    pub color: Color,
}

impl Rule {
    /// Both ends.
    pub fn ends(&self) -> [(f32, f32); 2] {
        let Rule { at, from, to, .. } = *self;
        if self.vertical { [(at, from), (at, to)] } else { [(from, at), (to, at)] }
    }

    /// A dash and a gap so that the line ends with a dash; none for a solid line.
    pub fn dash(&self) -> Option<[f32; 2]> {
        let (length, on, off) = (self.to - self.from, 1.0 / MM_PER_PT, 0.8 / MM_PER_PT);
        let count = ((length + off) / (on + off)).round().max(1.0);
        let scale = length / (count * (on + off) - off);
        (self.stroke == Stroke::Dashed).then(|| [round(on * scale), round(off * scale)])
    }
}

impl Frame {
    /// Four curves from the right edge round: each two handles and an end.
    pub fn ellipse(&self) -> ((f32, f32), [[(f32, f32); 3]; 4]) {
        const HANDLE: f32 = 0.552_285;
        let (rx, ry) = (self.w / 2.0, self.h / 2.0);
        let at = |x: f32, y: f32| (round(self.x + rx + x * rx), round(self.y + ry + y * ry));
        let quarter = |(x, y): (f32, f32)| {
            [at(x - y * HANDLE, y + x * HANDLE), at(x * HANDLE - y, y * HANDLE + x), at(-y, x)]
        };
        (at(1.0, 0.0), [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0)].map(quarter))
    }
}

/// Millimetres in points, to a thousandth.
fn pt(mm: f32) -> f32 {
    round(mm / MM_PER_PT)
}

fn round(value: f32) -> f32 {
    (value * 1000.0).round() / 1000.0
}

pub fn page(sheet: &Sheet) -> Page {
    let mut page = Page {
        width: pt(sheet.width),
        height: pt(sheet.height),
        fills: vec![],
        rules: vec![],
        texts: vec![],
        ellipses: vec![],
        ticks: vec![],
    };
    for block in &sheet.blocks {
        match block {
            Block::Text { area, .. } => page.area(area),
            Block::Table { rows } => {
                rows.iter().flatten().flat_map(|c| &c.areas).for_each(|a| page.area(a));
            }
            Block::Group(cells) => cells.iter().flat_map(|c| &c.areas).for_each(|a| page.area(a)),
            Block::Rule { line } => page.rule(line.stroke, (line.x1, line.y1), (line.x2, line.y2)),
        }
    }
    page.join_rules();
    page
}

impl Page {
    fn area(&mut self, area: &Area) {
        let (rect, edges) = (area.rect, area.edges);
        let (x, y, right, bottom) = (rect.x, rect.y, rect.right(), rect.bottom());
        if let Some(color) = area.fill {
            self.fills.push((frame(rect), color));
        }
        self.rule(edges.top, (x, y), (right, y));
        self.rule(edges.right, (right, y), (right, bottom));
        self.rule(edges.bottom, (x, bottom), (right, bottom));
        self.rule(edges.left, (x, y), (x, bottom));
        for run in area.lines.iter().flat_map(|line| &line.runs) {
            match run.text.as_str() {
                "☑" | "☐" => self.ticks.push(tick(run)),
                _ => self.text(run),
            }
        }
        for Mark::Circle { rect, color, .. } in &area.marks {
            self.ellipses.push((frame(*rect), *color));
        }
    }

    fn rule(&mut self, stroke: Stroke, from: (f32, f32), to: (f32, f32)) {
        if stroke != Stroke::None {
            let vertical = (to.0 - from.0).abs() < (to.1 - from.1).abs();
            let (at, from, to) =
                if vertical { (from.0, from.1, to.1) } else { (from.1, from.0, to.0) };
            let [at, from, to] = [at, from, to].map(|mm| mm / MM_PER_PT);
            // To a hundredth: neighbours' borders are to fall together.
            let [at, from, to] = [at, from, to].map(|pt| (pt * 100.0).round() / 100.0);
            self.rules.push(Rule { stroke, vertical, at, from, to });
        }
    }

    /// What neighbours share is one line, and what runs on is one line.
    fn join_rules(&mut self) {
        self.rules.sort_by(|a, b| a.partial_cmp(b).expect("no NaN"));
        self.rules.dedup_by(|next, rule| {
            let same = (rule.stroke, rule.vertical, rule.at) == (next.stroke, next.vertical, next.at);
            let joins = same && next.from <= rule.to;
            if joins {
                rule.to = rule.to.max(next.to);
            }
            joins
        });
    }

    fn text(&mut self, run: &Run) {
        let (x, baseline, size) = (pt(run.x), pt(run.baseline), run.size);
        let mut texts: Vec<Text> = vec![];
        let mut pen = 0.0;
        for c in run.text.chars() {
            // No variation sequence stands on the page that is compared here.
            let found = run.family.chain().into_iter().find_map(|f| Some((f, parsed(f).glyph_index(c)?)));
            let (face, glyph) = found.unwrap_or_else(|| panic!("no glyph for {c}"));
            if texts.last().is_none_or(|text| text.face != face) {
                let (x, spread) = (round(x + pen), round(run.spread / MM_PER_PT));
                let color = run.color;
                texts.push(Text { face, size, x, baseline, spread, color, glyphs: vec![] });
            }
            texts.last_mut().expect("just pushed").glyphs.push((glyph.0, c));
            pen += advance_em(face, glyph.0) * size + run.spread / MM_PER_PT;
        }
        self.texts.append(&mut texts);
    }
}

fn frame(rect: Rect) -> Frame {
    Frame { x: pt(rect.x), y: pt(rect.y), w: pt(rect.w), h: pt(rect.h) }
}

fn tick(run: &Run) -> Tick {
    let em = run.size * MM_PER_PT;
    let (side, inset) = (0.86 * em, 0.07 * em);
    let (x, y) = (run.x + inset, run.baseline - ascent_em() * em + inset);
    let frame = frame(Rect { x, y, w: side, h: side });
    Tick { frame, ticked: run.text == "☑", color: run.color }
}

/// A face, parsed once a process.
pub fn parsed(face: Face) -> &'static ttf_parser::Face<'static> {
    static PARSED: [OnceLock<ttf_parser::Face<'static>>; 4] = [const { OnceLock::new() }; 4];
    PARSED[face as usize].get_or_init(|| {
        ttf_parser::Face::parse(face.data(), 0).expect("the faces compiled in are TrueType")
    })
}

/// A glyph's advance in em.
pub fn advance_em(face: Face, glyph: u16) -> f32 {
    let parsed = parsed(face);
    let advance = parsed.glyph_hor_advance(ttf_parser::GlyphId(glyph)).unwrap_or(0);
    f32::from(advance) / f32::from(parsed.units_per_em())
}
