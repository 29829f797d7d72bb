//! Text that somebody else wrote, made fit for a letter.

use crate::font::{Fault, faults};
use crate::report;

/// What stands for a character that cannot be printed: printers set it in place of type they lacked.
const GETA: char = '〓';

/// A text on one line with every character printable, and how many of them are not its own.
pub(super) fn printable(text: &str) -> (String, usize) {
    let found = faults(text);
    let (mut out, mut lost) = (String::new(), 0);
    for (index, c) in text.chars().enumerate() {
        match found.iter().find(|found| found.index == index).map(|found| found.fault) {
            Some(Fault::PrivateUse(_) | Fault::Missing(_)) if c != '\n' && c != '\r' => {
                out.push(GETA);
                lost += 1;
            }
            Some(Fault::Invisible(_)) => {}
            Some(Fault::Radical { meant, .. }) => out.push(meant),
            Some(Fault::OddSpace(_)) => out.push(' '),
            _ if c == '\n' => out.push(' '),
            _ if c.is_control() => {}
            _ => out.push(c),
        }
    }
    (out, lost)
}

/// Words with the names of fields as forms and lists have them, `開設者 電話番号`; what is quoted is its writer's.
pub(crate) fn as_on_paper(text: &str) -> String {
    let quoted = text.split_inclusive(['「', '」']);
    let part = |part: &str| {
        if part.ends_with('」') { part.to_owned() } else { part.replace(" > ", " ") }
    };
    quoted.map(part).collect()
}

/// What to do without what only the operator of the program can do: options, files of definitions.
pub(super) fn plain(remedy: &str) -> String {
    const OPERATOR: [&str; 3] = [".yaml", "onshi ", "列を足"];
    let remedy = report::plain(remedy);
    let sentences = remedy.split_inclusive('。');
    let kept = sentences.filter(|sentence| !OPERATOR.iter().any(|word| sentence.contains(word)));
    kept.collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_printed_as_a_box() {
        assert_eq!(printable("\u{E000}田\n太郎"), ("〓田 太郎".to_owned(), 1));
        assert_eq!(printable("髙橋葛\u{E0100}"), ("髙橋葛\u{E0100}".to_owned(), 0));
    }

    #[test]
    fn values_stay_as_they_are() {
        assert_eq!(
            as_on_paper("開設者 > 氏名「a > b」は A > B です"),
            "開設者 氏名「a > b」は A B です"
        );
    }

    #[test]
    fn options_are_not_for_the_facility() {
        let hint = "どちらかを消してください。同じものを二度作るときは --allow-duplicates をつけてください";
        assert_eq!(plain(hint), "どちらかを消してください");
    }
}
