//! What else lists call a field: the headings that its definition gives beside its label.

use super::{Dictionary, Field, Kind, fold};
use crate::report::Text;

/// What stands between a section and its field in a heading such as 営業所の名称.
const JOINTS: [&str; 2] = ["", "の"];

/// The headings that a field has by itself: those its definition gives.
pub(super) fn bare(field: &Field) -> impl Iterator<Item = String> + '_ {
    field.also.iter().map(|word| fold(word))
}

/// The headings that a field has behind its section, `section` giving all that this is called: each other
/// word of either with each of the other.
pub(super) fn behind_section(field: &Field, section: &Field) -> Vec<String> {
    let sections = std::iter::once(&section.label.ja).chain(&section.also);
    let mut all = Vec::new();
    for section in sections {
        for word in std::iter::once(&field.label.ja).chain(&field.also) {
            all.extend(JOINTS.iter().map(|joint| fold(&format!("{section}{joint}{word}"))));
        }
    }
    all
}

/// The headings of each of a field's pieces, alone and behind what its section is called.
pub(super) fn of_pieces(field: &Field, section: Option<&Field>) -> Vec<(String, usize)> {
    let sections = section.iter().flat_map(|s| std::iter::once(&s.label.ja).chain(&s.also));
    let sections: Vec<&String> = sections.collect();
    let mut all = Vec::new();
    for (at, piece) in field.pieces.iter().enumerate() {
        for word in std::iter::once(&piece.label.ja).chain(&piece.also) {
            all.push((fold(word), at));
            for section in &sections {
                all.extend(JOINTS.iter().map(|j| (fold(&format!("{section}{j}{word}")), at)));
            }
        }
    }
    all
}

/// What is not sound about the headings that a field's definition gives: one that is there twice, one that is
/// another field's of the section although values do not tell the two apart, or one that is the name of a
/// field elsewhere.
pub(super) fn faults(field: &Field, dictionary: &Dictionary) -> Vec<Text> {
    let mut faults = Vec::new();
    let key = &field.key;
    let own = std::iter::once(fold(&field.label.ja)).chain(bare(field));
    let pieces = of_pieces(field, None).into_iter().map(|(word, _)| word);
    let mut known = Vec::new();
    for word in own.chain(pieces) {
        if word.is_empty() {
            faults.push(Text::new(
                format!("項目 {key} の also に空の見出しがあります"),
                format!("the field {key} has an empty heading in also"),
            ));
        } else if known.contains(&word) {
            faults.push(Text::new(
                format!(
                    "項目 {key} の見出し「{word}」が二度あります（label と同じものも書きません）"
                ),
                format!("the field {key} has the heading `{word}` twice (its label counts too)"),
            ));
        } else {
            known.push(word);
        }
    }
    if field.also.is_empty() && field.pieces.is_empty() {
        return faults;
    }
    let others = dictionary.fields().iter().filter(|other| other.key != *key);
    for other in others.filter(|other| !other.kind.is_group()) {
        let is_sibling = other.parent() == field.parent();
        let section = dictionary.get(other.parent());
        let theirs: Vec<String> = match is_sibling {
            true if are_told_apart(field, other) => continue,
            true => std::iter::once(fold(&other.label.ja)).chain(bare(other)).collect(),
            // Behind its section, a label is a name of one field.
            false => {
                section.iter().map(|s| fold(&format!("{}{}", s.label.ja, other.label.ja))).collect()
            }
        };
        let mine = known.iter().skip(usize::from(!is_sibling));
        for word in mine.filter(|word| theirs.contains(word)) {
            let other = &other.key;
            faults.push(Text::new(
                format!("見出し「{word}」は項目 {key} と {other} の両方にあり、区別できません。どちらかから除いてください"),
                format!("the heading `{word}` is both {key}'s and {other}'s, and nothing tells them apart: remove one"),
            ));
        }
    }
    faults
}

/// Whether the values of a column tell which of two fields it is: both are choices, and each has a value that
/// the other has not.
fn are_told_apart(one: &Field, other: &Field) -> bool {
    let has_own = |field: &Field, than: &Field| {
        field.choices.iter().any(|choice| than.choice(&choice.value).is_none())
    };
    [one, other].iter().all(|f| f.kind == Kind::Choice)
        && has_own(one, other)
        && has_own(other, one)
}
