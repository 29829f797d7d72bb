//! The eight 地方厚生(支)局: which one an address belongs to, and by when it wants 別紙1.

use std::collections::HashSet;
use std::sync::{Arc, LazyLock};

use jiff::civil::Date;
use serde::Deserialize;

use super::deadline::{Deadline, DeadlineRule};
use crate::report::Text;

/// A prefecture, 都道府県.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prefecture {
    /// The two digits of JIS X 0401, `01` to `47`.
    pub code: String,
    /// The full name: 北海道, 東京都, 京都府, 青森県.
    pub name: String,
}

/// A 地方厚生局 or 地方厚生支局.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bureau {
    /// The official name.
    pub name: String,
    /// How it counts its deadline for 別紙1; none when that is not known.
    #[serde(default)]
    pub deadline: Option<DeadlineRule>,
    /// The prefectures it is for.
    pub prefectures: Vec<Prefecture>,
}

impl Bureau {
    /// By when this bureau wants 別紙1 for a designation.
    ///
    /// ```
    /// use onshi::calendar::Date;
    /// use onshi::office::Bureaus;
    /// let bureau = Bureaus::built_in().by_name("東北厚生局").unwrap();
    /// let deadline = bureau.receipt_number_deadline(Date::constant(2024, 7, 1));
    /// assert_eq!(deadline.date, Date::constant(2024, 5, 7));
    /// assert!(deadline.known);
    /// assert_eq!(deadline.rule.ja, "指定の2か月前の月の5日（閉庁日なら翌開庁日）");
    /// ```
    pub fn receipt_number_deadline(&self, designation: Date) -> Deadline {
        let rule = self.deadline.unwrap_or(DeadlineRule::GUIDE);
        let text = rule.text();
        let name = &self.name;
        Deadline {
            date: rule.date(designation),
            known: self.deadline.is_some(),
            rule: match self.deadline {
                Some(_) => text,
                None => Text::new(
                    format!("{}が目安。期限は{name}のホームページで確かめてください", text.ja),
                    format!("about {}; the page of {name} decides", text.en),
                ),
            },
        }
    }
}

/// All bureaus, with the prefectures of the country.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bureaus {
    /// The year the data was published in.
    pub as_of: i16,
    /// Where the data is from.
    pub source: String,
    bureaus: Vec<Bureau>,
}

impl Bureaus {
    /// The bureaus of `forms/bureaus.yaml`, compiled in.
    ///
    /// ```
    /// use onshi::office::Bureaus;
    /// assert_eq!(Bureaus::built_in().all().len(), 8);
    /// ```
    pub fn built_in() -> &'static Bureaus {
        static BUILT_IN: LazyLock<Bureaus> = LazyLock::new(|| {
            serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/bureaus.json")))
                // The definition is compiled in, and a test reads it.
                .expect("forms/bureaus.yaml is well-formed")
        });
        &BUILT_IN
    }

    /// The user's own bureaus, else the built-in ones.
    pub(crate) fn chosen(own: &Option<Arc<Bureaus>>) -> &Bureaus {
        own.as_deref().unwrap_or_else(|| Bureaus::built_in())
    }

    /// Bureaus from a text shaped like `forms/bureaus.yaml`, which explains its keys.
    ///
    /// # Errors
    /// What is wrong with the text, in English: its syntax with line and column, a code that is not
    /// `01` to `47`, a month that is not
    /// 1 to 12 before, a day that is not 1 to 31, a name or code that stands twice.
    ///
    /// ```
    /// use onshi::office::Bureaus;
    /// let bureaus = Bureaus::from_yaml("
    /// as_of: 2027
    /// source: our bureau's page
    /// bureaus:
    ///   - name: 北海道厚生局
    ///     deadline: {months_before: 2, day: 1, closed: next}
    ///     prefectures: [{code: '01', name: 北海道}]
    /// ").unwrap();
    /// assert!(bureaus.by_prefecture("北海道").is_some());
    /// ```
    pub fn from_yaml(text: &str) -> Result<Bureaus, String> {
        let bureaus: Bureaus = serde_saphyr::from_str(text).map_err(|error| error.to_string())?;
        bureaus.validate()?;
        Ok(bureaus)
    }

    fn validate(&self) -> Result<(), String> {
        if self.bureaus.is_empty() {
            return Err("there is no bureau".to_string());
        }
        let mut seen = HashSet::new();
        let mut once = |what: &'static str, text: &str| match seen.insert((what, text.to_string()))
        {
            true if !text.trim().is_empty() => Ok(()),
            true => Err(format!("a {what} is empty")),
            false => Err(format!("the {what} {text} is listed twice")),
        };
        for bureau in &self.bureaus {
            once("bureau", &bureau.name)?;
            let months = bureau.deadline.map(|rule| rule.months_before);
            if let Some(months) = months.filter(|months| !(1..=12).contains(months)) {
                let name = &bureau.name;
                return Err(format!("{name}: {months} months before is not 1 to 12"));
            }
            let day = bureau.deadline.and_then(|rule| rule.day);
            if let Some(day) = day.filter(|day| !(1..=31).contains(day)) {
                return Err(format!("{}: there is no day {day}: it is 1 to 31", bureau.name));
            }
            for Prefecture { code, name } in &bureau.prefectures {
                once("prefecture", name)?;
                once("code", code)?;
                if !(1..=47).any(|number| *code == format!("{number:02}")) {
                    return Err(format!("{name}: the code {code} is not 01 to 47"));
                }
            }
        }
        Ok(())
    }

    /// All bureaus, from north to south.
    pub fn all(&self) -> &[Bureau] {
        &self.bureaus
    }

    /// The bureau of an official name; spaces around it do not matter.
    ///
    /// ```
    /// use onshi::office::Bureaus;
    /// assert!(Bureaus::built_in().by_name("四国厚生支局").is_some());
    /// assert!(Bureaus::built_in().by_name("四国厚生局").is_none());
    /// ```
    pub fn by_name(&self, name: &str) -> Option<&Bureau> {
        self.bureaus.iter().find(|bureau| bureau.name == name.trim())
    }

    /// The bureau for a prefecture, by its full name or its two-digit code.
    ///
    /// ```
    /// use onshi::office::Bureaus;
    /// let bureau = Bureaus::built_in().by_prefecture("東京都").unwrap();
    /// assert_eq!(bureau.name, "関東信越厚生局");
    /// assert_eq!(Bureaus::built_in().by_prefecture("13"), Some(bureau));
    /// ```
    pub fn by_prefecture(&self, name_or_code: &str) -> Option<&Bureau> {
        let wanted = name_or_code.trim();
        let (bureau, _) = self.prefectures().find(|(_, p)| p.name == wanted || p.code == wanted)?;
        Some(bureau)
    }

    /// The two digits of the prefecture with this full name.
    ///
    /// ```
    /// use onshi::office::Bureaus;
    /// assert_eq!(Bureaus::built_in().prefecture_code("福井県"), Some("18"));
    /// ```
    pub fn prefecture_code(&self, name: &str) -> Option<&str> {
        let (_, prefecture) = self.prefectures().find(|(_, p)| p.name == name)?;
        Some(&prefecture.code)
    }

    /// The prefecture whose full name an address begins with, after a postal code and spaces if there are any.
    ///
    /// ```
    /// use onshi::office::Bureaus;
    /// let bureaus = Bureaus::built_in();
    /// let prefecture = bureaus.prefecture_of_address("〒123-4567 東京都千代田区霞が関1-2-2").unwrap();
    /// assert_eq!(prefecture.code, "13");
    /// assert!(bureaus.prefecture_of_address("千代田区霞が関1-2-2").is_none());
    /// ```
    pub fn prefecture_of_address(&self, address: &str) -> Option<&Prefecture> {
        let address = address.trim_start_matches(|c: char| {
            c.is_whitespace() || matches!(c, '〒' | '0'..='9' | '０'..='９') || is_hyphen(c)
        });
        let (_, prefecture) = self.prefectures().find(|(_, p)| address.starts_with(&p.name))?;
        Some(prefecture)
    }

    fn prefectures(&self) -> impl Iterator<Item = (&Bureau, &Prefecture)> {
        self.bureaus.iter().flat_map(|bureau| {
            bureau.prefectures.iter().map(move |prefecture| (bureau, prefecture))
        })
    }
}

/// The signs people write between the halves of a postal code.
fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '－' | '‐' | '―' | '−' | 'ー' | 'ｰ')
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn deadline(bureau: &str, designation: Date) -> Deadline {
        let bureau = Bureaus::built_in().by_name(bureau).unwrap();
        bureau.receipt_number_deadline(designation)
    }

    #[test]
    fn deadlines_of_the_vectors() {
        let designations = [date(2024, 4, 1), date(2024, 7, 1), date(2026, 3, 1), date(2027, 1, 1)];
        for (bureau, expected) in [
            (
                "東海北陸厚生局",
                [date(2024, 2, 1), date(2024, 5, 1), date(2025, 12, 26), date(2026, 10, 30)],
            ),
            (
                "四国厚生支局",
                [date(2024, 2, 1), date(2024, 5, 1), date(2026, 1, 5), date(2026, 11, 2)],
            ),
            (
                "東北厚生局",
                [date(2024, 2, 5), date(2024, 5, 7), date(2026, 1, 5), date(2026, 11, 5)],
            ),
            (
                "中国四国厚生局",
                [date(2024, 2, 1), date(2024, 5, 1), date(2026, 1, 1), date(2026, 11, 1)],
            ),
        ] {
            for (designation, expected) in designations.into_iter().zip(expected) {
                let deadline = deadline(bureau, designation);
                assert_eq!((deadline.date, deadline.known), (expected, true), "{bureau}");
            }
        }
    }

    #[test]
    fn where_no_rule_is_known_two_months_before_is_a_guide() {
        for bureau in ["北海道厚生局", "関東信越厚生局", "近畿厚生局", "九州厚生局"]
        {
            let deadline = deadline(bureau, date(2024, 4, 30));
            assert_eq!((deadline.date, deadline.known), (date(2024, 2, 29), false));
            assert_eq!(
                deadline.rule.ja,
                format!("指定の2か月前が目安。期限は{bureau}のホームページで確かめてください")
            );
        }
        assert_eq!(
            deadline("近畿厚生局", date(2024, 4, 1)).rule.en,
            "about 2 months before the designation; the page of 近畿厚生局 decides"
        );
    }

    #[test]
    fn every_prefecture_has_its_code_and_one_bureau() {
        let bureaus = Bureaus::built_in();
        let mut codes: Vec<&str> = bureaus.prefectures().map(|(_, p)| p.code.as_str()).collect();
        codes.sort_unstable();
        let all: Vec<String> = (1..=47).map(|n| format!("{n:02}")).collect();
        assert_eq!(codes, all);
        for (code, name, bureau) in [
            ("01", "北海道", "北海道厚生局"),
            ("07", "福島県", "東北厚生局"),
            ("15", "新潟県", "関東信越厚生局"),
            ("18", "福井県", "近畿厚生局"),
            ("20", "長野県", "関東信越厚生局"),
            ("22", "静岡県", "東海北陸厚生局"),
            ("26", "京都府", "近畿厚生局"),
            ("27", "大阪府", "近畿厚生局"),
            ("35", "山口県", "中国四国厚生局"),
            ("36", "徳島県", "四国厚生支局"),
            ("47", "沖縄県", "九州厚生局"),
        ] {
            assert_eq!(bureaus.by_prefecture(name).unwrap().name, bureau);
            assert_eq!(bureaus.by_prefecture(code).unwrap().name, bureau);
        }
        assert_eq!(bureaus.by_prefecture("東京"), None);
        assert_eq!(bureaus.by_prefecture("48"), None);
    }

    #[test]
    fn an_address_names_its_prefecture() {
        let name = |address| {
            let prefecture = Bureaus::built_in().prefecture_of_address(address);
            prefecture.map(|prefecture| prefecture.name.as_str())
        };
        assert_eq!(name("東京都府中市宮西町2-24"), Some("東京都"));
        assert_eq!(name("京都府京都市"), Some("京都府"));
        assert_eq!(name("  神奈川県横浜市"), Some("神奈川県"));
        assert_eq!(name("\u{3000}和歌山県"), Some("和歌山県"));
        assert_eq!(name("〒060-0808 北海道札幌市"), Some("北海道"));
        assert_eq!(name("0600808北海道札幌市"), Some("北海道"));
        assert_eq!(name("〒０６０－０８０８　北海道札幌市"), Some("北海道"));
        assert_eq!(name("横浜市中区"), None);
        assert_eq!(name("東京 千代田区"), None);
        assert_eq!(name("医療法人 東京都"), None);
        assert_eq!(name(""), None);
    }

    #[test]
    fn what_a_file_of_ones_own_may_not_say() {
        let fault = |bureaus: &str| {
            Bureaus::from_yaml(&format!("as_of: 2027\nsource: s\nbureaus: {bureaus}")).unwrap_err()
        };
        assert_eq!(fault("[]"), "there is no bureau");
        assert_eq!(
            fault("[{name: a, prefectures: []}, {name: a, prefectures: []}]"),
            "the bureau a is listed twice"
        );
        assert_eq!(
            fault("[{name: a, prefectures: [{code: '48', name: b}]}]"),
            "b: the code 48 is not 01 to 47"
        );
        assert_eq!(
            fault("[{name: a, prefectures: [{code: '1', name: b}]}]"),
            "b: the code 1 is not 01 to 47"
        );
        assert_eq!(
            fault(
                "[{name: a, deadline: {months_before: 2, day: 32, closed: next}, prefectures: []}]"
            ),
            "a: there is no day 32: it is 1 to 31"
        );
        assert_eq!(
            fault("[{name: a, deadline: {months_before: 0, closed: next}, prefectures: []}]"),
            "a: 0 months before is not 1 to 12"
        );
        assert_eq!(fault("[{name: '', prefectures: []}]"), "a bureau is empty");
        assert!(fault("[{name: a, prefecture: []}]").contains("prefecture"));
        assert!(
            fault("[{name: a, deadline: {months_before: 2, closed: later}, prefectures: []}]")
                .contains("later")
        );
    }
}
