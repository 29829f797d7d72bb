//! Phone numbers: 10 or 11 digits starting with 0.

use std::borrow::Cow;

use super::narrow::{digits_of, narrow};
use super::{Cell, Control, Field, FieldKind, Input, Read, Refused, Taken, cell};
use crate::report::Text;
use crate::table;

/// A phone number.
pub(super) struct Phone;

impl FieldKind for Phone {
    fn words(&self) -> Text {
        Text::new("電話番号", "phone number")
    }

    fn read(&self, field: &Field, written: &str) -> Result<Read, Refused> {
        let text = narrow(written);
        let Parts { number, behind } = Parts::of(&text);
        let digits = number.chars().filter(char::is_ascii_digit).count();
        let other = number.chars().find(|c| !c.is_ascii_digit() && !"-() ".contains(*c));
        let starts_with_0 = number.chars().find(char::is_ascii_digit) == Some('0');
        let has_length = (10..=11).contains(&digits);
        let found = match other {
            Some(c) if has_length && starts_with_0 => Text::new(
                format!("電話番号だけになっていません（「{c}」）"),
                format!("is not a phone number alone (`{c}`)"),
            ),
            _ if digits > 11 => Text::new(
                format!(
                    "電話番号一つ（0で始まる10桁または11桁）より長くなっています（数字{digits}桁）"
                ),
                format!("is longer than one phone number of 10 or 11 digits ({digits} digits)"),
            ),
            None if has_length && starts_with_0 => {
                return Ok(Read::text(number + &behind, written));
            }
            _ => Text::new(
                format!("電話番号（0で始まる10桁または11桁）ではありません（数字{digits}桁）"),
                format!(
                    "is not a phone number of 10 or 11 digits starting with 0 ({digits} digits)"
                ),
            ),
        };
        let refused = Refused::of(field, written, found);
        let is_short = other.is_none() && (9..=10).contains(&digits) && !starts_with_0;
        Err(if is_short { refused.with_lost_zero() } else { refused })
    }

    fn taken(&self, field: &Field, label: &Text, cell: &table::Cell) -> Result<Taken, Refused> {
        let digits = cell.to_string().len();
        match cell {
            // A number has no zeros before it: that of a phone number was lost.
            table::Cell::Number(..) if (9..=10).contains(&digits) => {
                Ok(Taken::with_zeros(cell, digits + 1, label))
            }
            cell => cell::plain(field, label, cell),
        }
    }

    fn input(&self, _field: &Field, _cell: &Cell) -> Input {
        Input::Text(Some((10, 30)))
    }

    fn control(&self, _field: &Field) -> Control {
        Control::Line { kind: "tel", mode: "tel", width: Some(14) }
    }

    fn comparable<'a>(&self, text: &'a str, _folded: &'a str) -> Option<Cow<'a, str>> {
        Some(digits_of(text).into())
    }
}

/// A phone number and what may be behind it: `(内線12)`, `(代表)`.
struct Parts {
    number: String,
    behind: String,
}

impl Parts {
    /// `text` is narrow. What only says that a number is one is left out, and the signs that people
    /// use in place of hyphens are hyphens.
    fn of(text: &str) -> Parts {
        let mut number = text;
        for word in ["電話番号", "電話", "TEL", "Tel", "tel", "℡", "☎", "☏"] {
            number = number.strip_prefix(word).unwrap_or(number);
        }
        let mut number = number.trim_start_matches([':', '：', '.', ' ', '\u{3000}']);
        let mut behind = Vec::new();
        for word in ["代表", "㈹", "(代表)", "(代)"] {
            if let Some(rest) = number.strip_prefix(word) {
                (number, behind) = (rest.trim_start(), vec!["(代表)".to_owned()]);
            }
        }
        loop {
            let bare = number.trim_end();
            let inside = bare.strip_suffix(')').and_then(|rest| rest.rsplit_once('('));
            let (rest, word) = inside.unwrap_or_else(|| {
                let end = bare.rfind(|c: char| "-.0123456789)".contains(c));
                let is_extension = |at: usize| (&bare[..at], &bare[at..]);
                bare.find("内線")
                    .map_or_else(|| bare.split_at(end.map_or(0, |end| end + 1)), is_extension)
            });
            let word = word.trim();
            let extension =
                word.strip_prefix("内線").map(|rest| rest.trim_start_matches([':', ' ']));
            let is_digits =
                |rest: &&str| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit());
            match (word, extension.filter(is_digits)) {
                (_, Some(extension)) => behind.insert(0, format!("(内線{extension})")),
                ("代表" | "代" | "㈹", None) => behind.insert(0, "(代表)".to_owned()),
                _ => break,
            }
            number = rest;
        }
        let mut number = number.trim_end().replace(['.', '/', '・', '･'], "-");
        // The country's code stands for the zero.
        if let Some(rest) = number.strip_prefix("+81") {
            number = format!("0{}", rest.trim_start_matches(['-', ' ', '0']).replace("(0)", ""));
        }
        Parts { number, behind: behind.concat() }
    }
}

#[cfg(test)]
mod tests {
    use crate::form::Forms;

    fn read(text: &str) -> Result<String, String> {
        let field = Forms::built_in().dictionary().get("contact.phone").unwrap();
        field.read(text).map(|read| read.text).map_err(|refused| refused.diagnostic().message.ja)
    }

    #[test]
    fn one_number_written_in_every_way() {
        for (text, number) in [
            ("092-700-0001", "092-700-0001"),
            ("０９２－７００－０００１", "092-700-0001"),
            ("092.700.0001", "092-700-0001"),
            ("092・700・0001\u{200B}", "092-700-0001"),
            ("092(700)0001", "092(700)0001"),
            ("0927000001", "0927000001"),
            ("TEL 092-700-0001", "092-700-0001"),
            ("電話：092-700-0001", "092-700-0001"),
            ("+81-92-700-0001", "092-700-0001"),
            ("092-700-0001（内線12）", "092-700-0001(内線12)"),
            ("092-700-0001 内線 12", "092-700-0001(内線12)"),
            ("092-700-0001（代表）", "092-700-0001(代表)"),
            ("092-700-0001㈹", "092-700-0001(代表)"),
            ("代表 092-700-0001", "092-700-0001(代表)"),
            ("092-700-0001(代)（内線12）", "092-700-0001(代表)(内線12)"),
        ] {
            assert_eq!(read(text).as_deref(), Ok(number), "{text}");
        }
    }

    #[test]
    fn what_is_no_number_has_its_own_reason() {
        for (text, reason) in [
            ("092-700-001", "数字9桁"),
            ("092-700-0001 夜間のみ", "「夜」"),
            ("092-700-0001, 092-700-0002", "一つ"),
            ("092-700-0001/092-700-0002", "一つ"),
            ("", "数字0桁"),
            ("内線12", "数字0桁"),
            ("(代表)", "数字0桁"),
        ] {
            let message = read(text).unwrap_err();
            assert!(message.contains(reason), "{text}: {message}");
        }
    }
}
