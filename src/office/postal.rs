//! Postal codes: where each is, by Japan Post's list (`postal/README.md`).

use std::io::Read as _;
use std::sync::LazyLock;

use flate2::read::DeflateDecoder;

/// The month of the list.
pub const POSTAL_CODES_OF: &str = "2026-10";

/// A place that a postal code is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PostalPlace {
    /// Its prefecture, 都道府県.
    pub prefecture: &'static str,
    /// Its city, ward or village, with the district, 郡, it belongs to.
    pub city: &'static str,
    /// Its town; empty where the code is for what the list does not name.
    pub town: &'static str,
}

impl std::fmt::Display for PostalPlace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{}{}", self.prefecture, self.city, self.town)
    }
}

/// The places of a postal code of seven digits, with or without its hyphen; none for one that is not
/// in the list.
///
/// ```
/// use onshi::office::postal_places;
/// let places = postal_places("100-0013");
/// assert_eq!(places[0].to_string(), "東京都千代田区霞が関");
/// assert!(postal_places("000-0000").is_empty());
/// ```
pub fn postal_places(code: &str) -> Vec<PostalPlace> {
    let Some(code) = number(code) else { return Vec::new() };
    let towns = &*TOWNS;
    let first = towns.partition_point(|(known, _)| *known < code);
    let same = towns[first..].iter().take_while(|(known, _)| *known == code);
    same.map(|(_, place)| *place).collect()
}

/// The prefectures that a postal code may be in: one, or the two of a code at their border; none for
/// what is not seven digits. A code that is not in the list counts to its neighbours'.
///
/// ```
/// use onshi::office::postal_prefectures;
/// assert_eq!(postal_prefectures("8100001"), ["福岡県"]);
/// assert_eq!(postal_prefectures("618-0000"), ["京都府", "大阪府"]);
/// assert!(postal_prefectures("810").is_empty());
/// ```
pub fn postal_prefectures(code: &str) -> &'static [&'static str] {
    let Some(code) = number(code) else { return &[] };
    let after = RUNS.partition_point(|(first, _)| *first <= code);
    after.checked_sub(1).map_or(&[], |run| &RUNS[run].1)
}

/// Every place of the list, in the order of the codes.
pub(super) fn known_places() -> impl Iterator<Item = &'static PostalPlace> {
    TOWNS.iter().map(|(_, place)| place)
}

/// A code as a number.
fn number(code: &str) -> Option<u32> {
    let digits: String = code.chars().filter(|c| *c != '-').collect();
    let is_code = digits.len() == 7 && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_code.then(|| digits.parse().ok()).flatten()
}

/// Where runs of codes in the same prefectures begin: small, because every record is checked by it.
static RUNS: LazyLock<Vec<(u32, Vec<&'static str>)>> = LazyLock::new(|| {
    let lines = include_str!("postal/prefectures.tsv").lines();
    let run = |line: &'static str| {
        let mut parts = line.split('\t');
        Some((number(parts.next()?)?, parts.collect()))
    };
    lines.filter_map(run).collect()
});

/// Every code and its place, by code.
static TOWNS: LazyLock<Vec<(u32, PostalPlace)>> = LazyLock::new(|| {
    let mut text = String::new();
    let packed: &[u8] = include_bytes!("postal/towns.txt.deflate");
    // Cannot fail: the list is compiled in, and a test reads all of it.
    DeflateDecoder::new(packed).read_to_string(&mut text).expect("the list compiled in unpacks");
    let mut places = Vec::with_capacity(text.len() / 12);
    let (mut prefecture, mut city, mut code) = ("", "", 0);
    for line in String::leak(text).lines() {
        if let Some((new, name)) = line.strip_prefix('@').and_then(|line| line.split_once('\t')) {
            prefecture = if new.is_empty() { prefecture } else { new };
            city = name;
            continue;
        }
        let digits = line.bytes().take_while(u8::is_ascii_digit).count();
        let (step, town) = line.split_at(digits);
        code += step.parse().unwrap_or(1);
        places.push((code, PostalPlace { prefecture, city, town }));
    }
    places
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_whole() {
        assert_eq!(TOWNS.len(), 146_328);
        assert!(TOWNS.is_sorted_by_key(|(code, _)| code));
        let prefectures: std::collections::BTreeSet<_> =
            TOWNS.iter().map(|(_, place)| place.prefecture).collect();
        assert_eq!(prefectures.len(), 47);
        for (code, place) in TOWNS.iter() {
            assert!(*code < 10_000_000 && !place.city.is_empty(), "{code} {place}");
            let odd = |c: char| c.is_ascii() || "、（）".contains(c);
            assert!(!place.town.contains(odd), "{code} {place}");
        }
    }

    #[test]
    fn the_runs_say_what_the_list_says() {
        for (code, place) in TOWNS.iter() {
            let prefectures = postal_prefectures(&format!("{code:07}"));
            assert!(prefectures.contains(&place.prefecture), "{code} {place}");
        }
        let two: Vec<_> = RUNS.iter().filter(|(_, all)| all.len() > 1).map(|(n, _)| *n).collect();
        assert_eq!(two, [4_980_000, 6_180_000, 8_710_000]);
    }

    #[test]
    fn towns_of_every_kind() {
        let shown = |code| postal_places(code).iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(shown("810-0001"), ["福岡県福岡市中央区天神"]);
        // What the list does not name.
        assert_eq!(shown("0600000"), ["北海道札幌市中央区"]);
        // Several towns.
        assert!(shown("0295523").len() > 3);
        // A large office.
        assert_eq!(shown("100-8916"), ["東京都千代田区霞が関"]);
        assert!(shown("123456a").is_empty());
    }
}
