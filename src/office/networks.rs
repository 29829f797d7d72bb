//! Which network service is of which type, and which cannot be used: a look-up over `forms/networks.yaml`.

use std::cell::RefCell;
use std::fmt;
use std::sync::LazyLock;

use serde::Deserialize;
use unicode_normalization::UnicodeNormalization;

/// The type of a network, 別紙2 ⑨.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
pub enum NetworkType {
    /// A closed network over an optical line.
    #[serde(rename = "IP-VPN")]
    IpVpn,
    /// An encrypted connection over the internet.
    #[serde(rename = "IPsec+IKE")]
    IpsecIke,
}

impl NetworkType {
    /// The name as the form prints it.
    ///
    /// ```
    /// use onshi::office::networks::NetworkType;
    /// assert_eq!(NetworkType::IpsecIke.as_str(), "IPsec+IKE");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            NetworkType::IpVpn => "IP-VPN",
            NetworkType::IpsecIke => "IPsec+IKE",
        }
    }
}

impl fmt::Display for NetworkType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The type of the service or provider a text names; none when it names none of the table, or some of both types.
///
/// A provider counts only when the text names nothing else: it may sell services the table does not list.
///
/// ```
/// use onshi::office::networks::{NetworkType, network_type_of};
/// assert_eq!(network_type_of("ＮＴＴ東日本 フレッツ 光ネクスト"), Some(NetworkType::IpVpn));
/// assert_eq!(network_type_of("富士通株式会社"), Some(NetworkType::IpsecIke));
/// assert_eq!(network_type_of("霞が関ケーブルテレビ"), None);
/// ```
pub fn network_type_of(provider: &str) -> Option<NetworkType> {
    known(provider, |known| known.network_type)
}

/// Whether a text names an IP-VPN line of NTT, or a provider's own name on one (光コラボ): what the portal
/// asks of an IP-VPN line, since it wants the お客さまID of these alone (KB0010416). None when the text
/// names no IP-VPN service of the table, or services of both sorts.
///
/// ```
/// use onshi::office::networks::is_ntt_line;
/// assert_eq!(is_ntt_line("NTT西日本 フレッツ 光クロス"), Some(true));
/// assert_eq!(is_ntt_line("ドコモ光"), Some(true));
/// assert_eq!(is_ntt_line("QTnet BBIQ"), Some(false));
/// assert_eq!(is_ntt_line("IP-Members"), None);
/// ```
pub fn is_ntt_line(provider: &str) -> Option<bool> {
    known(provider, |known| known.is_ntt_line)
}

/// Whether a text names a line that オンライン資格確認 does not support: ISDN, ADSL.
///
/// ```
/// use onshi::office::networks::is_unsupported;
/// assert!(is_unsupported("ＮＴＴ東日本 フレッツＡＤＳＬ"));
/// assert!(!is_unsupported("ＮＴＴ東日本 フレッツ 光ネクスト"));
/// ```
pub fn is_unsupported(provider: &str) -> bool {
    known(provider, |known| known.is_unsupported)
}

/// Whether a text names a service that has ended: Ｂフレッツ, on 2021-01-31.
///
/// ```
/// use onshi::office::networks::is_ended;
/// assert!(is_ended("NTT西日本 Bフレッツ"));
/// ```
pub fn is_ended(provider: &str) -> bool {
    known(provider, |known| known.is_ended)
}

/// Where the table is from; rows from elsewhere are named after it.
///
/// ```
/// assert!(onshi::office::networks::source().contains("準備作業の手引き"));
/// assert!(onshi::office::networks::source().contains("KB0010416"));
/// ```
pub fn source() -> &'static str {
    &networks().source
}

/// The shape of `forms/networks.yaml`, whose head explains the keys.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Data {
    source: String,
    table: Vec<Row>,
    unsupported: Vec<String>,
    ended: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    #[serde(rename = "type")]
    network_type: NetworkType,
    /// Whether the line is NTT's, as a 光コラボ is too.
    #[serde(default)]
    ntt: bool,
    /// Where the row is from, if it is not the table's own source.
    #[serde(default)]
    source: Option<String>,
    #[serde(default)]
    providers: Vec<String>,
    #[serde(default)]
    services: Vec<String>,
    #[serde(default)]
    generic: Vec<String>,
}

/// What the table says of a name.
#[derive(Clone, Copy)]
struct Service {
    network_type: NetworkType,
    ntt: bool,
}

/// The same, ready to be looked up in.
struct Networks {
    source: String,
    /// Names that must be the whole text.
    providers: Vec<(Folded, Service)>,
    /// Names that must all be in the text.
    services: Vec<(Vec<Folded>, Service)>,
    unsupported: Vec<Folded>,
    ended: Vec<Folded>,
}

fn networks() -> &'static Networks {
    static NETWORKS: LazyLock<Networks> = LazyLock::new(|| {
        let json = include_str!(concat!(env!("OUT_DIR"), "/networks.json"));
        let data = serde_json::from_str(json)
            // The definition is compiled in, and a test reads it.
            .expect("forms/networks.yaml is well-formed");
        Networks::new(data)
    });
    &NETWORKS
}

/// What the table says of a text.
#[derive(Clone, Copy)]
struct Known {
    network_type: Option<NetworkType>,
    is_ntt_line: Option<bool>,
    is_unsupported: bool,
    is_ended: bool,
}

/// What the table says of this text, kept for the next question: the rules ask several of each record's.
fn known<T>(text: &str, what: impl Fn(&Known) -> T) -> T {
    thread_local! {
        static LAST: RefCell<Option<(String, Known)>> = const { RefCell::new(None) };
    }
    LAST.with_borrow_mut(|last| match last {
        Some((known, said)) if known == text => what(said),
        _ => what(&last.insert((text.to_owned(), networks().known(text))).1),
    })
}

impl Networks {
    fn new(data: Data) -> Networks {
        let fold =
            |names: &[String]| names.iter().map(|name| Folded::new(name)).collect::<Vec<_>>();
        let mut providers = Vec::new();
        let mut services = Vec::new();
        for row in &data.table {
            let said = Service { network_type: row.network_type, ntt: row.ntt };
            for service in &row.services {
                services.push((vec![Folded::new(service)], said));
            }
            for provider in &row.providers {
                providers.push((Folded::new(provider), said));
                for service in &row.services {
                    // Both without a space between them: QTnetBBIQ.
                    services.push((vec![Folded::new(&format!("{provider}{service}"))], said));
                }
                for service in &row.generic {
                    services.push((vec![Folded::new(provider), Folded::new(service)], said));
                }
            }
        }
        let rows = data.table.into_iter().filter_map(|row| row.source);
        let source: Vec<String> = std::iter::once(data.source).chain(rows).collect();
        Networks {
            providers,
            services,
            unsupported: fold(&data.unsupported),
            ended: fold(&data.ended),
            source: source.join("。"),
        }
    }

    fn known(&self, text: &str) -> Known {
        let text = Folded::new(text);
        let alone = self.providers.iter().filter(|(name, _)| name.letters == text.letters);
        let inside =
            self.services.iter().filter(|(names, _)| names.iter().all(|name| text.holds(name)));
        let services: Vec<&Service> =
            alone.map(|(_, service)| service).chain(inside.map(|(_, service)| service)).collect();
        let is_ntt = agreed(&services, |service| {
            (service.network_type == NetworkType::IpVpn).then_some(service.ntt)
        });
        Known {
            network_type: agreed(&services, |service| service.network_type),
            is_ntt_line: is_ntt.flatten(),
            is_unsupported: self.unsupported.iter().any(|name| text.holds(name)),
            is_ended: self.ended.iter().any(|name| text.holds(name)),
        }
    }
}

/// What is said of every service, when the same is said of all.
fn agreed<T: PartialEq>(services: &[&Service], what: impl Fn(&Service) -> T) -> Option<T> {
    let mut said = services.iter().map(|service| what(service));
    let first = said.next()?;
    said.all(|other| other == first).then_some(first)
}

/// A name reduced to what tells it from another: for comparing only, never for printing.
struct Folded {
    /// The letters, in lower case and of one width; no spaces, hyphens, brackets, middle dots or company forms.
    letters: Vec<char>,
    /// For each letter, whether something was left out before it.
    after_gap: Vec<bool>,
}

impl Folded {
    fn new(text: &str) -> Folded {
        let mut text: String = text.nfkc().flat_map(char::to_lowercase).collect();
        for form in ["株式会社", "有限会社", "合同会社", "(株)", "(有)", "(同)"] {
            text = text.replace(form, " ");
        }
        let mut folded = Folded { letters: Vec::new(), after_gap: Vec::new() };
        let mut gap = false;
        for c in text.chars() {
            // A long-vowel sign after a Latin letter is a hyphen that an input method turned into one.
            let hyphen =
                c == 'ー' && folded.letters.last().is_some_and(char::is_ascii_alphanumeric);
            if hyphen || is_ignored(c) {
                gap = true;
            } else {
                folded.letters.push(c);
                folded.after_gap.push(gap);
                gap = false;
            }
        }
        folded
    }

    /// Whether a name is in this text, and not merely inside a longer Latin word.
    fn holds(&self, name: &Folded) -> bool {
        let length = name.letters.len();
        if length == 0 {
            return false;
        }
        let windows = self.letters.windows(length).enumerate();
        windows
            .filter(|(_, window)| *window == name.letters)
            .any(|(start, _)| self.parted(start) && self.parted(start + length))
    }

    /// Whether a word may begin or end before the letter at an index.
    fn parted(&self, index: usize) -> bool {
        let latin = |index: usize| self.letters.get(index).is_some_and(char::is_ascii_alphabetic);
        let in_word = index > 0 && latin(index - 1) && latin(index);
        !in_word || self.after_gap[index]
    }
}

/// The characters that tell no name from another, after compatibility folding.
fn is_ignored(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '-' | '\u{2010}'
                ..='\u{2015}'
                    | '\u{2212}'
                    | '・'
                    | '('
                    | ')'
                    | '<'
                    | '>'
                    | '['
                    | ']'
                    | '〈'
                    | '〉'
                    | '《'
                    | '》'
                    | '「'
                    | '」'
                    | '『'
                    | '』'
                    | '【'
                    | '】'
        )
}

#[cfg(test)]
mod tests {
    use NetworkType::{IpVpn, IpsecIke};

    use super::*;

    #[test]
    fn every_line_of_the_table_is_found() {
        for (text, expected) in [
            ("ＮＴＴ東日本・西日本 フレッツ 光ネクスト", IpVpn),
            ("ＮＴＴ東日本・西日本 フレッツ 光クロス", IpVpn),
            ("ＮＴＴ東日本・西日本 Ｂフレッツ", IpVpn),
            ("ＮＴＴ東日本・西日本 フレッツ 光ライト", IpVpn),
            ("ＮＴＴ東日本・西日本 フレッツ 光ライトプラス", IpVpn),
            ("中部テレコミュニケーション株式会社（C T C） ビジネスコミュファ光", IpVpn),
            ("株式会社ＱＴnｅｔ ＢＢＩＱ", IpVpn),
            ("株式会社ＮＴＴＰＣコミュニケーションズ ＩＰ－Ｍｅｍｂｅｒｓ", IpsecIke),
            ("株式会社ＮＴＴデータ レセプトオンライン接続サービス", IpsecIke),
            ("株式会社ＮＴＴデータ オンライン資格確認接続サービス", IpsecIke),
            ("富士通株式会社 ＦＥＮＩＣＳメディカルグループネットサービス", IpsecIke),
            (
                "富士通株式会社 FENICSⅡユニバーサルコネクトアドバンス メディカルVPN接続サービス（仮称）",
                IpsecIke,
            ),
            (
                "三菱電機インフォメーションネットワーク株式会社 セキュアネットワークサービス＜レセプト＞",
                IpsecIke,
            ),
            (
                "三菱電機インフォメーションネットワーク株式会社 セキュアネットワークサービス＜オンライン資格確認＞（仮称）",
                IpsecIke,
            ),
        ] {
            assert_eq!(network_type_of(text), Some(expected), "{text}");
            assert!(!is_unsupported(text), "{text}");
            assert_eq!(is_ended(text), text.contains("Ｂフレッツ"), "{text}");
        }
    }

    #[test]
    fn names_are_found_however_they_are_written() {
        for (text, expected) in [
            ("NTT東日本 フレッツ光ネクスト", IpVpn),
            ("ＮＴＴ東日本 フレッツ 光ネクスト", IpVpn),
            ("フレッツ・光ネクスト ファミリー・ハイスピードタイプ", IpVpn),
            ("ﾌﾚｯﾂ 光ﾈｸｽﾄ", IpVpn),
            ("NTT西日本", IpVpn),
            ("BBIQ", IpVpn),
            ("bbiq", IpVpn),
            ("ＱＴｎｅｔＢＢＩＱ", IpVpn),
            ("(株)QTnet", IpVpn),
            ("㈱ＱＴｎｅｔ", IpVpn),
            ("中部テレコミュニケーション株式会社（ＣＴＣ）", IpVpn),
            ("NTTデータ オンライン資格確認接続サービス", IpsecIke),
            ("オンライン資格確認接続サービス（NTTデータ）", IpsecIke),
            ("ＮＴＴデータ", IpsecIke),
            ("NTTPC IPMembers", IpsecIke),
            ("IP-Members", IpsecIke),
            ("富士通 メディカルVPN接続サービス", IpsecIke),
            ("FENICSIIユニバーサルコネクトアドバンス", IpsecIke),
        ] {
            assert_eq!(network_type_of(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_the_table_does_not_decide() {
        for text in [
            "",
            "株式会社",
            "霞が関ケーブルテレビ",
            "NTT",
            "NTTデータ先端技術",
            "NTT東日本 フレッツ・ADSL",
            "NTT東日本 ひかり電話",
            "富士通Japan",
            "富士通 光回線",
            "フレッツ光",
            "auひかり",
            "SBBIQ",
            "BBIQX",
            "オンライン資格確認接続サービス",
            "霞が関システム オンライン資格確認接続サービス",
            "NTT東日本 フレッツ光ネクスト / NTTPC IP-Members",
            "BBIQ、NTTデータ レセプトオンライン接続サービス",
        ] {
            assert_eq!(network_type_of(text), None, "{text}");
        }
    }

    #[test]
    fn unsupported_lines() {
        for text in [
            "ISDN",
            "ＩＳＤＮ",
            "isdn",
            "INSネット64（ISDN）",
            "NTT東日本 フレッツＡＤＳＬ",
            "フレッツ・Adsl 47M",
            "ADSL8M",
            "ＡＤＳＬサービス",
        ] {
            assert!(is_unsupported(text), "{text}");
        }
        for text in ["", "VDSL", "Bad SL", "IS DNA", "フレッツ光ネクスト", "AXDSL"] {
            assert!(!is_unsupported(text), "{text}");
        }
    }

    #[test]
    fn ended_services() {
        for text in [
            "Bフレッツ",
            "Ｂフレッツ",
            "ｂフレッツ",
            "NTT東日本Ｂフレッツ",
            "Ｂ フレッツ",
            "Ｂﾌﾚｯﾂ",
        ] {
            assert!(is_ended(text), "{text}");
        }
        for text in ["", "フレッツ光ネクスト", "WEBフレッツ", "フレッツ"] {
            assert!(!is_ended(text), "{text}");
        }
    }

    #[test]
    fn a_provider_on_an_ntt_line_is_ip_vpn() {
        for text in [
            "ドコモ光",
            "ＮＴＴドコモ　ドコモ光 タイプA",
            "ソフトバンク光",
            "SoftBank光",
            "ビッグローブ光",
            "So-net 光 プラス",
            "Ｓｏ－ｎｅｔ光",
            "OCN光",
            "OCN 光",
            "光コラボ（楽天ひかり）",
        ] {
            assert_eq!(network_type_of(text), Some(IpVpn), "{text}");
        }
        // Lines of their own, and providers that sell other lines too.
        for text in ["auひかり", "NURO光", "ドコモ", "ソフトバンク", "OCN"] {
            assert_eq!(network_type_of(text), None, "{text}");
        }
    }
}
