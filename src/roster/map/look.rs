//! What the values of a column look like.

use crate::form::{Column, Field, Headings, Kind};

/// How many of ten values must be of a kind.
const OF_TEN: usize = 9;

/// The fields among these whose values look like those of a column, the likeliest first.
pub(super) fn likely<'h>(
    values: &[String],
    columns: &[&'h Column],
    headings: &Headings<'_>,
) -> Vec<&'h Column> {
    if values.is_empty() {
        return Vec::new();
    }
    let is_like = |column: &&&Column| {
        let field = headings.field(column.path.key());
        field.is_some_and(|field| looks_like(values, field))
    };
    columns.iter().filter(is_like).copied().collect()
}

/// Whether values have the form that a field asks for, where that is one that few other values have.
fn looks_like(values: &[String], field: &Field) -> bool {
    let has = |test: &dyn Fn(&str) -> bool| {
        10 * values.iter().filter(|value| test(value)).count() >= OF_TEN * values.len()
    };
    match field.kind {
        Kind::PostalCode
        | Kind::Phone
        | Kind::Email
        | Kind::Date
        | Kind::YearMonth
        | Kind::Choice => has(&|value| is_read(field, value)),
        // A number is kana to the field too.
        Kind::Kana | Kind::Hiragana => {
            has(&|value| value.contains(|c: char| !c.is_ascii()) && is_read(field, value))
        }
        Kind::Address => has(&begins_with_prefecture),
        // Months and counts are numbers to twelve as well.
        Kind::Digits if field.length == [2] => {
            has(&is_prefecture_code)
                && values.iter().any(|v| v.starts_with('0') || v.parse().is_ok_and(|n: u8| n > 12))
        }
        Kind::Digits => has(&|value| {
            value.bytes().all(|b| b.is_ascii_digit()) && field.length.contains(&value.len())
        }),
        Kind::Text | Kind::Month | Kind::Integer | Kind::Boolean => false,
        Kind::Section | Kind::List => false,
    }
}

fn is_read(field: &Field, value: &str) -> bool {
    let parts = field.parts(value);
    let parts = if parts.is_empty() { vec![value] } else { parts };
    parts.into_iter().all(|part| field.read(part).is_ok())
}

fn begins_with_prefecture(value: &str) -> bool {
    let head: String = value.trim().chars().take(4).collect();
    ["都", "道", "府", "県"].iter().any(|end| head.find(end).is_some_and(|at| at >= "東京".len()))
        && value.chars().count() > 5
}

fn is_prefecture_code(value: &str) -> bool {
    value.len() <= 2 && value.parse().is_ok_and(|code: u8| (1..=47).contains(&code))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::Forms;

    fn keys(values: &[&str]) -> Vec<String> {
        let forms = Forms::built_in();
        let headings = Headings::new(forms);
        let named: Vec<_> = ["別紙2", "様式2"].iter().map(|n| forms.find(n).unwrap()).collect();
        let columns: Vec<&Column> =
            headings.of(&named).into_iter().map(|(column, _)| column).collect();
        let values: Vec<String> = values.iter().map(|v| (*v).to_owned()).collect();
        likely(&values, &columns, &headings).iter().map(|c| c.key().to_owned()).collect()
    }

    #[test]
    fn values_of_a_form_of_their_own_are_known() {
        assert_eq!(
            keys(&["100-0013", "910-0006"]),
            ["facility.postal_code", "founder.postal_code"]
        );
        assert!(keys(&["a@example.jp"]).contains(&"founder.email".to_owned()));
        assert!(keys(&["東京都千代田区霞が関1-2-2"]).contains(&"facility.address".to_owned()));
        for codes in [["13", "5"], ["01", "02"]] {
            assert!(keys(&codes).contains(&"facility.prefecture_code".to_owned()));
        }
        assert!(!keys(&["3", "12"]).contains(&"facility.prefecture_code".to_owned()));
        assert!(keys(&["カスミイイン"]).contains(&"facility.name_kana".to_owned()));
        assert!(keys(&["病院", "診療所"]).contains(&"facility.category".to_owned()));
        assert_eq!(keys(&["霞医院", "桜薬局"]), [""; 0]);
        assert_eq!(keys(&[]), [""; 0]);
    }
}
