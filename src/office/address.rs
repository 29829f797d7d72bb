//! Two addresses of one record compared: what a person wrote differently of one place. Nothing here is
//! ever printed; an address goes on paper as it was written.

use unicode_normalization::UnicodeNormalization;

use super::PostalPlace;

/// How two addresses of one place differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressGap {
    /// The one counts by lots (地番, 「12番地3」), the other by houses (住居表示, 「1番2号」).
    Numbering,
    /// The one names a building or room, the other ends before it.
    Building,
}

impl AddressGap {
    /// Its name in rules.
    pub fn as_str(self) -> &'static str {
        match self {
            AddressGap::Numbering => "番号の付け方",
            AddressGap::Building => "建物",
        }
    }
}

/// How two addresses that seem to mean one place differ; none for addresses of different places, and for
/// spellings of one address (一丁目2番2号 and 1-2-2).
///
/// ```
/// use onshi::office::{AddressGap, address_gap};
/// let gap = address_gap("東京都港区芝1-2-3", "東京都港区芝一丁目2番3号 もみじビル2階");
/// assert_eq!(gap, Some(AddressGap::Building));
/// assert_eq!(address_gap("東京都港区芝1-2-3", "東京都港区芝１丁目２番３号"), None);
/// assert_eq!(address_gap("東京都港区芝1-2-3", "東京都港区芝1-2-4 もみじビル"), None);
/// ```
pub fn address_gap(one: &str, other: &str) -> Option<AddressGap> {
    let (one, other) = (Address::new(one), Address::new(other));
    if one.town != other.town || one.numbers.is_empty() || other.numbers.is_empty() {
        return None;
    }
    if one.numbering.zip(other.numbering).is_some_and(|(a, b)| a != b) {
        return Some(AddressGap::Numbering);
    }
    let shared = one.numbers.len().min(other.numbers.len());
    // A town's block alone (芝1) is no house.
    if shared < 2 || one.numbers[..shared] != other.numbers[..shared] {
        return None;
    }
    let names_room = |a: &Address| !a.building.is_empty() || a.numbers.len() > shared;
    (names_room(&one) != names_room(&other)).then_some(AddressGap::Building)
}

/// An address that is written in part, completed by the place of its postal code: what of the place goes before
/// it. None where that is not certain: nothing of the place is in what is written, which is not its number either.
///
/// ```
/// use onshi::office::{completed_address, postal_places};
/// let place = postal_places("810-0001")[0];
/// let whole = completed_address(&place, "天神9-9-9").unwrap();
/// assert_eq!(whole, "福岡県福岡市中央区天神9-9-9");
/// let of_town = completed_address(&place, "福岡市中央区渡辺通1-1").unwrap();
/// assert_eq!(of_town, "福岡県福岡市中央区渡辺通1-1");
/// assert_eq!(completed_address(&place, "渡辺通1-1"), None);
/// ```
pub fn completed_address(place: &PostalPlace, written: &str) -> Option<String> {
    let written = written.trim_start();
    let whole = place.to_string();
    // 福岡市 is a part of it.
    if whole.contains(written.trim_end()) {
        return Some(whole);
    }
    let city = place.prefecture.len() + place.city.len();
    let cuts = whole.char_indices().map(|(cut, _)| cut).filter(|cut| *cut > 0);
    let fits = cuts.map(|cut| (shared(&whole[cut..], written), cut)).filter(|(fit, cut)| {
        // One character is a whole town; elsewhere it is chance.
        let is_end = [city, whole.len()].contains(&(cut + fit));
        let least = if *cut == city { 1 } else { 2 };
        let length = whole[*cut..cut + fit].chars().count();
        length >= CERTAIN || is_end && length >= least
    });
    let before = match fits.max_by_key(|(fit, cut)| (*fit, std::cmp::Reverse(*cut))) {
        Some((_, cut)) => &whole[..cut],
        None => {
            let text: Vec<char> = written.nfkc().collect();
            number(&text).filter(|number| number.counts)?;
            &whole[..]
        }
    };
    Some(format!("{before}{written}"))
}

/// So many characters that two texts share are no chance.
const CERTAIN: usize = 3;

/// How many bytes two texts have in common at their beginning.
fn shared(one: &str, other: &str) -> usize {
    one.chars().zip(other.chars()).take_while(|(a, b)| a == b).map(|(c, _)| c.len_utf8()).sum()
}

/// What the last word behind the numbers says of how they count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Numbering {
    Lots,
    Houses,
}

/// An address taken apart for comparing.
struct Address {
    /// Everything before the first number, without spaces.
    town: String,
    /// 1, 2 and 3 of 一丁目2番3号, 1-2-3 and 1の2の3.
    numbers: Vec<u32>,
    numbering: Option<Numbering>,
    /// What stands behind the numbers.
    building: String,
}

impl Address {
    fn new(text: &str) -> Address {
        let text: Vec<char> = text.nfkc().collect();
        let first = (0..text.len()).find(|&at| number(&text[at..]).is_some_and(|n| n.counts));
        let start = first.unwrap_or(text.len());
        let mut address = Address {
            town: without_spaces(&text[..start]),
            numbers: Vec::new(),
            numbering: None,
            building: String::new(),
        };
        let mut rest = &text[start..];
        while let Some(found) = number(rest) {
            address.numbers.push(found.value);
            rest = &rest[found.length..];
            let Some((word, numbering)) = counter(rest) else { break };
            rest = &rest[word..];
            address.numbering = numbering.or(address.numbering);
            if numbering == Some(Numbering::Houses) {
                // What follows 号 is a room.
                break;
            }
            rest = &rest[rest.iter().take_while(|c| c.is_whitespace()).count()..];
        }
        address.building = without_spaces(rest);
        address
    }
}

fn without_spaces(text: &[char]) -> String {
    text.iter().filter(|c| !c.is_whitespace()).collect()
}

/// A number at the beginning of a text.
struct Number {
    value: u32,
    /// Its characters.
    length: usize,
    /// Whether it counts a block or house: it is in digits, or a counting word follows (一丁目, not 三田).
    counts: bool,
}

fn number(text: &[char]) -> Option<Number> {
    let digits = text.iter().take_while(|c| c.is_ascii_digit()).count();
    if digits > 0 {
        let value: String = text[..digits].iter().collect();
        return Some(Number { value: value.parse().ok()?, length: digits, counts: true });
    }
    let length = text.iter().take_while(|c| "一二三四五六七八九十".contains(**c)).count();
    let value = kanji_number(&text[..length])?;
    let counts = starts_with(&text[length..], "丁目") || starts_with(&text[length..], "番");
    Some(Number { value, length, counts })
}

/// 一 to 九十九.
fn kanji_number(text: &[char]) -> Option<u32> {
    let digit =
        |c: char| "一二三四五六七八九".chars().zip(1..).find(|(d, _)| *d == c).map(|(_, n)| n);
    match text {
        [c] if *c != '十' => digit(*c),
        ['十'] => Some(10),
        ['十', unit] => Some(10 + digit(*unit)?),
        [ten, '十'] => Some(digit(*ten)? * 10),
        [ten, '十', unit] => Some(digit(*ten)? * 10 + digit(*unit)?),
        _ => None,
    }
}

/// The word that joins a number to the next or ends it: its length, and how it counts.
fn counter(text: &[char]) -> Option<(usize, Option<Numbering>)> {
    use Numbering::{Houses, Lots};
    let words = [
        ("丁目", None),
        ("番地の", Some(Lots)),
        ("番地", Some(Lots)),
        ("番", None),
        ("号", Some(Houses)),
        ("の", None),
        ("ノ", None),
    ];
    let word = words.iter().find(|(word, _)| starts_with(text, word));
    let hyphen = text.first().is_some_and(|c| "-‐‑‒–—―−ー".contains(*c))
        && text.get(1).is_some_and(char::is_ascii_digit);
    word.map(|(word, numbering)| (word.chars().count(), *numbering))
        .or_else(|| hyphen.then_some((1, None)))
}

fn starts_with(text: &[char], word: &str) -> bool {
    let mut text = text.iter();
    word.chars().all(|c| text.next() == Some(&c))
}

#[cfg(test)]
mod tests {
    use AddressGap::{Building, Numbering};

    use super::{AddressGap, PostalPlace, address_gap, completed_address};

    #[test]
    fn what_lacks_of_an_address_goes_before_it() {
        let place = |prefecture, city, town| PostalPlace { prefecture, city, town };
        let tenjin = place("福岡県", "福岡市中央区", "天神");
        let kagoshima = place("鹿児島県", "鹿児島市", "");
        let kasuya = place("福岡県", "糟屋郡粕屋町", "仲原");
        let tsu = place("三重県", "津市", "栄町");
        for (place, written, whole) in [
            (tenjin, "", Some("福岡県福岡市中央区天神")),
            (tenjin, "9-9-9", Some("福岡県福岡市中央区天神9-9-9")),
            (tenjin, "９－９", Some("福岡県福岡市中央区天神９－９")),
            (tenjin, "二丁目3-4", Some("福岡県福岡市中央区天神二丁目3-4")),
            (tenjin, "天神9-9-9", Some("福岡県福岡市中央区天神9-9-9")),
            (tenjin, "中央区天神9-9-9", Some("福岡県福岡市中央区天神9-9-9")),
            (tenjin, "福岡市中央区天神9-9-9", Some("福岡県福岡市中央区天神9-9-9")),
            // Of another town in the same city.
            (tenjin, "福岡市中央区渡辺通1-1", Some("福岡県福岡市中央区渡辺通1-1")),
            (tenjin, "中央区渡辺通1-1", Some("福岡県福岡市中央区渡辺通1-1")),
            (tenjin, "福岡市", Some("福岡県福岡市中央区天神")),
            (tenjin, "渡辺通1-1", None),
            (tenjin, "神田ビル", None),
            (tenjin, "三田1-1", None),
            (kagoshima, "鹿児島市山下町1-1", Some("鹿児島県鹿児島市山下町1-1")),
            (kasuya, "粕屋町仲原1-1", Some("福岡県糟屋郡粕屋町仲原1-1")),
            (kasuya, "粕屋町長者原1-1", Some("福岡県糟屋郡粕屋町長者原1-1")),
            (tsu, "津市丸之内1-1", Some("三重県津市丸之内1-1")),
            (place("大分県", "別府市", "北浜"), "別府市北浜9-9", Some("大分県別府市北浜9-9")),
            (place("東京都", "府中市", "宮町"), "府中市緑町9-9", Some("東京都府中市緑町9-9")),
            (place("三重県", "津市", "森"), "森9-9", Some("三重県津市森9-9")),
        ] {
            assert_eq!(completed_address(&place, written).as_deref(), whole, "{place} {written}");
        }
    }

    #[test]
    fn one_place_written_in_two_ways() {
        for (one, other, gap) in [
            ("富山県富山市桜町1-2-3", "富山県富山市桜町1-2-3 もみじビル301号室", Some(Building)),
            ("富山県富山市桜町1-2-3-301", "富山県富山市桜町1-2-3", Some(Building)),
            (
                "富山県富山市桜町一丁目2番3号",
                "富山県富山市桜町１－２－３　もみじ荘",
                Some(Building),
            ),
            ("富山県富山市桜町12番地3", "富山県富山市桜町1番3号", Some(Numbering)),
            ("富山県富山市桜町1丁目12番地", "富山県富山市桜町1丁目2番3号", Some(Numbering)),
            ("富山県富山市桜町12番地の3", "富山県富山市桜町12-3", None),
            ("富山県富山市桜町十二丁目3番4号", "富山県富山市桜町12-3-4", None),
            ("富山県富山市桜町1-2-3", "富山県富山市桜町1-2-4 もみじビル", None),
            ("富山県富山市桜町1-2-3 もみじビル", "富山県富山市桜町1-2-3 かえでビル", None),
            ("東京都港区三田1-2-3", "東京都港区三田1-2-3", None),
            ("富山県富山市桜町", "富山県富山市桜町1-2-3", None),
            ("富山県富山市桜町1", "富山県富山市桜町1-2", None),
            ("富山県富山市桜町1-2-3 2階", "富山県富山市桜町1-2-3", Some(Building)),
            ("富山県富山市桜町1丁目 2番 3号 301号室", "富山県富山市桜町1-2-3", Some(Building)),
            ("", "", None),
        ] {
            assert_eq!(address_gap(one, other), gap, "{one} / {other}");
            assert_eq!(address_gap(other, one), gap, "{other} / {one}");
        }
    }
}
