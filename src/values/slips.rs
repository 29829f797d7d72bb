//! What YAML reads otherwise than the writer meant it: a `#` that cuts a value short, a line that runs on
//! into the value above, quotation marks from a word processor.

use crate::form::Field;
use crate::report::{Diagnostic, Place, Text};

/// What was probably not meant, where a value is in `source`.
pub(super) fn slip(field: &Field, text: &str, place: &Place, source: &str) -> Option<Diagnostic> {
    let Place::Text { start, end, .. } = *place else { return None };
    let written = source.get(start..end)?;
    let diagnostic = match written.chars().next()? {
        // In quotes, or as a block, everything is meant.
        '"' | '\'' | '|' | '>' => return None,
        '“' | '”' | '„' | '‘' | '’' | '＂' => quoted(field, text)?,
        _ if written.trim_end().contains('\n') => continued(field, written)?,
        _ => match hash(written) {
            Some(at) => uncut(field, written, at),
            None => commented(field, text, source.get(end..)?)?,
        },
    };
    Some(diagnostic.at(Some(place.clone())))
}

/// A value in quotation marks that YAML takes for letters.
fn quoted(field: &Field, text: &str) -> Option<Diagnostic> {
    let is_mark = |c: char| matches!(c, '“' | '”' | '„' | '‘' | '’' | '＂');
    let inside = text.strip_prefix(is_mark)?.strip_suffix(is_mark)?;
    let (label, mark) = (&field.label, text.chars().next()?);
    let message = Text::new(
        format!("{}の「{mark}」は引用符にならず、そのまま印字されます", label.ja),
        format!("{}: “{mark}” is no quotation mark to YAML and would be printed", label.en),
    );
    let hint = Text::new(
        format!("引用符を消すか、半角の \" で囲んでください: \"{inside}\""),
        format!("delete the marks, or write \"{inside}\" with straight ones"),
    );
    Some(Diagnostic::error("quotes", message).with_hint(hint).with_suggestion(inside))
}

/// A plain value over several lines, which is printed on one. A line with a key of its own is told by the
/// reader of the record.
fn continued(field: &Field, written: &str) -> Option<Diagnostic> {
    let line = written.lines().skip(1).map(str::trim).find(|line| !line.is_empty())?;
    let label = &field.label;
    let message = Text::new(
        format!("次の行「{line}」が{}の続きとして読まれます", label.ja),
        format!("the next line, `{line}`, is read as a part of {}", label.en),
    );
    let hint = Text::new(
        "続きなら一行に書いてください。別の項目なら「項目名: 値」と書いてください",
        "write it on one line; for another field write `key: value`",
    );
    Some(Diagnostic::warning("continued", message).with_hint(hint))
}

/// A value cut short by a `#` that stands glued to what follows, as no comment of a skeleton does.
fn commented(field: &Field, text: &str, rest: &str) -> Option<Diagnostic> {
    let rest = rest.lines().next()?;
    let comment = rest.trim();
    let glued = comment.strip_prefix('#')?.chars().next()?;
    if rest.starts_with('#') || glued.is_whitespace() || glued == '#' {
        return None;
    }
    let label = &field.label;
    let whole = format!("{text} {comment}");
    let message = Text::new(
        format!("「{comment}」は注釈として読み飛ばされ、{}に印字されません", label.ja),
        format!("`{comment}` is read as a comment and is not printed in {}", label.en),
    );
    let hint = Text::new(
        format!(
            "値の一部なら \" で囲んでください: \"{whole}\"。注釈なら # の後に空白を入れてください"
        ),
        format!("if it belongs to the value, write \"{whole}\"; if not, put a space after the #"),
    );
    Some(Diagnostic::warning("comment", message).with_hint(hint).with_suggestion(&whole))
}

/// Where a `#` is in a plain value that was meant to begin a comment: with a space behind it and none before
/// it, or full-width between spaces.
fn hash(written: &str) -> Option<usize> {
    let mut marks = written.char_indices().filter(|(_, c)| matches!(c, '#' | '＃'));
    let found = marks.find(|(at, c)| {
        let is_before = written[..*at].chars().next_back().is_none_or(char::is_whitespace);
        let is_behind = written[at + c.len_utf8()..].starts_with(char::is_whitespace);
        is_behind && (*c == '#' || is_before)
    });
    found.map(|(at, _)| at)
}

/// A comment that became a part of the value.
fn uncut(field: &Field, written: &str, at: usize) -> Diagnostic {
    let (label, comment) = (&field.label, written[at..].trim_end());
    let message = Text::new(
        format!("「{comment}」は注釈にならず、{}に印字されます", label.ja),
        format!("`{comment}` is no comment to YAML and would be printed in {}", label.en),
    );
    let whole = written.trim_end();
    let hint = Text::new(
        format!(
            "注釈なら # を半角にし、前に半角の空白を入れてください。値の一部なら \" で囲んでください: \"{whole}\""
        ),
        format!(
            "for a comment type a space and `#`; if it belongs to the value, write \"{whole}\""
        ),
    );
    let value = written[..at].trim_end();
    Diagnostic::error("comment", message).with_hint(hint).with_suggestion(value)
}

/// The comment behind the colon of a key that has no value.
pub(super) fn remark<'s>(key: &Place, source: &'s str) -> Option<&'s str> {
    let Place::Text { end, .. } = *key else { return None };
    let line = source.get(end..)?.lines().next()?;
    let comment = line.trim_start_matches([':', '：', '"', '\'', ' ', '\t']).strip_prefix('#')?;
    Some(comment.trim()).filter(|comment| !comment.is_empty())
}

#[cfg(test)]
mod tests {
    use crate::form::Forms;
    use crate::{record, values};

    /// The codes of what is found in a facility with these lines.
    fn codes(lines: &str) -> Vec<String> {
        let text = format!("facility:\n{lines}");
        let record = record::read("r.yaml", text.as_bytes()).unwrap();
        let (_, report) = values::values(&record, Forms::built_in());
        report.diagnostics.into_iter().map(|found| found.code).collect()
    }

    #[test]
    fn a_hash_glued_to_what_follows_cuts_no_value_in_silence() {
        assert_eq!(codes("  address: 東京都港区1-2 #203\n"), ["comment"]);
        assert_eq!(codes("  address: \"東京都港区1-2 #203\"\n"), [""; 0]);
        assert_eq!(codes("  address: 東京都港区1-2 # 注釈\n"), [""; 0]);
        assert_eq!(codes("  address: 東京都港区1-2#203\n"), [""; 0]);
    }

    #[test]
    fn a_comment_is_not_printed_with_the_value_nor_a_value_lost_in_one() {
        assert_eq!(codes("  name: 青空医院# 名称\n"), ["comment"]);
        assert_eq!(codes("  name: 青空医院　# 名称\n"), ["comment"]);
        assert_eq!(codes("  name: 青空医院 ＃ 名称\n"), ["comment"]);
        assert_eq!(codes("  name: 青空医院＃2\n"), [""; 0]);
        assert_eq!(codes("  name: \"青空医院# 名称\"\n"), [""; 0]);
        assert_eq!(codes("  name: # 青空医院\n"), ["comment"]);
        assert_eq!(codes("  name: # 名称 ［文字］ 例: 青空医院\n"), [""; 0]);
        assert_eq!(codes("  # name: 青空医院\n  kind: 医科\n"), ["comment"]);
        assert_eq!(codes("  # name: \n  kind: 医科\n"), [""; 0]);
    }

    #[test]
    fn a_line_that_runs_on_into_the_value_above_is_told() {
        assert_eq!(codes("  name: 青空医院\n   東館\n"), ["continued"]);
        assert_eq!(codes("  name: |\n    青空医院\n"), [""; 0]);
    }

    #[test]
    fn quotation_marks_of_a_word_processor_are_not_printed() {
        assert_eq!(codes("  name: “青空医院”\n"), ["quotes"]);
        assert_eq!(codes("  name: \"青空医院\"\n"), [""; 0]);
        assert_eq!(codes("  name: ‘青空’医院\n"), [""; 0]);
    }
}
