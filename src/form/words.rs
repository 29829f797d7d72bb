//! Words in braces that what a form prints says something else for.

/// What a text prints in place of the number of its page.
pub(crate) const PAGE: &str = "{page}";
/// What a text prints in place of how many pages there are.
pub(crate) const PAGES: &str = "{pages}";
/// What a text prints in place of the form's title.
pub(super) const TITLE: &str = "title";
/// What a text of repeated rows prints in place of the item's number.
pub(super) const NUMBER: &str = "number";

/// A text with what is known of its words in braces put in, and the words that are not known. Those of
/// the page stay: the layout knows them.
pub(super) fn put(text: &str, known: impl Fn(&str) -> Option<String>) -> (String, Vec<&str>) {
    let (mut out, mut unknown, mut rest) = (String::new(), Vec::new(), text);
    while let Some((before, word)) = next_word(rest) {
        out += before;
        rest = &rest[before.len() + word.len() + 2..];
        match known(word) {
            Some(text) => out += &text,
            None => {
                let braced = format!("{{{word}}}");
                if braced != PAGE && braced != PAGES {
                    unknown.push(word);
                }
                out += &braced;
            }
        }
    }
    (out + rest, unknown)
}

/// Whether a text prints the number of its page, or of pages.
pub(crate) fn is_of_page(text: &str) -> bool {
    text.contains(PAGE) || text.contains(PAGES)
}

/// The text before the next word in braces, and the word: lower-case letters and digits.
fn next_word(text: &str) -> Option<(&str, &str)> {
    text.match_indices('{').find_map(|(start, _)| {
        let inside = &text[start + 1..];
        let word = &inside[..inside.find('}')?];
        let is_word = word.starts_with(|c: char| c.is_ascii_lowercase())
            && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        is_word.then_some((&text[..start], word))
    })
}

#[cfg(test)]
mod tests {
    use super::next_word;

    #[test]
    fn a_word_in_braces_is_of_lower_case_letters() {
        assert_eq!(next_word("{甲} 第{page}頁"), Some(("{甲} 第", "page")));
        assert_eq!(next_word("{page"), None);
        assert_eq!(next_word("{ page }{}"), None);
    }
}
