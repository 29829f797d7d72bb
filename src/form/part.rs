//! Parts of dates and codes, each printed and entered in a place of its own.

use super::Part;
use super::kinds::Data;
use crate::calendar::{Date, era, reiwa_year_text};

impl Part {
    /// The part of a value: of a code with hyphens, or as [`Part::of`] has it.
    pub(crate) fn of_value(self, data: &Data, text: &str, boxes: Option<usize>) -> Option<String> {
        match self.of_code() {
            Some(place) => text.split('-').nth(place).map(str::to_owned),
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

    /// A date as its parts say it, in a spelling that dates are read in; a code with its hyphens.
    pub(crate) fn join(parts: &[(Part, String)]) -> String {
        if parts.iter().any(|(part, _)| part.of_code().is_some()) {
            let mut parts: Vec<&(Part, String)> = parts.iter().collect();
            parts.sort_by_key(|(part, _)| part.of_code());
            return parts.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join("-");
        }
        let part = |wanted: Part| {
            parts.iter().find(|(part, _)| *part == wanted).map(|(_, text)| text.as_str())
        };
        let year = match (part(Part::Year), part(Part::EraYear)) {
            (Some(year), _) => format!("{year}年"),
            // A form that prints no era asks for the present one.
            (None, Some(year)) => format!("{}{year}年", part(Part::Era).unwrap_or("令和")),
            (None, None) => part(Part::Era).unwrap_or_default().to_owned(),
        };
        let unit = |wanted, unit| part(wanted).map(|text| format!("{text}{unit}"));
        let (month, day) = (unit(Part::Month, "月"), unit(Part::Day, "日"));
        [Some(year), month, day].into_iter().flatten().collect()
    }
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
            let parts = parts.iter().map(|(part, text)| (*part, (*text).to_owned()));
            Part::join(&parts.collect::<Vec<_>>())
        };
        let (month, day) = ((Part::Month, "05"), (Part::Day, "3"));
        assert_eq!(join(&[(Part::EraYear, "6"), month, day]), "令和6年05月3日");
        assert_eq!(
            join(&[(Part::Era, "昭和"), (Part::EraYear, "60"), month, day]),
            "昭和60年05月3日"
        );
        assert_eq!(join(&[(Part::Year, "2024"), month]), "2024年05月");
        assert_eq!(join(&[day]), "3日");
    }
}
