//! Words without what only the operator of the command line can do.

use super::{Report, Text};

/// A text without the sentences that name an option (`--form`) or a command (`onshi batch`): what is left is
/// for the page in the browser and for letters, where nobody can give one.
///
/// ```
/// use onshi::report::plain;
/// assert_eq!(plain("列を足してください。--set でも渡せます"), "列を足してください");
/// assert_eq!(plain("Add the column. Or give --set."), "Add the column.");
/// ```
pub fn plain(text: &str) -> String {
    let mut kept = String::new();
    let mut all = true;
    for sentence in sentences(text) {
        match names_a_command(sentence) {
            true => all = false,
            false => kept.push_str(sentence),
        }
    }
    // The last sentence of a hint ends without its mark.
    let end = if all { kept.as_str() } else { kept.trim_end().trim_end_matches('。') };
    end.to_owned()
}

impl Text {
    /// The same without what only the operator of the command line can do, as [`plain`] has it.
    pub fn plain(&self) -> Text {
        Text::new(plain(&self.ja), plain(&self.en))
    }
}

impl Report {
    /// The same findings with hints for somebody who is not at the command line; a hint of which nothing is
    /// left is gone.
    pub fn plain(mut self) -> Report {
        for found in &mut self.diagnostics {
            let hint = found.hint.take().map(|hint| hint.plain());
            found.hint = hint.filter(|hint| !hint.ja.is_empty() && !hint.en.is_empty());
        }
        self
    }
}

/// The sentences of a text, each with its mark: Japanese ones end in 。, English ones in a full stop and a
/// space.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let japanese = rest.find('。').map(|at| at + '。'.len_utf8());
        let english = rest.find(". ").map(|at| at + 2);
        let end = japanese.into_iter().chain(english).min().unwrap_or(rest.len());
        let (sentence, after) = rest.split_at(end);
        rest = after;
        (!sentence.is_empty()).then_some(sentence)
    })
}

/// Whether a sentence names an option or a command of the program.
fn names_a_command(sentence: &str) -> bool {
    let begins_with_letter = |rest: &str| rest.starts_with(|c: char| c.is_ascii_lowercase());
    let is_option = |(at, _): (usize, &str)| {
        // A dash in the middle of a word is the user's.
        let before = sentence[..at].chars().next_back();
        before.is_none_or(|c| !c.is_ascii_alphanumeric() && c != '-')
            && begins_with_letter(&sentence[at + 2..])
    };
    let is_command = |(at, _): (usize, &str)| begins_with_letter(&sentence[at + 6..]);
    sentence.match_indices("--").any(is_option) || sentence.match_indices("onshi ").any(is_command)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Diagnostic;

    #[test]
    fn only_sentences_with_a_command_go() {
        let hint = "どちらかを消してください。同じものを二度作るときは --allow-duplicates をつけてください";
        assert_eq!(plain(hint), "どちらかを消してください");
        for own in [
            "A--B と書いてください",
            "onshi で作った様式です",
            "---",
            "書いてください。",
            "no. 3 of it.",
        ] {
            assert_eq!(plain(own), own);
        }
        assert_eq!(plain("make it with `onshi roster`"), "");
    }

    #[test]
    fn a_hint_of_commands_alone_goes() {
        let finding = |code, ja, en| {
            let found = Diagnostic::error(code, Text::new("誤り", "wrong"));
            found.with_hint(Text::new(ja, en))
        };
        let mut report = Report::from(finding("x", "--form をつけます", "give --form"));
        report.push(finding("y", "書きます。--set でも", "Write it. Or give --set"));
        let plain = report.plain();
        assert_eq!(plain.diagnostics[0].hint, None);
        let second =
            plain.diagnostics[1].hint.as_ref().map(|hint| (hint.ja.as_str(), hint.en.as_str()));
        assert_eq!(second, Some(("書きます", "Write it.")));
    }
}
