//! What several things in one cell are: a telephone and a fax number, a postal code before an address, a
//! name with its kana.

use crate::report::Text;

/// Something that is taken out of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Take {
    /// The telephone number.
    Phone,
    /// The fax number.
    Fax,
    /// The postal code.
    Postal,
    /// The kana in brackets, or in a line before the name.
    Kana,
    /// The mail address.
    Email,
    /// What remains.
    Rest,
}

impl Take {
    pub const ALL: [Take; 6] =
        [Take::Phone, Take::Fax, Take::Postal, Take::Kana, Take::Email, Take::Rest];

    /// Its key in a map.
    pub fn key(self) -> Text {
        match self {
            Take::Phone => Text::new("電話", "phone"),
            Take::Fax => Text::new("FAX", "fax"),
            Take::Postal => Text::new("郵便番号", "postal"),
            Take::Kana => Text::new("カナ", "kana"),
            Take::Email => Text::new("メール", "email"),
            Take::Rest => Text::new("残り", "rest"),
        }
    }
}

/// Takes a text apart: one text for each of the things asked for, empty where it has none of it. The error
/// says what is not clear, and what to do.
pub(super) fn apart(text: &str, asked: &[Take]) -> Result<Vec<String>, (Text, Text)> {
    let mut rest: Vec<char> = text.chars().collect();
    let mut taken = vec![String::new(); asked.len()];
    let at = |take: Take| asked.iter().position(|asked| *asked == take);
    if let Some(at) = at(Take::Email) {
        taken[at] = cut(&mut rest, email);
        if email(&rest).is_some() {
            return Err(several(Take::Email));
        }
    }
    if let Some(at) = at(Take::Postal) {
        taken[at] = cut(&mut rest, postal);
        if rest.contains(&'〒') {
            return Err(several(Take::Postal));
        }
    }
    let (phone, fax) = (at(Take::Phone), at(Take::Fax));
    let mut has_number = false;
    if phone.is_some() || fax.is_some() {
        let found = numbers(&mut rest);
        has_number = !found.is_empty();
        let [first, second] = told_apart(found, phone, fax)?;
        phone.into_iter().for_each(|at| taken[at].clone_from(&first));
        fax.into_iter().for_each(|at| taken[at].clone_from(&second));
    }
    if let Some(at) = at(Take::Kana) {
        let kana = cut(&mut rest, kana);
        if kana.is_empty() && asked.contains(&Take::Rest) {
            return Err((
                Text::new(
                    "名前とカナを分けられません",
                    "the name and its kana cannot be told apart",
                ),
                Text::new(
                    "カナを（）で囲むか、名前の前の行に書いてください",
                    "put the kana into brackets, or into a line before the name",
                ),
            ));
        }
        taken[at] = kana.trim_matches(['(', ')', '（', '）', '\n', ' ', '　']).to_owned();
    }
    let rest: String = rest.into_iter().collect();
    if let Some(at) = at(Take::Rest) {
        rest.trim().clone_into(&mut taken[at]);
    } else if has_number && rest.contains(char::is_numeric) {
        return Err((
            Text::new(
                format!("番号を取り出すと「{}」が残ります", rest.trim()),
                format!("`{}` is left when the numbers are taken out", rest.trim()),
            ),
            Text::new(
                "要るものなら別のセルに書き、要らなければ消してください",
                "write it into a cell of its own if it is wanted, else delete it",
            ),
        ));
    } else if !has_number
        && taken.iter().all(String::is_empty)
        && text.contains(|c: char| c.is_numeric() || matches!(c, '@' | '＠'))
    {
        // なし is no value; what looks like one and is not found would be lost.
        return Err(not_found(text, asked));
    }
    Ok(taken)
}

/// That a cell has something twice of which one is asked for.
fn several(take: Take) -> (Text, Text) {
    let key = take.key();
    (
        Text::new(
            format!("{}が二つ以上あります", key.ja),
            format!("there is more than one {}", key.en),
        ),
        Text::new("一つだけにしてください", "leave one of them"),
    )
}

/// That nothing asked for is found in a cell.
fn not_found(text: &str, asked: &[Take]) -> (Text, Text) {
    let keys: Vec<Text> = asked.iter().map(|take| take.key()).collect();
    let ja = keys.iter().map(|key| key.ja.as_str()).collect::<Vec<_>>().join("・");
    let en = keys.iter().map(|key| key.en.as_str()).collect::<Vec<_>>().join(", ");
    (
        Text::new(
            format!("「{text}」から{ja}を取り出せません"),
            format!("no {en} is found in `{text}`"),
        ),
        Text::new(
            "桁やハイフン、@ を確かめて書き直してください",
            "look at its digits, hyphens or @ and write it again",
        ),
    )
}

/// Takes what `find` finds out of a text.
fn cut(text: &mut Vec<char>, find: impl Fn(&[char]) -> Option<(usize, usize)>) -> String {
    match find(text) {
        Some((from, to)) => text.drain(from..to).collect::<String>().trim().to_owned(),
        None => String::new(),
    }
}

/// A character in ASCII width where it is a digit, a hyphen or a bracket.
fn plain(c: char) -> char {
    match c {
        '０'..='９' => char::from_u32(c as u32 - '０' as u32 + '0' as u32).unwrap_or(c),
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '－' | 'ー' | 'ｰ' => '-',
        '（' => '(',
        '）' => ')',
        c => c,
    }
}

fn is_digit(text: &[char], at: usize) -> bool {
    text.get(at).is_some_and(|c| plain(*c).is_ascii_digit())
}

/// A postal code behind 〒, or with its hyphen at the beginning.
fn postal(text: &[char]) -> Option<(usize, usize)> {
    let is_blank = |at: usize| text.get(at).is_some_and(|c| c.is_whitespace());
    let begins = (0..text.len()).find(|at| text[*at] == '〒').or(Some(0))?;
    let is_marked = text.get(begins) == Some(&'〒');
    let mut from = begins + usize::from(is_marked);
    while is_blank(from) {
        from += 1;
    }
    let has_hyphen = text.get(from + 3).is_some_and(|c| plain(*c) == '-');
    let last = from + 3 + usize::from(has_hyphen);
    let digits = (from..from + 3).chain(last..last + 4);
    let is_one = digits.clone().all(|at| is_digit(text, at)) && !is_digit(text, last + 4);
    // Without a mark, seven digits may be anything.
    (is_one && (is_marked || has_hyphen)).then_some((begins, last + 4))
}

fn email(text: &[char]) -> Option<(usize, usize)> {
    let at = text.iter().position(|c| *c == '@')?;
    let is_part = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+');
    let from = at - text[..at].iter().rev().take_while(|c| is_part(c)).count();
    let to = at + 1 + text[at + 1..].iter().take_while(|c| is_part(c)).count();
    (from < at && to > at + 1).then_some((from, to))
}

/// Kana in brackets, or in a first line before one that is not.
fn kana(text: &[char]) -> Option<(usize, usize)> {
    let is_kana = |part: &[char]| {
        let mark = |c: &char| c.is_whitespace() || matches!(c, 'ー' | '・' | '･' | 'ｰ');
        let kana = |c: &char| matches!(c, 'ぁ'..='ゖ' | 'ァ'..='ヺ' | 'ｦ'..='ﾟ');
        part.iter().all(|c| kana(c) || mark(c)) && part.iter().filter(|c| kana(c)).count() > 1
    };
    for (from, _) in text.iter().enumerate().filter(|(_, c)| plain(**c) == '(') {
        let close = text[from..].iter().position(|c| plain(*c) == ')');
        if let Some(to) = close.map(|length| from + length)
            && is_kana(&text[from + 1..to])
        {
            return Some((from, to + 1));
        }
    }
    let line = text.iter().position(|c| *c == '\n')?;
    (is_kana(&text[..line]) && !is_kana(&text[line + 1..])).then_some((0, line + 1))
}

/// What a number is said to be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Line {
    Phone,
    Fax,
}

/// Takes the telephone numbers out of a text, each with what is said of it.
fn numbers(text: &mut Vec<char>) -> Vec<(String, Option<Line>)> {
    let mut found = Vec::new();
    let (mut from, mut begins) = (0, 0);
    let mut kept: Vec<char> = Vec::new();
    while from < text.len() {
        let Some(to) = number(text, from) else {
            from += 1;
            continue;
        };
        let before = &text[begins..from];
        let label = label(before);
        let mut behind = to;
        let after: String = text[to..].iter().take(6).collect();
        let mut said = label.map(|(line, _)| line);
        // 03-0000-0000（FAX）
        if said.is_none() && after.starts_with(['(', '（']) {
            let close = text[to..].iter().position(|c| plain(*c) == ')');
            let inside: String = text[to..to + close.unwrap_or(0)].iter().collect();
            // Another number has words of its own.
            said = line(&inside).filter(|_| !inside.contains(|c: char| c.is_numeric()));
            if said.is_some() {
                behind = to + close.map_or(0, |close| close + 1);
            }
        }
        match label {
            None => kept.extend(before),
            // What parts two numbers is of neither.
            Some((_, begins)) if before[..begins].iter().any(|c| c.is_alphanumeric()) => {
                kept.extend(&before[..begins]);
            }
            Some(_) => {}
        }
        let extension = extension(&text[behind..]);
        found.push((text[from..to].iter().chain(extension).collect(), said));
        behind += extension.len();
        (from, begins) = (behind, behind);
    }
    kept.extend(&text[begins.min(text.len())..]);
    *text = kept;
    found
}

/// The extension behind a number, such as （内線12）, which is part of it; empty where there is none.
fn extension(text: &[char]) -> &[char] {
    let is_blank = |c: char| c.is_whitespace() || matches!(c, '(' | ':' | '：');
    let blank =
        |from: usize| from + text[from..].iter().take_while(|c| is_blank(plain(**c))).count();
    let begins = blank(0);
    if !text[begins..].starts_with(&['内', '線']) {
        return &[];
    }
    let digits = blank(begins + 2);
    let end = digits + text[digits..].iter().take_while(|c| plain(**c).is_ascii_digit()).count();
    let close = usize::from(text.get(end).is_some_and(|c| plain(*c) == ')'));
    if end > digits { &text[..end + close] } else { &[] }
}

/// The end of a telephone number that begins here.
fn number(text: &[char], from: usize) -> Option<usize> {
    let is_open = plain(text[from]) == '(';
    let first = from + usize::from(is_open);
    let before = from.checked_sub(1).map(|at| plain(text[at]));
    let is_inside = before.is_some_and(|c| c.is_ascii_digit() || c == '-');
    if is_inside || text.get(first).map(|c| plain(*c)) != Some('0') {
        return None;
    }
    let mut digits = String::new();
    let mut at = first;
    while let Some(c) = text.get(at).map(|c| plain(*c)) {
        match c {
            c if c.is_ascii_digit() => digits.push(c),
            '-' | '(' | ')' | ' ' | '.' if at > first => {}
            _ => break,
        }
        at += 1;
        let is_mobile = ["050", "060", "070", "080", "090"].iter().any(|m| digits.starts_with(m));
        if digits.len() == 10 + usize::from(is_mobile) {
            return (!is_digit(text, at)).then_some(at);
        }
    }
    None
}

/// Words for a telephone and for a fax number.
const WORDS: [(Line, &[&str]); 2] = [
    (Line::Phone, &["電話番号", "電話", "telephone", "tel", "phone", "☎", "t"]),
    (Line::Fax, &["ファクシミリ", "ファックス", "ファクス", "fax", "f"]),
];

/// What the end of the text before a number says that it is, and where that begins.
fn label(before: &[char]) -> Option<(Line, usize)> {
    let is_mark =
        |c: &char| c.is_whitespace() || matches!(*c, ':' | '：' | '.' | '．' | '(' | '（');
    let end = before.iter().rposition(|c| !is_mark(c))? + 1;
    let words = WORDS.iter().flat_map(|(line, words)| words.iter().map(move |word| (*line, *word)));
    words
        .filter_map(|(line, word)| {
            let begins = end.checked_sub(word.chars().count())?;
            let written: String = before[begins..end].iter().collect();
            // A letter alone is a word of its own, and Intel is no telephone.
            let is_whole = begins.checked_sub(1).is_none_or(|at| match word.len() {
                1 => !before[at].is_alphanumeric(),
                _ => !word.is_ascii() || !before[at].is_ascii_alphabetic(),
            });
            (is_whole && crate::form::fold(&written) == crate::form::fold(word))
                .then_some((line, begins))
        })
        .min_by_key(|(_, begins)| *begins)
}

/// What the words behind a number say that it is.
fn line(words: &str) -> Option<Line> {
    let words = crate::form::fold(words);
    let is_said = |line: Line| {
        let of_line = WORDS.iter().filter(|(known, _)| *known == line);
        of_line.flat_map(|(_, all)| *all).any(|word| {
            let word = crate::form::fold(word);
            word.len() > 1 && words.contains(&word)
        })
    };
    [Line::Fax, Line::Phone].into_iter().find(|line| is_said(*line))
}

/// The telephone and the fax number. `phone` and `fax` are their places among what was asked for.
fn told_apart(
    found: Vec<(String, Option<Line>)>,
    phone: Option<usize>,
    fax: Option<usize>,
) -> Result<[String; 2], (Text, Text)> {
    let said = |line: Line| found.iter().filter(move |(_, said)| *said == Some(line));
    let unsaid: Vec<&String> =
        found.iter().filter(|(_, said)| said.is_none()).map(|(number, _)| number).collect();
    let first = |line: Line| said(line).next().map(|(number, _)| number);
    let several = said(Line::Phone).count() > 1 || said(Line::Fax).count() > 1;
    let (tel, other) = (first(Line::Phone), first(Line::Fax));
    let pair = match (tel, other, &unsaid[..]) {
        _ if several => None,
        (tel, other, []) => Some((tel, other)),
        // A column of fax numbers alone need not say what they are.
        (None, None, [one]) if phone.is_none() => Some((None, Some(*one))),
        (None, other, [one]) => Some((Some(*one), other)),
        (Some(tel), None, [one]) if fax.is_some() => Some((Some(tel), Some(*one))),
        // In the order in which they were asked for.
        (None, None, [one, two]) if phone.is_some() && fax.is_some() => match phone < fax {
            true => Some((Some(*one), Some(*two))),
            false => Some((Some(*two), Some(*one))),
        },
        _ => None,
    };
    let Some((tel, other)) = pair else {
        let all: Vec<&str> = found.iter().map(|(number, _)| number.as_str()).collect();
        return Err((
            Text::new(
                format!(
                    "番号が {} つあり、どれが何か分かりません（{}）",
                    all.len(),
                    all.join("、")
                ),
                format!(
                    "it is not clear which of {} numbers is which ({})",
                    all.len(),
                    all.join(", ")
                ),
            ),
            Text::new(
                "一つだけにするか、番号の前に TEL、FAX と書いてください",
                "leave one of them, or write TEL or FAX before each",
            ),
        ));
    };
    Ok([tel, other].map(|number| number.cloned().unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(text: &str, asked: &[Take]) -> Vec<String> {
        apart(text, asked).unwrap_or_else(|(fault, _)| panic!("{text}: {}", fault.en))
    }

    #[test]
    fn telephone_and_fax_are_told_apart() {
        let both = [Take::Phone, Take::Fax];
        for text in [
            "TEL 03-0000-0001 FAX 03-0000-0002",
            "03-0000-0001\n03-0000-0002",
            "03-0000-0001/03-0000-0002",
            "電話：03-0000-0001　ＦＡＸ：03-0000-0002",
            "FAX 03-0000-0002\nTEL 03-0000-0001",
            "03-0000-0001（FAX 03-0000-0002）",
            "T:03-0000-0001 F:03-0000-0002",
            "03-0000-0001 FAX03-0000-0002",
        ] {
            assert_eq!(taken(text, &both), ["03-0000-0001", "03-0000-0002"], "{text}");
        }
        assert_eq!(taken("0778(53)2511", &both), ["0778(53)2511", ""]);
        assert_eq!(taken("FAX 03-0000-0002", &both), ["", "03-0000-0002"]);
        assert_eq!(taken("03-0000-0001(代)", &[Take::Phone]), ["03-0000-0001"]);
        assert_eq!(taken("TEL 03-0000-0001 FAX 03-0000-0002", &[Take::Phone]), ["03-0000-0001"]);
        assert_eq!(taken("090-0000-0001", &[Take::Phone]), ["090-0000-0001"]);
        assert_eq!(
            taken("03-0000-0002 03-0000-0001", &[Take::Fax, Take::Phone]),
            ["03-0000-0002", "03-0000-0001"]
        );
    }

    #[test]
    fn what_is_before_a_number_stays() {
        let asked = [Take::Phone, Take::Rest];
        assert_eq!(taken("山田太郎 TEL 03-0000-0001", &asked), ["03-0000-0001", "山田太郎"]);
        for name in ["ファミリー歯科", "アルファ薬局", "ホテル電話台", "Intel"] {
            assert_eq!(taken(&format!("{name} 03-0000-0001"), &asked), ["03-0000-0001", name]);
        }
        assert_eq!(taken("なし", &[Take::Phone]), [""]);
        let both = [Take::Phone, Take::Fax];
        assert_eq!(
            taken("03-0000-0001（内線12） FAX 03-0000-0002", &both),
            ["03-0000-0001（内線12）", "03-0000-0002"]
        );
        assert_eq!(taken("03-0000-0002", &[Take::Fax]), ["03-0000-0002"]);
        assert!(apart("03-0000-0001 9時から17時", &both).is_err());
    }

    #[test]
    fn what_looks_like_a_value_and_is_none_is_refused() {
        assert!(apart("TEL 3123-4567", &[Take::Phone, Take::Fax]).is_err());
        assert!(apart("taro＠example.jp", &[Take::Email]).is_err());
        assert!(apart("a@example.jp b@example.jp", &[Take::Email]).is_err());
    }

    #[test]
    fn what_is_not_clear_is_refused() {
        assert!(apart("03-0000-0001 03-0000-0002", &[Take::Phone]).is_err());
        let both = [Take::Phone, Take::Fax];
        assert!(apart("03-0000-0001 03-0000-0002 03-0000-0003", &both).is_err());
        assert!(apart("TEL 03-0000-0001 TEL 03-0000-0002", &both).is_err());
        assert!(apart("霞クリニック", &[Take::Rest, Take::Kana]).is_err());
        assert!(apart("霞\nクリニック", &[Take::Rest, Take::Kana]).is_err());
    }

    #[test]
    fn a_postal_code_is_taken_from_an_address() {
        let both = [Take::Postal, Take::Rest];
        for text in [
            "〒100-0013 東京都千代田区1-2-2",
            "100-0013東京都千代田区1-2-2",
            "〒１００－００１３　東京都千代田区1-2-2",
            "東京都千代田区1-2-2〒1000013",
        ] {
            let taken = taken(text, &both);
            assert!(
                taken[0].contains("0013") || taken[0].contains("００１３"),
                "{text}: {taken:?}"
            );
            assert_eq!(taken[1], "東京都千代田区1-2-2", "{text}");
        }
        assert_eq!(taken("東京都千代田区1-2-2", &both), ["", "東京都千代田区1-2-2"]);
        assert_eq!(taken("1000013 東京都", &both), ["", "1000013 東京都"]);
    }

    #[test]
    fn kana_is_taken_from_a_name() {
        let both = [Take::Rest, Take::Kana];
        for text in ["霞医院（カスミイイン）", "カスミイイン\n霞医院", "霞医院(かすみいいん)"]
        {
            let taken = taken(text, &both);
            assert_eq!(taken[0], "霞医院", "{text}");
            assert!(taken[1].chars().count() == 6, "{text}: {taken:?}");
        }
    }

    #[test]
    fn a_mail_address_is_taken_from_what_is_around_it() {
        let taken = taken("資格 太郎 taro@example.jp", &[Take::Email, Take::Rest]);
        assert_eq!(taken, ["taro@example.jp", "資格 太郎"]);
    }
}
