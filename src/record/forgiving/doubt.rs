//! Text that YAML takes, but hardly as it was meant: keys that became a part of a value.

use super::lines::{Entry, is_white};
use crate::record::{Key, Node, NodeValue};
use crate::report::Place;
use crate::yaml::lines;

/// Whether somewhere in a tree that was read from `text` a slip is likely.
pub(crate) fn is_doubtful(node: &Node, text: &str) -> bool {
    match &node.value {
        NodeValue::Null => false,
        NodeValue::Scalar(value) => is_doubtful_text(value, &node.place, text),
        NodeValue::List(items) => items.iter().any(|item| is_doubtful(item, text)),
        NodeValue::Map(entries) => entries
            .iter()
            .any(|(key, value)| is_doubtful_key(key, value) || is_doubtful(value, text)),
    }
}

/// A key with a space before it that is none to YAML, with the dash of a list, or with its value in it.
fn is_doubtful_key(key: &Key, value: &Node) -> bool {
    key.text.starts_with(|c: char| is_white(c) || matches!(c, '-' | '＃'))
        || value.value == NodeValue::Null && key.text.contains([':', '：'])
}

fn is_doubtful_text(value: &str, place: &Place, text: &str) -> bool {
    let Place::Text { start, end, .. } = *place else { return false };
    let (Some(before), Some(written)) = (text.get(..start), text.get(start..end)) else {
        return false;
    };
    if written.starts_with(['|', '>']) {
        return false;
    }
    // The rest of a pair in braces.
    if value.contains(['，', '、']) && value.contains([':', '：']) {
        return true;
    }
    let line = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
    let is_first = before[line..].chars().all(is_white);
    let is_quoted = written.starts_with(['"', '\'']);
    let skipped = usize::from(!is_first || is_quoted);
    lines(written)
        .skip(skipped)
        .map(|line| line.trim_matches(is_white))
        .any(|line| line.starts_with('＃') || Entry::of(line).is_some())
}
