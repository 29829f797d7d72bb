//! "Did you mean": the known word nearest to one that is not known.

use super::Text;

/// A hint naming the nearest of `known`, if one is near enough to be meant.
pub(crate) fn suggest<'a>(found: &str, known: impl Iterator<Item = &'a str>) -> Option<Text> {
    nearest(found, known).map(did_you_mean)
}

/// A hint naming the word that is meant.
pub(crate) fn did_you_mean(word: &str) -> Text {
    Text::new(format!("もしかして: {word}"), format!("did you mean `{word}`?"))
}

/// The nearest of `known`, if one is near enough to be meant.
pub(crate) fn nearest<'a>(found: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let length = found.chars().count();
    let (score, word) = known
        // Where one word is more than twice as long, more than half of it differs: no need to compare.
        .filter(|word| {
            let other = word.chars().count();
            length <= 2 * other && other <= 2 * length
        })
        .map(|word| (strsim::normalized_damerau_levenshtein(found, word), word))
        .max_by(|a, b| a.0.total_cmp(&b.0))?;
    (score >= 0.5).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_letter_off_is_found_and_nonsense_is_not() {
        let keys = ["facility", "founder", "contact"];
        assert!(suggest("facilty", keys.into_iter()).unwrap().en.contains("facility"));
        assert_eq!(suggest("xyz", keys.into_iter()), None);
    }

    #[test]
    fn half_of_a_word_is_near_enough_and_less_is_not() {
        let of = |found, known| nearest(found, [known].into_iter());
        assert_eq!(of("abcd", "abcdefg"), Some("abcdefg"));
        assert_eq!(of("abcdefg", "abcd"), Some("abcd"));
        assert_eq!(of("abcd", "abcdefgh"), Some("abcdefgh"));
        assert_eq!(of("abcd", "abcdefghi"), None);
    }
}
