//! Whether a value is of its kind, and what it means.

use unicode_normalization::UnicodeNormalization;

use crate::calendar::{self, Date, YearMonth};
use crate::form::{Field, Kind, fold};
use crate::report::{Text, did_you_mean, nearest};

/// What a value means.
#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    /// Text, a code, a phone number: nothing to calculate with.
    Text,
    /// A day.
    Date(Date),
    /// A year and a month.
    YearMonth(YearMonth),
    /// A whole number.
    Integer(i64),
    /// Yes or no.
    Boolean(bool),
    /// Several values of a choice, such as 医科 and 歯科.
    Choices(Vec<String>),
}

/// A value of its kind.
pub(crate) struct Read {
    pub text: String,
    pub data: Data,
    /// Whether it was written otherwise than it is printed.
    pub normalised: bool,
}

/// Why a value is not of its kind.
pub(crate) struct Refused {
    pub code: &'static str,
    pub message: Text,
    pub hint: Text,
}

/// The longest value that is looked at, in characters: no form has room for a tenth of it.
const MOST_CHARACTERS: usize = 1_000;

/// Reads a value as its field's kind.
pub(crate) fn read_value(field: &Field, written: &str) -> Result<Read, Refused> {
    let refuse = |found: Text| Refused {
        code: "kind",
        message: Text::new(
            format!("{}「{}」は{}", field.label.ja, brief(written), found.ja),
            format!("{} `{}` {}", field.label.en, brief(written), found.en),
        ),
        hint: hint(field),
    };
    let length = written.chars().count();
    if length > MOST_CHARACTERS {
        return Err(refuse(Text::new(
            format!("長すぎます（{length} 文字、上限 {MOST_CHARACTERS} 文字）"),
            format!("has {length} characters, more than {MOST_CHARACTERS}"),
        )));
    }
    let plain = |text: String, data: Data| Ok(Read { normalised: text != written, text, data });
    match field.kind {
        Kind::Section | Kind::List | Kind::Text => {
            // The last line break of a YAML block belongs to YAML, not to the name.
            let text = written.trim_end_matches(['\n', '\r']).to_owned();
            Ok(Read { text, data: Data::Text, normalised: false })
        }
        Kind::Kana => {
            let written = written.trim_end_matches(['\n', '\r']);
            let text = kana(written).map_err(refuse)?;
            Ok(Read { normalised: text != written, text, data: Data::Text })
        }
        Kind::Hiragana => plain(hiragana(written).map_err(refuse)?, Data::Text),
        Kind::PostalCode => {
            let text = narrow_digits(written);
            // The form prints the mark itself.
            let text = text.trim_start_matches('〒').trim_start();
            let digits: String = text.chars().filter(|c| *c != '-').collect();
            let shape = text.len() == 7 || text.find('-') == Some(3) && text.len() == 8;
            let only = digits.bytes().all(|b| b.is_ascii_digit());
            if digits.len() != 7 || !shape || !only {
                let mut fault = refuse(Text::new(
                    "郵便番号（7桁の数字、NNN-NNNN）ではありません",
                    "is not a postal code: seven digits, NNN-NNNN",
                ));
                if only && text.len() == 6 {
                    fault.hint = lost_zero(fault.hint);
                }
                return Err(fault);
            }
            let text = format!("{}-{}", &digits[..3], &digits[3..]);
            // A missing hyphen is no spelling variant: it is optional.
            let normalised = digits != written && text != written;
            Ok(Read { text, data: Data::Text, normalised })
        }
        Kind::Phone => {
            let text = narrow_digits(written);
            let digits = text.chars().filter(char::is_ascii_digit).count();
            let only =
                text.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '(' | ')' | ' '));
            if !only
                || !(10..=11).contains(&digits)
                || text.chars().find(char::is_ascii_digit) != Some('0')
            {
                let mut fault = refuse(Text::new(
                    format!("電話番号（0で始まる10桁又は11桁）ではありません（数字{digits}桁）"),
                    format!(
                        "is not a phone number of 10 or 11 digits starting with 0 ({digits} digits)"
                    ),
                ));
                if only && (9..=10).contains(&digits) && !text.starts_with('0') {
                    fault.hint = lost_zero(fault.hint);
                }
                return Err(fault);
            }
            plain(text, Data::Text)
        }
        Kind::Email => {
            let sound = written.split_once('@').is_some_and(|(user, host)| {
                !user.is_empty()
                    && host.split('.').count() >= 2
                    && host.split('.').all(|part| !part.is_empty())
                    && !host.contains('@')
            });
            if !sound || !written.bytes().all(|b| b.is_ascii_graphic()) {
                let mut fault =
                    refuse(Text::new("メールアドレスではありません", "is not an e-mail address"));
                let narrow: String = written.nfkc().filter(|c| !c.is_whitespace()).collect();
                if narrow != written && narrow.is_ascii() {
                    fault.hint = Text::new(
                        format!("半角で書いてください: {narrow}"),
                        format!("write it in half-width characters: {narrow}"),
                    );
                }
                return Err(fault);
            }
            plain(written.to_owned(), Data::Text)
        }
        Kind::Date => match calendar::parse_date(written) {
            Ok(date) => {
                Ok(Read { text: date.to_string(), data: Data::Date(date), normalised: false })
            }
            Err(fault) => Err(kind_fault(field, fault.message())),
        },
        Kind::YearMonth => match calendar::parse_year_month(written) {
            Ok(month) => Ok(Read {
                text: month.to_string(),
                data: Data::YearMonth(month),
                normalised: false,
            }),
            Err(fault) => Err(kind_fault(field, fault.message())),
        },
        Kind::Month => {
            let text = narrow_digits(written);
            let number = text.trim_end_matches('月').parse().ok().filter(|n| (1..=12).contains(n));
            let number: i64 = number.ok_or_else(|| {
                refuse(Text::new("月（1〜12）ではありません", "is not a month, 1 to 12"))
            })?;
            Ok(Read { text: number.to_string(), data: Data::Integer(number), normalised: false })
        }
        Kind::Integer => {
            let number: Option<i64> = narrow_digits(written).parse().ok();
            let (min, max) = (field.min.unwrap_or(0), field.max.unwrap_or(i64::MAX));
            let number = number.filter(|n| (min..=max).contains(n)).ok_or_else(|| {
                refuse(match field.max {
                    Some(max) => Text::new(
                        format!("{min} から {max} までの整数ではありません"),
                        format!("is not a whole number from {min} to {max}"),
                    ),
                    None => Text::new(
                        format!("{min} 以上の整数ではありません"),
                        format!("is not a whole number of at least {min}"),
                    ),
                })
            })?;
            plain(number.to_string(), Data::Integer(number))
        }
        Kind::Digits => {
            let text = narrow_digits(written);
            let only = text.bytes().all(|b| b.is_ascii_digit());
            if !only || !field.length.contains(&text.len()) {
                let lengths: Vec<String> = field.length.iter().map(ToString::to_string).collect();
                let found = text.chars().count();
                let mut fault = refuse(Text::new(
                    format!("{}桁の数字ではありません（今は{found}文字）", lengths.join("又は")),
                    format!("is not {} digits ({found} found)", lengths.join(" or ")),
                ));
                if only && found < field.length[0] {
                    fault.hint = lost_zero(fault.hint);
                }
                return Err(fault);
            }
            plain(text, Data::Text)
        }
        Kind::Choice => match field.choice(written) {
            Some((choice, normalised)) => {
                Ok(Read { text: choice.value.clone(), data: Data::Text, normalised })
            }
            None => Err(choice_fault(field, written)),
        },
        Kind::Boolean => match fold(written).as_str() {
            "true" | "はい" | "あり" => boolean(true),
            "false" | "いいえ" | "なし" => boolean(false),
            _ => Err(refuse(Text::new(
                "true でも false でもありません",
                "is neither true nor false",
            ))),
        },
    }
}

/// A spreadsheet that takes a code for a number drops the zeros it begins with.
fn lost_zero(hint: Text) -> Text {
    Text::new(
        format!("先頭の0が落ちていないか確かめてください。{}", hint.ja),
        format!("a leading zero may be lost. {}", hint.en),
    )
}

fn boolean(value: bool) -> Result<Read, Refused> {
    Ok(Read { text: value.to_string(), data: Data::Boolean(value), normalised: false })
}

fn kind_fault(field: &Field, found: Text) -> Refused {
    Refused {
        code: "kind",
        message: Text::new(
            format!("{}: {}", field.label.ja, found.ja),
            format!("{}: {}", field.label.en, found.en),
        ),
        hint: hint(field),
    }
}

/// What to write in a field.
fn hint(field: &Field) -> Text {
    let Text { ja, en } = &field.help;
    match field.example.as_str() {
        "" => field.help.clone(),
        example => Text::new(format!("{ja}。例: {example}"), format!("{en}. Example: {example}")),
    }
}

fn choice_fault(field: &Field, written: &str) -> Refused {
    let values: Vec<&str> = field.choices.iter().map(|c| c.value.as_str()).collect();
    let spellings =
        field.choices.iter().flat_map(|c| std::iter::once(&c.value).chain(&c.also).chain(&c.fold));
    // What is near may be another spelling: the value itself is what to write.
    let meant = nearest(written, spellings.map(String::as_str))
        .and_then(|spelling| field.choice(spelling))
        .map(|(choice, _)| did_you_mean(&choice.value));
    let (maybe_ja, maybe_en) = meant
        .map_or((String::new(), String::new()), |n| (format!("。{}", n.ja), format!(". {}", n.en)));
    let hint = Text::new(
        format!("書けるのは {} です{maybe_ja}", values.join("、")),
        format!("allowed: {}{maybe_en}", values.join(", ")),
    );
    Refused {
        code: "choice",
        message: Text::new(
            format!("{}「{}」は選べません", field.label.ja, brief(written)),
            format!("{} cannot be `{}`", field.label.en, brief(written)),
        ),
        hint,
    }
}

/// A value short enough to be quoted in a message.
pub(crate) fn brief(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Full-width digits and the dashes people type for a hyphen, narrowed: in codes and numbers only.
fn narrow_digits(text: &str) -> String {
    text.trim()
        .chars()
        .map(|c| match c {
            '０'..='９' => char::from(b'0' + (u32::from(c) - u32::from('０')) as u8),
            '－' | '‐' | '‑' | '–' | '—' | '―' | '−' | 'ー' | 'ｰ' => '-',
            '（' => '(',
            '）' => ')',
            c => c,
        })
        .collect()
}

/// Full-width katakana; half-width and decomposed kana is put together.
fn kana(text: &str) -> Result<String, Text> {
    let is_half = |c: char| ('\u{FF61}'..='\u{FF9F}').contains(&c);
    let text: String =
        if text.chars().any(is_half) { text.nfkc().collect() } else { text.nfc().collect() };
    let ok = |c: char| {
        ('ァ'..='ヿ').contains(&c)
            || c.is_whitespace()
            || c.is_ascii_digit()
            || ('０'..='９').contains(&c)
            || matches!(c, '（' | '）' | '(' | ')' | '－' | '-' | '−' | '＆' | '&' | '．' | '.')
    };
    match text.chars().find(|c| !ok(*c)) {
        None => Ok(text),
        Some(c) => Err(Text::new(
            format!("全角カタカナではありません（{c}）"),
            format!("is not full-width katakana ({c})"),
        )),
    }
}

fn hiragana(text: &str) -> Result<String, Text> {
    let ok = |c: char| ('ぁ'..='ゟ').contains(&c) || matches!(c, 'ー' | '・') || c.is_whitespace();
    match text.chars().find(|c| !ok(*c)) {
        None => Ok(text.to_owned()),
        Some(c) => Err(Text::new(
            format!("ひらがなではありません（{c}）"),
            format!("is not hiragana ({c})"),
        )),
    }
}
