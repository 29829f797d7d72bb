//! A list as the bureaus publish theirs: invented facilities in the shapes that real lists have.

/// A generator of numbers that are the same at every call (a linear congruential one).
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        // The upper bits are the better ones; what remains is below `most`.
        ((self.0 >> 33) % most as u64) as usize
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }
}

const TOWNS: [(&str, &str); 6] = [
    ("806-0021", "福岡県北九州市八幡西区黒崎"),
    ("760-0029", "香川県高松市丸亀町"),
    ("910-0006", "福井県福井市中央"),
    ("980-0811", "宮城県仙台市青葉区一番町"),
    ("060-0001", "北海道札幌市中央区北一条西"),
    ("100-0013", "東京都千代田区霞が関"),
];
const FAMILIES: [&str; 8] = ["髙橋", "山﨑", "渡邉", "齋藤", "吉田", "濵田", "小笠原", "桑名"];
const KINDS: [&str; 6] = ["内科", "整形外科", "クリニック", "医院", "眼科", "こどもクリニック"];

/// How many rows stand above the first facility.
pub const HEAD: usize = 4;

/// A CSV file with so many rows below its two titles and its headings in two rows: a row per notice of a
/// facility, sections, notes and a total among them. The first column is empty.
pub fn csv(rows: usize) -> String {
    let mut dice = Dice(2027);
    let mut out = String::from("\u{FEFF},届出受理医療機関名簿,,,,,,\r\n");
    out += ",［令和9年1月1日　現在］,,,,,,\r\n";
    out += ",項番,医療機関・薬局,,,担当者,届出,\r\n";
    out += ",,名称,郵便番号,所在地,電話番号,受理番号,算定開始年月日\r\n";
    let mut facility = [String::new(), String::new(), String::new(), String::new()];
    for number in 1..=rows {
        out += &match number {
            n if n.is_multiple_of(997) => ",,【病院】,,,,,\r\n".to_owned(),
            n if n.is_multiple_of(1499) => ",※,,,,,,\r\n".to_owned(),
            n if n == rows => format!(",合計,{rows}件,,,,,\r\n"),
            n => {
                // A facility has a row for each of its notices.
                if facility[0].is_empty() || dice.below(4) > 0 {
                    facility = self::facility(&mut dice, n);
                }
                let [name, postal_code, address, phone] = &facility;
                format!(
                    ",{n},{name},{postal_code},{address},{phone},（一般入院）第{n}号,令和 8年10月 1日\r\n"
                )
            }
        };
    }
    out
}

/// Name, postal code, address and phone number.
fn facility(dice: &mut Dice, number: usize) -> [String; 4] {
    let family = dice.one(&FAMILIES);
    let name = match dice.below(500) {
        // A character of nobody's but the bureau's, in about 0.2 % of the rows.
        _ if number % 400 == 1 => {
            format!("{}田{}", dice.one(&["\u{E38B}", "\u{E192}", "\u{E382}"]), dice.one(&KINDS))
        }
        // About 55 characters.
        0..=9 => format!(
            "独立行政法人国民健康推進機構東日本広域医療連携センター附属{family}記念総合リハビリテーション病院第{number}"
        ),
        // One name of many branches.
        10..=14 => "すこやか堂".to_owned(),
        15..=24 => format!("医療法人社団　{family}会　{family}{}", dice.one(&KINDS)),
        _ => format!("{family}{}{number}", dice.one(&KINDS)),
    };
    let (code, town) = TOWNS[dice.below(TOWNS.len())];
    let postal_code = match dice.below(50) {
        0 => format!("{code}."),
        1 => format!("{code}{}", &town[..town.find(['県', '道', '都']).unwrap_or(0)]),
        2 => format!("〒{code}"),
        3 => code.replace('-', ""),
        _ => code.to_owned(),
    };
    let (block, house) = (1 + dice.below(9), 1 + dice.below(30));
    let address = match dice.below(3) {
        0 => format!("{town}{}－{}", wide(block), wide(house)),
        1 => format!("{town}{block}丁目{house}番{}号", 1 + dice.below(9)),
        _ => format!("{town}{block}-{house}"),
    };
    let digits = 4_000_000 + dice.below(5_000_000);
    let phone = match dice.below(40) {
        0 => format!("06<{digits}"),
        1 => format!("092.{}.{:04}", digits / 10_000, digits % 10_000),
        2 => wide(digits),
        _ => format!("092-{}-{:04}", digits / 10_000, digits % 10_000),
    };
    [name, postal_code, address, phone]
}

/// A number in full-width digits.
fn wide(number: usize) -> String {
    let wide = |c: char| char::from_u32(u32::from(c) + 0xFEE0).unwrap_or(c);
    number.to_string().chars().map(wide).collect()
}
