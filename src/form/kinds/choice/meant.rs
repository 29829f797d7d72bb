//! Which value of a choice is meant by one that is not among them: never its opposite, and never less
//! than was written.

use std::collections::BTreeSet;

use super::{Choice, Field};
use crate::form::fold;

/// The value that is meant, if that is certain enough to be proposed.
pub(super) fn meant(field: &Field, written: &str) -> Option<String> {
    let text = letters(written);
    let named = named(field, &text);
    if named.len() > 1 {
        // Several at once: one of them alone would be less than was written.
        return field.offer.iter().find(|offer| values(field, offer) == named).cloned();
    }
    if let Some(choice) = field.choices.iter().find(|choice| is_said_twice(choice, &text)) {
        return Some(choice.value.clone());
    }
    let written_out = named.first().filter(|value| text.contains(&letters(value)));
    let mut near: Vec<(f64, &Choice)> = field
        .choices
        .iter()
        // A value that is written out must not be left out for one that is alike.
        .filter(|choice| written_out.is_none_or(|value| *value == choice.value))
        .filter_map(|choice| {
            let near = spellings(choice).filter_map(|spelling| likeness(&text, &letters(spelling)));
            Some((near.max_by(f64::total_cmp)?, choice))
        })
        .collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0));
    match near[..] {
        [(_, choice)] => Some(choice.value.clone()),
        // Of two that are alike neither is certain.
        [(first, choice), (second, _), ..] if first - second > 0.15 => Some(choice.value.clone()),
        _ => None,
    }
}

fn spellings(choice: &Choice) -> impl Iterator<Item = &str> {
    choice.names().chain(&choice.fold).map(String::as_str)
}

/// A text without signs and spaces, in one width and case.
fn letters(text: &str) -> String {
    fold(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The values of a text that joins several.
fn values(field: &Field, text: &str) -> BTreeSet<String> {
    let choices = field.parts(text).into_iter().filter_map(|part| field.choice(part));
    choices.map(|(choice, _)| choice.value.clone()).collect()
}

/// The values whose spellings are in a text, unless within a longer one.
fn named(field: &Field, text: &str) -> BTreeSet<String> {
    let all = field.choices.iter().flat_map(|choice| {
        spellings(choice).map(move |spelling| (letters(spelling), &choice.value))
    });
    let inside: Vec<(String, &String)> = all
        .filter(|(spelling, _)| spelling.chars().count() > 1 && text.contains(spelling.as_str()))
        .collect();
    let is_longest = |(spelling, _): &&(String, &String)| {
        inside.iter().all(|(other, _)| other == spelling || !other.contains(spelling.as_str()))
    };
    inside.iter().filter(is_longest).map(|(_, value)| (*value).clone()).collect()
}

/// Whether a text is made of spellings of the same value, as 「イ 契約済み」 is.
fn is_said_twice(choice: &Choice, text: &str) -> bool {
    let mut words: Vec<String> = spellings(choice).map(letters).collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let rest = words.iter().fold(text.to_owned(), |rest, word| rest.replacen(word, "", 1));
    rest.is_empty() && !text.is_empty()
}

/// How like two texts are, from 0.5 to 1; none where the first says something that the second does
/// not, or one of them denies what the other says.
fn likeness(text: &str, spelling: &str) -> Option<f64> {
    let mut left: Vec<char> = spelling.chars().collect();
    let extra: Vec<char> = text
        .chars()
        .filter(|c| match left.iter().position(|known| known == c) {
            Some(at) => {
                left.remove(at);
                false
            }
            None => true,
        })
        .collect();
    // A kanji or a kana more has a meaning of its own; a Latin letter or two are a slip of the hand.
    if extra.len() > 2 || !extra.iter().all(char::is_ascii) || denials(text) != denials(spelling) {
        return None;
    }
    let score = strsim::normalized_damerau_levenshtein(text, spelling);
    (score >= 0.5).then_some(score)
}

/// How often a text denies something.
fn denials(text: &str) -> usize {
    const SIGNS: [&str; 11] =
        ["未", "非", "不", "無", "否", "なし", "ない", "ません", "not", "un", "non"];
    SIGNS.iter().map(|sign| text.matches(sign).count()).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::form::{Forms, Kind};

    fn of(key: &str, written: &str) -> Option<String> {
        meant(Forms::built_in().dictionary().get(key).unwrap(), written)
    }

    #[test]
    fn a_slip_is_found_and_what_is_not_certain_is_not() {
        for (key, written, value) in [
            ("facility.kind", "医科歯科", Some("医科・歯科")),
            ("facility.kind", "歯科と医科", Some("医科・歯科")),
            ("facility.kind", "医科と薬局", None),
            ("facility.kind", "科", None),
            ("facility.kind", "内科", None),
            ("facility.kind", "薬", Some("薬局")),
            ("facility.kind", "調剤薬局", Some("薬局")),
            ("introduction_plan.reader.status", "イ 契約済み", Some("イ")),
            ("introduction_plan.account", "実施", None),
            ("introduction_plan.account", "済み。", Some("済み")),
            ("introduction_plan.network.type", "IPVPN", Some("IP-VPN")),
            ("introduction_plan.network.type", "ipvpn", Some("IP-VPN")),
            ("introduction_plan.network.type", "IP-VPN2", Some("IP-VPN")),
            ("introduction_plan.network.type", "IP-VPN/IPsec", None),
            ("card_reader.online_claims.status", "導入していない", None),
            ("card_reader.online_claims.status", "unplanned", Some("導入予定なし")),
            ("bureau", "関東厚生局", Some("関東信越厚生局")),
            ("bureau", "東海厚生局", Some("東海北陸厚生局")),
            ("bureau", "厚生局", None),
            ("reader_demo.method", "実施", None),
            ("card_reader.products.product", "士通Hi-CARA", None),
        ] {
            assert_eq!(of(key, written).as_deref(), value, "{key}: {written}");
        }
    }

    /// A text near a value: one or two of its letters left out, doubled, or another's put in, or two
    /// values joined.
    fn neighbour() -> impl Strategy<Value = (&'static Field, String)> {
        let fields: Vec<&Field> = Forms::built_in()
            .dictionary()
            .fields()
            .iter()
            .filter(|field| field.kind == Kind::Choice)
            .collect();
        let index = any::<prop::sample::Index>;
        let edits = prop::collection::vec((0..4usize, index(), index()), 1..3);
        (prop::sample::select(fields), index(), index(), edits).prop_map(
            |(field, one, other, edits)| {
                let all: Vec<&str> = field.choices.iter().flat_map(spellings).collect();
                let mut text: Vec<char> = one.get(&all).chars().collect();
                let others: Vec<char> = "未非不無".chars().chain(other.get(&all).chars()).collect();
                for (edit, at, from) in edits {
                    let at = at.index(text.len() + 1);
                    match edit {
                        0 if at < text.len() => drop(text.remove(at)),
                        1 if at < text.len() => text[at] = *from.get(&others),
                        2 => text.insert(at, *from.get(&others)),
                        _ => text.extend(&others[4..]),
                    }
                }
                (field, text.into_iter().collect())
            },
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]
        #[test]
        fn a_proposal_is_never_the_opposite_nor_less_than_was_written((field, text) in neighbour()) {
            let Some(value) = meant(field, &text) else { return Ok(()) };
            // It can be put in as it stands.
            let parts = field.parts(&value);
            prop_assert!(field.choice(&value).is_some() || !parts.is_empty(), "{}: {}", text, value);
            let written = letters(&text);
            let proposed: Vec<&Choice> = match parts.is_empty() {
                true => field.choice(&value).into_iter().map(|(choice, _)| choice).collect(),
                false => parts.iter().filter_map(|part| Some(field.choice(part)?.0)).collect(),
            };
            let words: Vec<String> =
                proposed.iter().flat_map(|choice| spellings(choice).map(letters)).collect();
            // No value that is written out is left out.
            for choice in field.choices.iter().filter(|choice| !proposed.iter().any(|p| p.value == choice.value)) {
                let whole = letters(&choice.value);
                let is_written = whole.chars().count() > 1
                    && written.contains(&whole)
                    && !words.iter().any(|word| word.contains(&whole));
                prop_assert!(!is_written, "{} proposes {} and leaves out {}", text, value, choice.value);
            }
            // Nothing is denied that was not, or the other way round; what says the same twice denies twice.
            if proposed.len() == 1 && !is_said_twice(proposed[0], &written) {
                prop_assert!(
                    words.iter().any(|word| denials(word) == denials(&written)),
                    "{} proposes {}", text, value
                );
                // No kanji or kana that was written is dropped.
                let is_kept = |word: &String| written.chars().all(|c| c.is_ascii() || word.contains(c));
                prop_assert!(words.iter().any(is_kept), "{} proposes {}", text, value);
            }
        }
    }
}
