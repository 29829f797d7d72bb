//! The wording of the nine steps. Source: seeds 000 and 003 (別紙3), 002 (手引き).

use crate::values::Values;

/// What is said of a step whatever the date, Japanese then English.
pub(super) struct Wording {
    pub title: (&'static str, &'static str),
    pub to: (&'static str, &'static str),
    /// Whether it goes to the facility's own bureau.
    pub to_bureau: bool,
    pub rule: (&'static str, &'static str),
    pub cite: &'static str,
    /// Whether the day is a guide.
    pub assumed: bool,
    /// The fields and values of a record that say that it is done.
    done: &'static [(&'static str, &'static [&'static str])],
}

impl Wording {
    /// Whether the record says that the step is done.
    pub fn is_done(&self, values: &Values) -> bool {
        self.done.iter().any(|(key, done)| {
            values
                .get(key)
                .is_some_and(|value| done.is_empty() || done.contains(&value.text.as_str()))
        })
    }
}

const VENDOR: (&str, &str) = ("システム事業者", "the system vendor");
const BUREAU: (&str, &str) = ("地方厚生（支）局", "the regional bureau");
const OPERATOR: (&str, &str) =
    ("オンライン資格確認実施機関", "オンライン資格確認実施機関 (the system's operator)");
const BEFORE_3_MONTHS: (&str, &str) = ("診療開始の3か月前まで", "three months before practice");
const PORTAL: (&str, &str) = (
    "指定の2か月前の月の15日まで（閉庁日でも繰り下がりません）。回答は10日（閉庁日なら翌開庁日）までに届く",
    "the 15th of the month two before the designation, even if closed; the number comes by the 10th (or the next open day)",
);
const LEAFLET: &str = "別紙3 スケジュール（目安）";

pub(super) const STEPS: [Wording; 9] = [
    Wording {
        title: ("顔認証付きカードリーダーの選定/調達", "Choose and order the card reader"),
        to: ("顔認証付きカードリーダーメーカー", "the maker of the card reader"),
        to_bureau: false,
        rule: BEFORE_3_MONTHS,
        cite: LEAFLET,
        assumed: false,
        done: &[("introduction_plan.reader.status", &["ア", "イ"])],
    },
    Wording {
        title: ("ネットワーク準備", "Arrange the network"),
        to: ("ネットワーク事業者", "the network provider"),
        to_bureau: false,
        rule: BEFORE_3_MONTHS,
        cite: LEAFLET,
        assumed: false,
        done: &[("introduction_plan.network.status", &["ア", "イ"])],
    },
    Wording {
        title: ("見積依頼", "Ask for a quotation"),
        to: VENDOR,
        to_bureau: false,
        rule: (
            "システム導入等の依頼と同時。別紙3に日付はなく、①②と⑤の間（3か月前から2か月前）と仮定",
            "together with ordering the system; 別紙3 gives no day, so between ①② and ⑤ (three to two months before) is assumed",
        ),
        cite: LEAFLET,
        assumed: true,
        done: &[],
    },
    Wording {
        title: ("発注", "Place the order"),
        to: VENDOR,
        to_bureau: false,
        rule: (
            "システム導入等の依頼と同時。別紙3に日付はなく、①②と⑤の間と仮定。遅くとも運用開始の1か月前",
            "together with ordering the system; 別紙3 gives no day, so between ①② and ⑤ is assumed; a month before operation at the latest",
        ),
        cite: "別紙3 スケジュール（目安）・準備作業の手引き 2. システムベンダーへ発注",
        assumed: true,
        done: &[],
    },
    Wording {
        title: ("受付番号の情報提供依頼（別紙1）", "Request the receipt number (別紙1)"),
        to: BUREAU,
        to_bureau: true,
        // The bureau's own rule stands in its place.
        rule: ("", ""),
        cite: "事務連絡 令和5年12月26日一部改正 第1 1(1)・第3(1)",
        assumed: false,
        done: &[("receipt_number.reply.number", &[]), ("introduction_plan.account", &["済み"])],
    },
    Wording {
        title: (
            "オンライン資格確認実施機関へ受付番号提出",
            "Hand the receipt number to the operator",
        ),
        to: OPERATOR,
        to_bureau: false,
        rule: PORTAL,
        cite: "事務連絡 令和5年12月26日一部改正 第1 1(2)・第3(2)",
        assumed: false,
        done: &[("introduction_plan.account", &["済み"])],
    },
    Wording {
        title: (
            "医療機関等向け総合ポータルサイトのアカウント登録",
            "Register an account on the portal",
        ),
        to: OPERATOR,
        to_bureau: false,
        rule: PORTAL,
        cite: "別紙3 スケジュール（目安）【15日までに】⑦",
        assumed: false,
        done: &[("introduction_plan.account", &["済み"])],
    },
    Wording {
        title: (
            "オンライン資格確認利用申請、電子証明書発行申請",
            "Apply for usage and for the certificate",
        ),
        to: OPERATOR,
        to_bureau: false,
        rule: PORTAL,
        cite: "別紙3 スケジュール（目安）【15日までに】⑧",
        assumed: false,
        done: &[("introduction_plan.usage_application", &["済み"])],
    },
    Wording {
        title: (
            "保険医療機関等の指定申請（別紙2を添付）",
            "Apply for the designation (別紙2 attached)",
        ),
        to: BUREAU,
        to_bureau: true,
        rule: (
            "指定の1か月前が目安。期限は地方厚生（支）局のホームページで確かめてください",
            "about a month before the designation; the bureau's page decides",
        ),
        cite: "別紙3 スケジュール（目安）⑨・事務連絡 第2",
        assumed: true,
        done: &[],
    },
];
