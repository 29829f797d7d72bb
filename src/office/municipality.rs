//! The municipality (市区町村) that an address without its prefecture begins with, against the place that is
//! assumed for it.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

use super::bureau::without_code;
use super::postal::{PostalPlace, known_places, postal_places, postal_prefectures};

/// A municipality by name, and the prefectures that have one of that name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Municipality {
    /// As it is written.
    pub name: String,
    /// Where it is.
    pub prefectures: Vec<&'static str>,
}

impl Municipality {
    /// The municipality that an address begins with, where none of that name is among those a postal code is
    /// for, nor a town there: the two contradict each other. None where that is not certain.
    ///
    /// ```
    /// use onshi::office::Municipality;
    /// let found = Municipality::beside_code("950-0909", "長野市南長野1-1").unwrap();
    /// assert_eq!((found.name.as_str(), found.prefectures), ("長野市", vec!["長野県"]));
    /// assert_eq!(Municipality::beside_code("380-0837", "長野市南長野1-1"), None);
    /// ```
    pub fn beside_code(code: &str, address: &str) -> Option<Municipality> {
        let places = postal_places(code);
        if places.is_empty() {
            // A code that is not in the list counts to its neighbours' prefecture.
            let prefectures = postal_prefectures(code);
            if prefectures.is_empty() {
                return None;
            }
            return Self::outside(address, |place| prefectures.contains(&place.prefecture));
        }
        let written = plain(without_code(address));
        if places.iter().any(|place| begins_with(&written, place)) {
            // Nearly every address: the whole list need not be looked through.
            return None;
        }
        Self::outside(address, |place| {
            let is_same = |known: &PostalPlace| {
                known.prefecture == place.prefecture && root(known.city) == root(place.city)
            };
            places.iter().any(is_same)
        })
    }

    /// The same where the prefecture is given.
    ///
    /// ```
    /// use onshi::office::Municipality;
    /// assert!(Municipality::beside_prefecture("新潟県", "長野市南長野1-1").is_some());
    /// assert_eq!(Municipality::beside_prefecture("長野県", "長野市南長野1-1"), None);
    /// ```
    pub fn beside_prefecture(prefecture: &str, address: &str) -> Option<Municipality> {
        Self::outside(address, |place| place.prefecture == prefecture)
    }

    /// The municipality that an address begins with, where nothing inside an area is called so.
    fn outside(address: &str, is_inside: impl Fn(&PostalPlace) -> bool) -> Option<Municipality> {
        let address = plain(without_code(address));
        let mut found: Option<(String, BTreeSet<&'static str>)> = None;
        for (name, prefecture) in NAMES.iter().filter(|(name, _)| address.starts_with(name)) {
            match &mut found {
                Some((longest, all)) if longest == name => _ = all.insert(prefecture),
                Some((longest, _)) if longest.len() > name.len() => {}
                _ => found = Some((name.clone(), BTreeSet::from([*prefecture]))),
            }
        }
        let (name, prefectures) = found?;
        // A town may have the name of a municipality elsewhere: 森町 in 函館市.
        let is_called = |place: &PostalPlace| {
            let town = plain(place.town);
            begins_with(&address, place) || town.len() >= name.len() && address.starts_with(&town)
        };
        let mut inside = known_places().filter(|place| is_inside(place));
        let prefectures = prefectures.into_iter().collect();
        (!inside.any(is_called)).then_some(Municipality { name, prefectures })
    }
}

/// What each municipality is called, with its prefecture.
static NAMES: LazyLock<BTreeSet<(String, &'static str)>> = LazyLock::new(|| {
    let cities: BTreeSet<_> = known_places().map(|place| (place.city, place.prefecture)).collect();
    let named = |(city, prefecture)| names(city).into_iter().map(move |name| (name, prefecture));
    cities.into_iter().flat_map(named).collect()
});

/// What a municipality is called: with its district (郡) and without; a city with wards by itself, too.
fn names(city: &str) -> Vec<String> {
    let mut names = vec![plain(city), plain(root(city))];
    if city.ends_with(['町', '村'])
        && let Some((district, name)) = city.split_once('郡')
        && !district.is_empty()
        && name.chars().count() > 1
    {
        names.push(plain(name));
    }
    names
}

/// Whether a plain address begins with the municipality of a place, or its ward.
fn begins_with(address: &str, place: &PostalPlace) -> bool {
    names(place.city).iter().any(|name| address.starts_with(name))
        || ward(place.city).is_some_and(|ward| address.starts_with(ward))
}

/// A city without its ward (区).
fn root(city: &str) -> &str {
    ward(city).map_or(city, |ward| &city[..city.len() - ward.len()])
}

/// The ward of a city.
fn ward(city: &str) -> Option<&str> {
    let (_, ward) = city.split_once('市').filter(|_| city.ends_with('区'))?;
    Some(ward)
}

/// A text for comparing, without what people write differently.
fn plain(text: &str) -> String {
    let plain = text.nfkc().filter(|c| !c.is_whitespace());
    plain.map(|c| if c == 'ヶ' { 'ケ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_municipality_of_elsewhere_contradicts_a_postal_code() {
        for (code, address, found) in [
            ("950-0909", "長野市南長野1-1", Some(("長野市", "長野県"))),
            ("950-0909", "〒950-0909 長野市南長野1-1", Some(("長野市", "長野県"))),
            ("950-0909", "新潟市中央区八千代1-1", None),
            ("950-0909", "中央区八千代1-1", None),
            // Another ward of the city.
            ("950-0909", "新潟市北区葛塚1-1", None),
            ("950-0909", "八千代1-1", None),
            ("950-0909", "1-1", None),
            ("950-0909", "", None),
            // Nobody's code.
            ("000-0000", "長野市南長野1-1", None),
            // No such code: its prefecture is assumed all the same.
            ("950-0000", "長野市南長野1-1", Some(("長野市", "長野県"))),
            // 中野区中野 is not 中野市.
            ("164-0001", "中野市三好町1-1", Some(("中野市", "長野県"))),
            ("164-0001", "中野1-1", None),
            // Two prefectures have one.
            ("183-0055", "府中市府中町1-1", None),
            ("301-0837", "龍ヶ崎市根町1-1", None),
            ("811-2304", "粕屋町仲原1-1", None),
            ("811-2304", "糟屋郡粕屋町仲原1-1", None),
            ("810-0001", "糟屋郡粕屋町仲原1-1", Some(("糟屋郡粕屋町", "福岡県"))),
        ] {
            let misplaced = Municipality::beside_code(code, address);
            let misplaced = misplaced.map(|m| (m.name, m.prefectures.join("・")));
            let expected = found.map(|(name, place)| (name.to_owned(), place.to_owned()));
            assert_eq!(misplaced, expected, "{code} {address}");
        }
    }

    #[test]
    fn the_place_of_every_code_is_no_contradiction() {
        let all: Vec<_> = known_places().collect();
        for place in all.iter().step_by(1999) {
            for name in names(place.city) {
                let address = format!("{name}{}1-1", place.town);
                assert_eq!(Municipality::beside_prefecture(place.prefecture, &address), None);
            }
            let address = format!("{}1-1", place.town);
            let misplaced = Municipality::beside_prefecture(place.prefecture, &address);
            assert_eq!(misplaced, None, "{place}");
        }
    }
}
