//! The eight 地方厚生(支)局: which one an address belongs to, and by when it wants 別紙1 and the
//! application for designation.

use std::collections::HashSet;
use std::sync::{Arc, LazyLock};

use jiff::civil::Date;
use serde::Deserialize;

use super::deadline::{Deadline, DeadlineRule, Published};
use crate::report::{Diagnostic, Text};
use crate::yaml;

/// A prefecture, 都道府県, and its office of the bureau (事務所・分室).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prefecture {
    /// The two digits of JIS X 0401, `01` to `47`.
    pub code: String,
    /// The full name: 北海道, 東京都, 京都府, 青森県. A file of one's own may leave it out.
    #[serde(default)]
    pub name: String,
    /// Who receives applications, where a source says so.
    #[serde(default)]
    pub office: Option<String>,
    /// When the office closes applications for designation (指定申請).
    #[serde(default)]
    pub application: Option<Published>,
}

/// A 地方厚生局 or 地方厚生支局.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bureau {
    /// The official name.
    pub name: String,
    /// What it has published about 別紙1; none when nothing is known.
    #[serde(default)]
    pub receipt_number: Option<Published>,
    /// The prefectures it is for.
    #[serde(default)]
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
    /// assert_eq!(deadline.cite.as_deref(), Some("東北厚生局のホームページ（2024 現在）"));
    /// ```
    pub fn receipt_number_deadline(&self, designation: Date) -> Deadline {
        let published = self.receipt_number.as_ref();
        Deadline::published(published, DeadlineRule::TWO_MONTHS, &self.name, designation)
    }

    /// By when the application for designation (指定申請) must reach the office of one of its prefectures.
    ///
    /// ```
    /// use onshi::calendar::Date;
    /// use onshi::office::Bureaus;
    /// let (bureau, prefecture) = Bureaus::built_in().of_address("富山県富山市").unwrap();
    /// let deadline = bureau.application_deadline(prefecture, Date::constant(2027, 4, 1));
    /// assert_eq!((deadline.date, deadline.known), (Date::constant(2027, 3, 19), true));
    /// ```
    pub fn application_deadline(&self, prefecture: &Prefecture, designation: Date) -> Deadline {
        let published = prefecture.application.as_ref();
        Deadline::published(
            published,
            DeadlineRule::ONE_MONTH,
            &self.office(prefecture).ja,
            designation,
        )
    }

    /// Who receives applications of a prefecture; the bureau's office there where no source names it.
    pub fn office(&self, prefecture: &Prefecture) -> Text {
        match &prefecture.office {
            Some(office) => Text::new(office, office),
            None => Text::new(
                format!("{}（{}の事務所・分室）", self.name, prefecture.name),
                format!("{} (its office for {})", self.name, prefecture.name),
            ),
        }
    }
}

/// All bureaus, with the prefectures of the country.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bureaus {
    bureaus: Vec<Bureau>,
}

impl Bureaus {
    /// The bureaus of `forms/offices.yaml`, compiled in.
    ///
    /// ```
    /// use onshi::office::Bureaus;
    /// assert_eq!(Bureaus::built_in().all().len(), 8);
    /// ```
    pub fn built_in() -> &'static Bureaus {
        static BUILT_IN: LazyLock<Bureaus> = LazyLock::new(|| {
            serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/offices.json")))
                // The definition is compiled in, and a test reads it.
                .expect("forms/offices.yaml is well-formed")
        });
        &BUILT_IN
    }

    /// The user's own bureaus, else the built-in ones.
    pub(crate) fn chosen(own: &Option<Arc<Bureaus>>) -> &Bureaus {
        own.as_deref().unwrap_or_else(|| Bureaus::built_in())
    }

    /// The built-in bureaus with what a text shaped like `forms/offices.yaml`, which explains its keys,
    /// replaces or adds: a bureau by its name, a prefecture by its code; the rest stays.
    ///
    /// # Errors
    /// What is wrong with the text: its syntax with line and column, a code that is not
    /// `01` to `47`, a month that is not 1 to 12 before, a day that is not 1 to 31, a name or code
    /// that is listed twice, an entry without its source.
    ///
    /// ```
    /// use onshi::calendar::Date;
    /// use onshi::office::Bureaus;
    /// let bureaus = Bureaus::from_yaml("
    /// bureaus:
    ///   - name: 九州厚生局
    ///     prefectures:
    ///       - code: '40'
    ///         application: {deadline: {months_before: 1, day: 10, closed: previous}, source: our office's page, as_of: 2027-01-05}
    /// ").unwrap();
    /// let (bureau, prefecture) = bureaus.of_address("福岡県福岡市").unwrap();
    /// let deadline = bureau.application_deadline(prefecture, Date::constant(2027, 4, 1));
    /// assert_eq!(deadline.date, Date::constant(2027, 3, 10));
    /// assert_eq!(bureaus.all().len(), 8);
    /// ```
    pub fn from_yaml(text: &str) -> Result<Bureaus, Box<Diagnostic>> {
        let own: Bureaus = yaml::parse(text)?;
        let mut all = Bureaus::built_in().clone();
        let fault = |message| Box::new(Diagnostic::error("definition", message));
        own.unique().map_err(fault)?;
        for bureau in own.bureaus {
            all.replace(bureau);
        }
        all.validate().map_err(fault)?;
        Ok(all)
    }

    /// Puts what a bureau of somebody's own file says in place of what is known.
    fn replace(&mut self, own: Bureau) {
        for mut prefecture in own.prefectures {
            let known = self.bureaus.iter_mut().find_map(|bureau| {
                let at = bureau.prefectures.iter().position(|p| p.code == prefecture.code)?;
                Some((bureau.name == own.name, &mut bureau.prefectures, at))
            });
            if let Some((is_here, prefectures, at)) = known {
                let before = &prefectures[at];
                if prefecture.name.is_empty() {
                    prefecture.name.clone_from(&before.name);
                }
                prefecture.office = prefecture.office.or_else(|| before.office.clone());
                prefecture.application =
                    prefecture.application.or_else(|| before.application.clone());
                if is_here {
                    prefectures[at] = prefecture;
                    continue;
                }
                prefectures.remove(at);
            }
            self.named(&own.name).prefectures.push(prefecture);
        }
        let bureau = self.named(&own.name);
        bureau.receipt_number = own.receipt_number.or(bureau.receipt_number.take());
    }

    /// The bureau of a name, added if there is none.
    fn named(&mut self, name: &str) -> &mut Bureau {
        let at = self.bureaus.iter().position(|bureau| bureau.name == name);
        let at = at.unwrap_or_else(|| {
            let name = name.to_owned();
            self.bureaus.push(Bureau { name, receipt_number: None, prefectures: Vec::new() });
            self.bureaus.len() - 1
        });
        &mut self.bureaus[at]
    }

    /// Whether no bureau, prefecture or code is listed twice.
    fn unique(&self) -> Result<(), Text> {
        let mut seen = HashSet::new();
        let mut once = |what: (&'static str, &'static str), text: &str| match seen
            .insert((what, text.to_owned()))
        {
            true => Ok(()),
            false => Err(Text::new(
                format!("{}「{text}」が二度書かれています", what.0),
                format!("the {} {text} is listed twice", what.1),
            )),
        };
        for bureau in &self.bureaus {
            once(("厚生局", "bureau"), &bureau.name)?;
            for Prefecture { code, name, .. } in &bureau.prefectures {
                once(("code", "code"), code)?;
                if !name.is_empty() {
                    once(("都道府県", "prefecture"), name)?;
                }
            }
        }
        Ok(())
    }

    fn validate(&self) -> Result<(), Text> {
        self.unique()?;
        for bureau in &self.bureaus {
            if bureau.name.trim().is_empty() {
                return Err(Text::new("名前のない厚生局があります", "a bureau has no name"));
            }
            if let Some(published) = &bureau.receipt_number {
                published.validate(&bureau.name)?;
            }
            for Prefecture { code, name, application, .. } in &bureau.prefectures {
                if !(1..=47).any(|number| *code == format!("{number:02}")) {
                    return Err(Text::new(
                        format!("{name}: code {code} は 01 から 47 までではありません"),
                        format!("{name}: the code {code} is not 01 to 47"),
                    ));
                }
                if name.trim().is_empty() {
                    return Err(Text::new(
                        format!("code {code} の都道府県に名前がありません"),
                        format!("the prefecture {code} has no name"),
                    ));
                }
                if let Some(published) = application {
                    published.validate(name)?;
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

    /// The full name of the prefecture with these two digits.
    ///
    /// ```
    /// use onshi::office::Bureaus;
    /// assert_eq!(Bureaus::built_in().prefecture_name("18"), Some("福井県"));
    /// ```
    pub fn prefecture_name(&self, code: &str) -> Option<&str> {
        let (_, prefecture) = self.prefectures().find(|(_, p)| p.code == code)?;
        Some(&prefecture.name)
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
        let address = without_code(address);
        let (_, prefecture) = self.prefectures().find(|(_, p)| address.starts_with(&p.name))?;
        Some(prefecture)
    }

    /// The bureau and the prefecture of an address that begins with a prefecture.
    ///
    /// ```
    /// use onshi::office::Bureaus;
    /// let (bureau, prefecture) = Bureaus::built_in().of_address("香川県高松市").unwrap();
    /// assert_eq!((bureau.name.as_str(), prefecture.code.as_str()), ("四国厚生支局", "37"));
    /// ```
    pub fn of_address(&self, address: &str) -> Option<(&Bureau, &Prefecture)> {
        let prefecture = self.prefecture_of_address(address)?;
        Some((self.by_prefecture(&prefecture.code)?, prefecture))
    }

    fn prefectures(&self) -> impl Iterator<Item = (&Bureau, &Prefecture)> {
        self.bureaus.iter().flat_map(|bureau| {
            bureau.prefectures.iter().map(move |prefecture| (bureau, prefecture))
        })
    }
}

/// An address without the postal code before it.
pub(super) fn without_code(address: &str) -> &str {
    address.trim_start_matches(|c: char| {
        c.is_whitespace() || matches!(c, '〒' | '0'..='9' | '０'..='９') || is_hyphen(c)
    })
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
                format!(
                    "期限は不明。指定の2か月前が目安。{bureau}のホームページで確かめてください"
                )
            );
        }
        assert_eq!(
            deadline("近畿厚生局", date(2024, 4, 1)).rule.en,
            "not known: about 2 months before the designation; the page of 近畿厚生局 decides"
        );
    }

    #[test]
    fn every_prefecture_has_its_code_and_one_bureau() {
        Bureaus::built_in().validate().unwrap();
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
    fn the_closing_days_of_applications_are_those_of_the_offices() {
        let of = |address: &str| {
            let (bureau, prefecture) = Bureaus::built_in().of_address(address).unwrap();
            bureau.application_deadline(prefecture, date(2027, 4, 1))
        };
        for (address, expected) in [
            ("富山県富山市", date(2027, 3, 19)),
            ("岐阜県岐阜市", date(2027, 3, 19)),
            ("石川県金沢市", date(2027, 3, 15)),
            ("静岡県静岡市", date(2027, 3, 15)),
            ("三重県津市", date(2027, 3, 15)),
            // The 20th is a Saturday, then 春分の日 and its 振替休日.
            ("北海道札幌市", date(2027, 3, 23)),
        ] {
            let deadline = of(address);
            assert_eq!((deadline.date, deadline.known), (expected, true), "{address}");
            assert!(deadline.cite.is_some());
        }
        let aichi = of("愛知県名古屋市");
        assert_eq!((aichi.date, aichi.known), (date(2027, 3, 1), false));
        assert_eq!(aichi.note.unwrap().ja, "年ごとの表による");
        let tokyo = of("東京都千代田区");
        assert_eq!((tokyo.date, tokyo.known, tokyo.cite), (date(2027, 3, 1), false, None));
    }

    #[test]
    fn a_file_of_ones_own_replaces_what_it_names() {
        let own = Bureaus::from_yaml(
            "bureaus:
  - name: 近畿厚生局
    receipt_number: {deadline: {months_before: 2, day: 10, closed: next}, source: s, as_of: '2027'}
  - name: 四国厚生支局
    prefectures: [{code: '37', office: 四国厚生支局 指導監査課}]
  - name: 沖縄厚生局
    prefectures: [{code: '47'}]",
        )
        .unwrap();
        let built_in = Bureaus::built_in();
        let kinki = own.by_name("近畿厚生局").unwrap();
        assert_eq!(kinki.receipt_number_deadline(date(2027, 4, 1)).date, date(2027, 2, 10));
        assert_eq!(kinki.prefectures, built_in.by_name("近畿厚生局").unwrap().prefectures);
        let (shikoku, kagawa) = own.of_address("香川県高松市").unwrap();
        assert_eq!(shikoku.office(kagawa).ja, "四国厚生支局 指導監査課");
        assert_eq!(
            shikoku.receipt_number,
            built_in.by_name("四国厚生支局").unwrap().receipt_number
        );
        assert_eq!(own.by_prefecture("沖縄県").unwrap().name, "沖縄厚生局");
        assert_eq!(own.prefectures().count(), 47);
        assert_eq!(own.by_name("九州厚生局").unwrap().prefectures.len(), 7);
    }

    #[test]
    fn what_a_file_of_ones_own_may_not_say() {
        let fault = |bureaus: &str| {
            let read = Bureaus::from_yaml(&format!("bureaus: {bureaus}"));
            read.unwrap_err().message.en
        };
        assert_eq!(fault("[{name: a}, {name: a}]"), "the bureau a is listed twice");
        assert_eq!(
            fault("[{name: a, prefectures: [{code: '01'}, {code: '01'}]}]"),
            "the code 01 is listed twice"
        );
        assert_eq!(
            fault("[{name: a, prefectures: [{code: '48', name: b}]}]"),
            "b: the code 48 is not 01 to 47"
        );
        assert_eq!(
            fault("[{name: a, prefectures: [{code: '1', name: b}]}]"),
            "b: the code 1 is not 01 to 47"
        );
        let deadline = |deadline: &str| {
            fault(&format!(
                "[{{name: a, receipt_number: {{deadline: {deadline}, source: s, as_of: '2027'}}}}]"
            ))
        };
        assert_eq!(
            deadline("{months_before: 2, day: 32, closed: next}"),
            "a: there is no day 32: it is 1 to 31"
        );
        assert_eq!(
            deadline("{months_before: 0, closed: next}"),
            "a: 0 months before is not 1 to 12"
        );
        assert!(deadline("{months_before: 2, closed: later}").contains("later"));
        assert_eq!(fault("[{name: ''}]"), "a bureau has no name");
        assert!(fault("[{name: a, prefecture: []}]").contains("prefecture"));
        assert!(fault("[{name: a, receipt_number: {}}]").contains("source"));
        assert_eq!(
            fault("[{name: a, receipt_number: {source: '', as_of: '2027'}}]"),
            "a: source and as_of say where and when it was published"
        );
    }
}
