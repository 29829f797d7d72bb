//! The check digit of 医療機関等コード.

/// Whether the last digit of a code fits the digits before it (modulus 10, weights 2, 1, 2, … from the
/// right, digit sums). 埼玉・千葉・東京・神奈川 (11–14) reckon it over the last six of them in part, so
/// there either digit is right. `code` is the whole code of ten digits, or its last seven behind
/// `prefecture` (two digits) and `fee_table` (one).
///
/// ```
/// use onshi::office::check_digit_holds;
/// assert!(check_digit_holds("34", "1", "0712362"));
/// assert!(check_digit_holds("", "", "3410712362"));
/// assert!(!check_digit_holds("34", "1", "0712363"));
/// ```
pub fn check_digit_holds(prefecture: &str, fee_table: &str, code: &str) -> bool {
    let whole =
        if code.len() == 10 { code.to_owned() } else { format!("{prefecture}{fee_table}{code}") };
    let digits: Option<Vec<u32>> = whole.chars().map(|c| c.to_digit(10)).collect();
    let Some((last, before)) = digits.as_deref().and_then(|d| d.split_last()) else { return false };
    if before.len() != 9 {
        return false;
    }
    let short = matches!(&whole[..2], "11" | "12" | "13" | "14");
    check_digit(before) == *last || short && check_digit(&before[3..]) == *last
}

fn check_digit(digits: &[u32]) -> u32 {
    let sum: u32 = digits
        .iter()
        .rev()
        .zip([2, 1].into_iter().cycle())
        .map(|(digit, weight)| (digit * weight) / 10 + (digit * weight) % 10)
        .sum();
    (10 - sum % 10) % 10
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokyo_accepts_either_digit() {
        assert!(check_digit_holds("13", "1", "1234566"), "over the last six digits");
        assert!(check_digit_holds("13", "1", "1234569"), "over all nine");
        assert!(!check_digit_holds("13", "1", "1234567"));
        // 大阪 reckons it over all nine only.
        assert!(check_digit_holds("27", "1", "1234563"));
        assert!(!check_digit_holds("27", "1", "1234566"));
    }

    #[test]
    fn anything_but_ten_digits_does_not_hold() {
        assert!(!check_digit_holds("34", "1", "071236"));
        assert!(!check_digit_holds("34", "1", "07123x2"));
        assert!(!check_digit_holds("", "", ""));
    }
}
