//! Invented facilities with varied names, the same ones at every call.

/// What a facility's row holds, by heading.
pub const HEADINGS: [&str; 29] = [
    "種別",
    "施設区分",
    "医療機関・薬局 名称",
    "医療機関・薬局 フリガナ",
    "医療機関・薬局 郵便番号",
    "所在地",
    "開設者 氏名",
    "開設者 フリガナ",
    "開設者 郵便番号",
    "開設者 住所",
    "開設者 電話番号",
    "開設者 Email",
    "担当者 電話番号",
    "指定希望日",
    "依頼日",
    "回答書の送付先 氏名",
    "回答書の送付先 郵便番号",
    "回答書の送付先 住所",
    "アカウント作成",
    "利用申請・電子証明書の発行申請",
    "カードリーダー 調達状況",
    "メーカー名",
    "ネットワーク 整備状況",
    "ネットワーク導入事業者名",
    "ネットワーク種類",
    "導入作業開始（予定）日",
    "システム導入事業者名",
    "運用開始（予定）日",
    "診療・調剤開始（予定）日",
];

const FAMILIES: [(&str, &str); 16] = [
    ("佐藤", "サトウ"),
    ("髙橋", "タカハシ"),
    ("渡邉", "ワタナベ"),
    ("齋藤", "サイトウ"),
    ("山﨑", "ヤマザキ"),
    ("鈴木", "スズキ"),
    ("小笠原", "オガサワラ"),
    ("德永", "トクナガ"),
    ("森", "モリ"),
    ("長谷川", "ハセガワ"),
    ("櫻井", "サクライ"),
    ("濵田", "ハマダ"),
    ("五十嵐", "イガラシ"),
    ("東海林", "ショウジ"),
    ("黒澤", "クロサワ"),
    ("槇原", "マキハラ"),
];
const GIVEN: [(&str, &str); 8] = [
    ("太郎", "タロウ"),
    ("美咲", "ミサキ"),
    ("健一", "ケンイチ"),
    ("陽子", "ヨウコ"),
    ("翔", "ショウ"),
    ("恵理香", "エリカ"),
    ("芳雄", "ヨシオ"),
    ("凜", "リン"),
];
const TRADES: [(&str, &str); 10] = [
    ("内科クリニック", "ナイカクリニック"),
    ("眼科医院", "ガンカイイン"),
    ("整形外科", "セイケイゲカ"),
    ("こどもクリニック", "コドモクリニック"),
    ("皮膚科・アレルギー科医院", "ヒフカ・アレルギーカイイン"),
    ("耳鼻咽喉科", "ジビインコウカ"),
    ("記念病院", "キネンビョウイン"),
    ("訪問診療所", "ホウモンシンリョウジョ"),
    ("レディースクリニック", "レディースクリニック"),
    ("脳神経外科", "ノウシンケイゲカ"),
];
const TOWNS: [(&str, &str, &str); 12] = [
    ("北海道札幌市北区北十条西", "060", "011"),
    ("宮城県仙台市青葉区国分町", "980", "022"),
    ("東京都千代田区霞が関", "100", "03"),
    ("東京都葛飾区亀有", "125", "03"),
    ("神奈川県横浜市西区みなとみらい", "220", "045"),
    ("愛知県名古屋市中区三の丸", "460", "052"),
    ("京都府京都市中京区烏丸通御池上る", "604", "075"),
    ("大阪府大阪市北区梅田", "530", "06"),
    ("広島県広島市中区基町", "730", "082"),
    ("香川県高松市サンポート", "760", "087"),
    ("福岡県福岡市博多区博多駅前", "812", "092"),
    ("沖縄県那覇市泉崎", "900", "098"),
];
const NETWORKS: [(&str, &str); 3] = [
    ("NTT東日本 フレッツ光ネクスト", "IP-VPN"),
    ("QTnet BBIQ", "IP-VPN"),
    ("NTTPCコミュニケーションズ IP-Members", "IPsec+IKE"),
];

/// A small sequence of numbers, the same at every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }

    fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.roll(all.len())]
    }
}

/// The rows of so many facilities, without the heading.
pub fn facilities(count: usize) -> Vec<Vec<String>> {
    let mut dice = Dice(20_240_401);
    (0..count).map(|number| facility(&mut dice, number)).collect()
}

fn facility(dice: &mut Dice, number: usize) -> Vec<String> {
    let (family, family_kana) = dice.pick(&FAMILIES);
    let (given, given_kana) = dice.pick(&GIVEN);
    let (trade, trade_kana) = dice.pick(&TRADES);
    let (town, post, area) = dice.pick(&TOWNS);
    let (provider, network) = dice.pick(&NETWORKS);
    let branch = number + 1;
    let postal = format!("{post}-{:04}", dice.roll(10_000));
    let address = format!("{town}{}-{}-{}", dice.roll(9) + 1, dice.roll(30) + 1, dice.roll(20) + 1);
    // Ten digits, however long the area code is.
    let rest = 10 - area.len() - 4;
    let phone =
        format!("{area}-{:0rest$}-{:04}", dice.roll(10_usize.pow(rest as u32)), branch % 10_000);
    let founder = format!("{family}　{given}");
    [
        "医科",
        "診療所",
        &format!("{family}{trade}第{branch}分院"),
        &format!("{family_kana}{trade_kana}"),
        &postal,
        &address,
        &founder,
        &format!("{family_kana} {given_kana}"),
        &postal,
        &format!("{town}{}", dice.roll(40) + 1),
        &phone,
        &format!("clinic{branch}@example.jp"),
        &phone,
        "2024-04-01",
        "2024-01-25",
        &founder,
        &postal,
        &address,
        dice.pick(&["済み", "未実施"]),
        "未実施",
        "ア",
        dice.pick(&["富士通", "パナソニック", "アルメックス", "キヤノン", "アトラス"]),
        "ア",
        provider,
        network,
        "2024-03-01",
        &format!("{family}メディカルシステムズ"),
        "2024-04-01",
        "2024-04-01",
    ]
    .map(str::to_owned)
    .to_vec()
}

/// A roster as CSV.
pub fn csv(rows: &[Vec<String>]) -> String {
    let head = HEADINGS.map(str::to_owned).to_vec();
    let line = |row: &Vec<String>| {
        let cells: Vec<String> =
            row.iter().map(|c| format!("\"{}\"", c.replace('"', "\"\""))).collect();
        cells.join(",") + "\r\n"
    };
    std::iter::once(&head).chain(rows).map(line).collect()
}
