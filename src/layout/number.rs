//! Whole numbers as forms print them.

/// A number with commas: 1,234,567.
pub(super) fn commas(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let groups = digits.as_bytes().rchunks(3).rev();
    // Digits are ASCII.
    let groups: Vec<_> = groups.map(|group| String::from_utf8_lossy(group)).collect();
    let sign = if number < 0 { "-" } else { "" };
    sign.to_owned() + &groups.join(",")
}

/// A number in kanji: 百二十三万四千五百六十七.
pub(super) fn kanji(number: i64) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    const PLACES: [(u64, &str); 4] = [(1000, "千"), (100, "百"), (10, "十"), (1, "")];
    const GROUPS: [&str; 5] = ["", "万", "億", "兆", "京"];
    if number == 0 {
        return "〇".to_owned();
    }
    let mut text = String::from(if number < 0 { "マイナス" } else { "" });
    let number = number.unsigned_abs();
    for (group, name) in GROUPS.iter().enumerate().rev() {
        let part = number / 10_000_u64.pow(group as u32) % 10_000;
        for (value, place) in PLACES {
            let digit = (part / value % 10) as usize;
            // 百, not 一百; but 一万.
            text += if digit == 1 && value > 1 { "" } else { DIGITS[digit] };
            text += if digit > 0 { place } else { "" };
        }
        text += if part > 0 { name } else { "" };
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        for (number, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (-1_234_567, "-1,234,567")]
        {
            assert_eq!(commas(number), text);
        }
    }

    #[test]
    fn kanji_are_as_people_write_them() {
        for (number, text) in [
            (0, "〇"),
            (1, "一"),
            (10, "十"),
            (20, "二十"),
            (101, "百一"),
            (1_234, "千二百三十四"),
            (10_000, "一万"),
            (1_000_010, "百万十"),
            (11_110_000_000, "百十一億千万"),
            (i64::MAX, "九百二十二京三千三百七十二兆三百六十八億五千四百七十七万五千八百七"),
        ] {
            assert_eq!(kanji(number), text);
        }
    }
}
