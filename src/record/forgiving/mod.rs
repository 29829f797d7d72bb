//! A record that is not quite YAML, read all the same: every slip is told at its own line, and what could
//! be read is there to be checked. The parser is the only one that reads: a line without a slip means what
//! it means to the parser, a line with one what it means once it is corrected.

mod doubt;
mod edits;
mod flow;
mod lines;
mod scan;
mod slip;
mod value;

use super::node::{Node, NodeValue};
use super::parse::parse;
use super::stop::{Stop, syntax};
use crate::report::{Diagnostic, Place, Report, Text};
pub(super) use doubt::is_doubtful;
use edits::{Edit, Mended};
use lines::is_white;
use scan::Scan;
use slip::Slip;

/// How many lines that the parser refuses for other reasons are left out before it is given up.
const MOST_REFUSED: usize = 20;

/// What could be read of a text with slips, and its slips.
///
/// # Errors
/// The slips alone, with what the parser still refuses; none if the text is no record at all.
pub(super) fn read(text: &str) -> Result<(Node, Report), Report> {
    let mut scan = Scan::of(text);
    if text.trim_start_matches(is_white).starts_with(['{', '[']) || scan.keys <= scan.bare {
        return Err(Report::default());
    }
    if scan.is_full() {
        return Err(told(&scan.slips, &Mended::new(text, &scan.edits)));
    }
    let mut refused = Report::default();
    for _ in 0..=MOST_REFUSED {
        let mended = Mended::new(text, &scan.edits);
        let error = match parse(&mended.text) {
            Ok(node) if matches!(node.value, NodeValue::Map(_)) => {
                let mut report = told(&scan.slips, &mended);
                report.extend(refused);
                report.sort();
                return Ok((mended.node(node), report));
            }
            Ok(_) => return Err(Report::default()),
            Err(error) => error,
        };
        if !Stop::of(&error).is_slip() {
            return Err(syntax(&mended.text, &error).into());
        }
        let fault = syntax(&mended.text, &error);
        let line = fault.place.as_ref().map_or(usize::MAX, |place| place.order().0);
        let Some(line) = blamed(&mended.text, line) else { break };
        // What is wrong with it may have been told.
        if scan.slips.iter().all(|slip| slip.line != line) {
            refused.push(Diagnostic { place: whole_line(&scan, &mended, line), ..fault });
        }
        let start = scan.lines[line].start;
        let end = start + scan.lines[line].text.len();
        scan.edits.retain(|edit| edit.range.end < start || edit.range.start > end);
        scan.edits.push(Edit { range: start..start, with: "#".to_owned() });
    }
    let mended = Mended::new(text, &scan.edits);
    let mut report = told(&scan.slips, &mended);
    report.extend(refused);
    report.sort();
    Err(report)
}

/// The line the parser stopped at, from 1, or the nearest above it that is not a comment; from 0.
fn blamed(text: &str, line: usize) -> Option<usize> {
    let is_code = |line: &str| {
        let body = line.trim();
        !body.is_empty() && !body.starts_with('#')
    };
    let lines: Vec<&str> = crate::yaml::lines(text).collect();
    let last = line.min(lines.len());
    lines[..last].iter().rposition(|line| is_code(line))
}

fn whole_line(scan: &Scan<'_>, mended: &Mended<'_>, line: usize) -> Option<Place> {
    let start = scan.lines[line].start;
    let text = scan.lines[line].text;
    let indent = text.len() - text.trim_start_matches(is_white).len();
    let end = start + text.trim_end_matches(is_white).len();
    Some(mended.place_in(line, start + indent..end.max(start + indent)))
}

/// The slips as findings, each with its line as it should be.
fn told(slips: &[Slip], mended: &Mended<'_>) -> Report {
    let findings = slips.iter().map(|slip| {
        let Slip { line, range, message, hint, is_shown } = slip;
        let right = mended.line(*line);
        let hint = match *is_shown && right.chars().count() <= 80 {
            true => Text::new(format!("{} → {right}", hint.ja), format!("{}: `{right}`", hint.en)),
            false => hint.clone(),
        };
        let place = mended.place_in(*line, range.clone());
        Diagnostic::error("syntax", message.clone()).with_hint(hint).at(Some(place))
    });
    Report { diagnostics: findings.collect() }
}
