//! Parts of dates and codes, each printed and entered in a place of its own.

use super::kinds::Data;
use super::{Kind, Part};
use crate::calendar::{Date, era, reiwa_year_text};

impl Part {
    /// The part of a value: of a code, if it has all its groups of digits, or as [`Part::of`] has it.
    pub(crate) fn of_value(
        self,
        kind: Kind,
        data: &Data,
        text: &str,
        boxes: Option<usize>,
    ) -> Option<String> {
        match self.of_code() {
            Some(place) => groups(kind, text)?.get(place).map(|digits| (*digits).to_owned()),
            None => self.of(data, boxes),
        }
    }

    /// The part of a date or month as it is printed; with leading zeros where it has so many boxes.
    pub(crate) fn of(self, data: &Data, boxes: Option<usize>) -> Option<String> {
        let day = match data {
            Data::Date(day) => *day,
            Data::YearMonth(month) => Date::new(month.year, month.month, 1).ok()?,
            _ => return None,
        };
        let number = |n: i16| match boxes {
            Some(boxes) => format!("{n:0>boxes$}"),
            None => n.to_string(),
        };
        Some(match self {
            Part::Era => era(day)?.0.to_owned(),
            Part::EraYear if boxes.is_none() => reiwa_year_text(era(day)?.1),
            Part::EraYear => number(era(day)?.1),
            Part::Year => number(day.year()),
            Part::Month => number(day.month().into()),
            Part::Day => number(day.day().into()),
            Part::First | Part::Second | Part::Third => return None,
        })
    }

    /// A date as its parts say it, in a spelling that dates are read in; a code with its hyphens. Each part
    /// that there is a place for comes with what stands there; `None` where nothing stands in any.
    pub(crate) fn join(parts: &[(Part, Option<String>)]) -> Option<String> {
        let part = |wanted: Part| {
            let texts = parts.iter().filter(|(part, _)| *part == wanted);
            let mut texts: Vec<&str> = texts.filter_map(|(_, text)| text.as_deref()).collect();
            texts.dedup();
            // Two days, or two eras, are no date: what they make together is refused when it is read.
            (!texts.is_empty()).then(|| texts.join("・"))
        };
        if parts.iter().all(|(_, text)| text.is_none()) {
            return None;
        }
        if parts.iter().any(|(part, _)| part.of_code().is_some()) {
            let all = [Part::First, Part::Second, Part::Third].into_iter().filter_map(part);
            return Some(all.collect::<Vec<_>>().join("-"));
        }
        let year = match (part(Part::Year), part(Part::EraYear)) {
            (Some(year), _) => format!("{year}年"),
            (None, Some(year)) => {
                // A form that prints no era asks for the present one; where none is chosen of those it
                // prints, nobody knows.
                let asks_era = parts.iter().any(|(part, _)| *part == Part::Era);
                let unsaid = if asks_era { "" } else { "令和" };
                format!("{}{year}年", part(Part::Era).unwrap_or_else(|| unsaid.to_owned()))
            }
            (None, None) => part(Part::Era).unwrap_or_default(),
        };
        let unit = |wanted, unit| part(wanted).map(|text| format!("{text}{unit}"));
        let (month, day) = (unit(Part::Month, "月"), unit(Part::Day, "日"));
        Some([Some(year), month, day].into_iter().flatten().collect())
    }
}

/// How many groups of digits a code has that is printed in parts.
pub(crate) fn group_count(kind: Kind) -> usize {
    if kind == Kind::PostalCode { 2 } else { 3 }
}

/// The groups of digits of a code, which hyphens, brackets or spaces part. `None` unless there are as many
/// as it is printed in, and nothing else: a digit would be lost.
pub(crate) fn groups(kind: Kind, text: &str) -> Option<Vec<&str>> {
    let is_mark = |c: char| matches!(c, '-' | '(' | ')' | ' ');
    let groups: Vec<&str> = text.split(is_mark).filter(|group| !group.is_empty()).collect();
    let are_digits = groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_digit()));
    (groups.len() == group_count(kind) && are_digits).then_some(groups)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Part; 5] = [Part::Era, Part::EraYear, Part::Year, Part::Month, Part::Day];

    #[test]
    fn a_date_has_its_parts_in_boxes_and_out_of_them() {
        let day = Data::Date(Date::constant(2019, 5, 3));
        let texts = |boxes| ALL.map(|part| part.of(&day, boxes).unwrap());
        assert_eq!(texts(None), ["令和", "元", "2019", "5", "3"]);
        assert_eq!(texts(Some(2)), ["令和", "01", "2019", "05", "03"]);
        assert_eq!(Part::Day.of(&Data::Text, None), None);
    }

    #[test]
    fn parts_are_joined_as_a_date_is_written() {
        let join = |parts: &[(Part, &str)]| {
            let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
            let parts = parts.iter().map(|(part, written)| (*part, text(written)));
            Part::join(&parts.collect::<Vec<_>>()).unwrap_or_default()
        };
        let (month, day) = ((Part::Month, "05"), (Part::Day, "3"));
        assert_eq!(join(&[(Part::EraYear, "6"), month, day]), "令和6年05月3日");
        assert_eq!(
            join(&[(Part::Era, "昭和"), (Part::EraYear, "60"), month, day]),
            "昭和60年05月3日"
        );
        assert_eq!(join(&[(Part::Year, "2024"), month]), "2024年05月");
        assert_eq!(join(&[day]), "3日");
        // An era that is asked for and not chosen is not supposed without a word.
        assert_eq!(join(&[(Part::Era, ""), (Part::EraYear, "6"), month, day]), "6年05月3日");
        assert_eq!(join(&[(Part::Era, ""), (Part::EraYear, "")]), "");
        // Nor is one of two that are chosen, or of two days.
        let two = [(Part::Era, "昭和"), (Part::Era, "平成"), (Part::EraYear, "6"), month, day];
        assert_eq!(join(&two), "昭和・平成6年05月3日");
        assert_eq!(join(&[day, (Part::Day, "1"), (Part::Day, "1")]), "3・1日");
        assert_eq!(join(&[(Part::Second, "1234"), (Part::First, "03")]), "03-1234");
    }

    #[test]
    fn a_code_has_its_parts_or_none_of_them() {
        let of = |kind, text: &str| groups(kind, text).map(|groups| groups.join("|"));
        let phone = |text| of(Kind::Phone, text);
        for text in ["03-1234-5678", "03(1234)5678", "(03)1234-5678", "03 1234 5678"] {
            assert_eq!(phone(text).as_deref(), Some("03|1234|5678"), "{text}");
        }
        for text in [
            "0120-12-34-56",
            "0312345678",
            "03-12345678",
            "03-1234-5678(内線12)",
            "03-1234-5678(代表)",
        ] {
            assert_eq!(phone(text), None, "{text}");
        }
        assert_eq!(of(Kind::PostalCode, "105-0011").as_deref(), Some("105|0011"));
        assert_eq!(of(Kind::PostalCode, "1050011"), None);
    }
}
