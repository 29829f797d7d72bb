//! The page as it is to be painted: everything placed, nothing in any library's terms.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What is drawn, in points from the page's top left corner, y downwards.
#[derive(Serialize, Deserialize)]
pub struct Page {
    pub title: String,
    pub width: f32,
    pub height: f32,
    pub fills: Vec<(Frame, Color)>,
    /// Borders as their boxes have them: neighbours' fall together.
    pub borders: Vec<Rule>,
    pub texts: Vec<Text>,
    /// What stands in the fields, by their keys.
    pub values: BTreeMap<String, String>,
}

/// Red, green, blue.
pub type Color = [u8; 3];

/// A rectangle.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub struct Frame {
    pub x: f32,
    pub y: f32,
    pub w: f32,
    pub h: f32,
}

/// A horizontal or vertical line.
#[derive(Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
pub struct Rule {
    pub width: f32,
    pub dashed: bool,
    pub vertical: bool,
    /// Its y, or x when vertical.
    pub at: f32,
    pub from: f32,
    pub to: f32,
}

/// Text of one face in one line.
#[derive(Serialize, Deserialize)]
pub struct Text {
    /// Which of [`crate::fonts::FACES`].
    pub face: usize,
    pub size: f32,
    pub x: f32,
    pub baseline: f32,
    /// Space after every glyph.
    pub spread: f32,
    pub color: Color,
    pub text: String,
}

impl Page {
    /// The lines to draw, the lighter first: what neighbours share is one, and what runs on is one.
    pub fn rules(&self) -> Vec<Rule> {
        let mut rules = self.borders.clone();
        rules.sort_by(|a, b| a.partial_cmp(b).expect("no NaN"));
        rules.dedup_by(|next, rule| {
            let line = |r: &Rule| (r.width, r.dashed, r.vertical, r.at);
            let joins = line(rule) == line(next) && next.from <= rule.to;
            if joins {
                rule.to = rule.to.max(next.to);
            }
            joins
        });
        rules
    }
}

impl Rule {
    /// Both ends.
    pub fn ends(&self) -> [(f32, f32); 2] {
        let Rule { at, from, to, .. } = *self;
        if self.vertical { [(at, from), (at, to)] } else { [(from, at), (to, at)] }
    }

    /// A dash and a gap, about 1 mm and 0.8 mm, so that the line ends with a dash; none for a solid
    /// line.
    pub fn dash(&self) -> Option<[f32; 2]> {
        const ON: f32 = 1.0 * 72.0 / 25.4;
        const OFF: f32 = 0.8 * 72.0 / 25.4;
        let length = self.to - self.from;
        let count = ((length + OFF) / (ON + OFF)).round().max(1.0);
        let scale = length / (count * (ON + OFF) - OFF);
        let round = |value: f32| (value * 1000.0).round() / 1000.0;
        self.dashed.then(|| [round(ON * scale), round(OFF * scale)])
    }
}
