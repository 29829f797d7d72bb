//! Fields that are commented out, as those of a skeleton are that not everybody needs.

use std::collections::HashMap;

use crate::form::Forms;
use crate::key::plain_key;
use crate::report::Place;
use crate::yaml::lines;

/// A field whose line is a comment.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Commented {
    /// Its key, with the indices of lists.
    pub key: String,
    /// What stands behind its colon.
    pub value: String,
    pub place: Place,
}

/// The fields that are commented out in a text, each in the section its column puts it in.
pub(super) fn commented(text: &str, forms: &Forms) -> Vec<Commented> {
    let mut found = Vec::new();
    // The keys above a line, with their columns.
    let mut above: Vec<(usize, String)> = Vec::new();
    let mut items: HashMap<String, usize> = HashMap::new();
    let mut start = 0;
    for (n, line) in lines(text).enumerate() {
        let begins = start;
        start += line.len();
        let mut body = line.trim_start_matches(' ');
        let mut column = line.len() - body.len();
        body = body.trim_end();
        let is_comment = body.starts_with('#');
        if let Some(rest) = body.strip_prefix('#') {
            body = rest.strip_prefix(' ').unwrap_or(rest);
        }
        while let Some(rest) = body.strip_prefix("- ").filter(|_| !is_comment) {
            above.retain(|(known, _)| *known < column);
            let Some((_, list)) = above.last() else { break };
            let index = items.entry(list.clone()).and_modify(|index| *index += 1).or_insert(0);
            let item = format!("{list}[{index}]");
            above.push((column, item));
            column += body.len() - rest.trim_start_matches(' ').len();
            body = rest.trim_start_matches(' ');
        }
        let Some((key, value)) = body.split_once(':') else { continue };
        above.retain(|(known, _)| *known < column);
        let parent = above.last().map_or("", |(_, path)| path.as_str());
        let field = forms.dictionary().child(&plain_key(parent), key);
        let dot = if parent.is_empty() { "" } else { "." };
        let path = field.map(|field| format!("{parent}{dot}{}", field.name()));
        match (is_comment, field, path) {
            (true, Some(field), Some(key)) if !field.kind.is_group() && !field.computed => {
                let value = value.split(" #").next().unwrap_or_default().trim();
                let from = line.find('#').unwrap_or_default();
                let place = Place::Text {
                    line: n + 1,
                    column: from + 1,
                    start: begins + from,
                    end: begins + line.trim_end().len(),
                };
                found.push(Commented { key, value: value.to_owned(), place });
            }
            (true, ..) => {}
            // What is not known has nothing below it that is.
            (false, _, path) => above.push((column, path.unwrap_or_else(|| "?".to_owned()))),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> Vec<(String, String, usize)> {
        let found = commented(text, Forms::built_in()).into_iter();
        found.map(|found| (found.key, found.value, found.place.order().0)).collect()
    }

    #[test]
    fn a_field_is_found_in_the_section_of_its_column() {
        let text = "facility:\n  name: x\n  # 例: y\n  # code: 1234567 # 7\n#  email: z\nfounder:\n  # Email:\n";
        let (code, email) = ("facility.code".to_owned(), "founder.email".to_owned());
        assert_eq!(keys(text), [(code, "1234567".into(), 4), (email, String::new(), 7)]);
    }

    #[test]
    fn items_of_a_list_are_counted() {
        let text =
            "card_reader:\n  products:\n    - product: x\n    - product: y\n      # 台数: 1\n";
        assert_eq!(keys(text), [("card_reader.products[1].units".into(), "1".into(), 5)]);
    }
}
