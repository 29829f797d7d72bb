//! The invented values of the definitions: nobody's own, so that a record that has one was not filled in.

use std::collections::{HashMap, HashSet};

/// The fewest characters of an invented text that is looked for inside another: fewer may be a part of
/// somebody's name.
const LONG: usize = 4;

/// Invented values, as they are compared.
#[derive(Clone, Debug, Default)]
pub(super) struct Samples {
    all: HashSet<String>,
    /// Those long enough to be looked for inside another text, by their first characters.
    long: HashMap<String, Vec<String>>,
}

impl Samples {
    pub(super) fn add(&mut self, sample: &str) {
        if sample.is_empty() || !self.all.insert(sample.to_owned()) {
            return;
        }
        if let Some(start) = start(sample) {
            self.long.entry(start.to_owned()).or_default().push(sample.to_owned());
        }
    }

    /// Whether a text is an invented value.
    pub(super) fn has(&self, text: &str) -> bool {
        self.all.contains(text)
    }

    /// Whether an invented value stands somewhere in a text.
    pub(super) fn is_in(&self, text: &str) -> bool {
        let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        let starts = |rest: &str, sample: &str| {
            let behind = rest.strip_prefix(sample).map(|behind| behind.chars().next());
            // 1-2-2 is no part of 1-2-20.
            behind.is_some_and(|next| !is_digit(sample.chars().next_back()) || !is_digit(next))
        };
        let rests = text.char_indices().map(|(at, _)| &text[at..]);
        rests.map_while(|rest| Some((rest, start(rest)?))).any(|(rest, start)| {
            let samples = self.long.get(start);
            samples.is_some_and(|samples| samples.iter().any(|sample| starts(rest, sample)))
        })
    }
}

/// The first characters of a text; none if there are fewer.
fn start(text: &str) -> Option<&str> {
    let (last, c) = text.char_indices().nth(LONG - 1)?;
    Some(&text[..last + c.len_utf8()])
}
