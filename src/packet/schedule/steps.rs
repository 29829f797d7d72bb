//! The nine steps: their wording (seeds 000 and 003, 別紙3; 002, 手引き), and where each stands.

use super::{State, Step};
use crate::calendar::{Date, is_closed, previous_open_day};
use crate::form::Forms;
use crate::office::{Deadline, step_span};
use crate::report::Text;
use crate::values::{Data, Values};

/// What is said of a step whatever the date, Japanese then English.
struct Wording {
    title: (&'static str, &'static str),
    to: (&'static str, &'static str),
    /// Whether it goes to the facility's own bureau.
    to_bureau: bool,
    rule: (&'static str, &'static str),
    cite: &'static str,
    /// Whether the day is a guide.
    assumed: bool,
    /// The fields and values of a record that say that it is done.
    done: &'static [(&'static str, &'static [&'static str])],
}

impl Wording {
    /// Whether the record says that the step is done.
    fn is_done(&self, values: &Values) -> bool {
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

const STEPS: [Wording; 9] = [
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
        // The bureau's own rule is in its place.
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

/// What the steps of one facility have in common.
pub(super) struct Context<'a> {
    values: &'a Values,
    designation: Date,
    today: Date,
    /// Who receives ⑤ and ⑨.
    office: Option<Text>,
    /// By when ⑤ is due.
    request: Deadline,
    /// By when ⑨ is due; none where the office is not known.
    application: Option<Deadline>,
}

impl<'a> Context<'a> {
    pub fn new(values: &'a Values, forms: &Forms, designation: Date, today: Date) -> Self {
        let text = |key: &str| values.get(key).map(|value| value.text.as_str());
        let bureau = text("bureau");
        let known = bureau.and_then(|name| forms.bureaus().by_name(name));
        // The office of the address, if the record does not send it to another bureau.
        let place = text("facility.address").and_then(|a| forms.bureaus().of_address(a));
        let place = place.filter(|(of_address, _)| known.is_none_or(|b| b.name == of_address.name));
        let office = match place {
            Some((bureau, prefecture)) => Some(bureau.office(prefecture)),
            None => bureau.map(|name| Text::new(name, name)),
        };
        let request = match known {
            Some(bureau) => bureau.receipt_number_deadline(designation),
            None => Deadline::guide(designation),
        };
        let application =
            place.map(|(bureau, prefecture)| bureau.application_deadline(prefecture, designation));
        Context { values, designation, today, office, request, application }
    }

    /// A step by its number, 1 to 9.
    pub fn step(&self, number: u8) -> Step {
        let wording = &STEPS[usize::from(number) - 1];
        let published = match number {
            5 => Some(&self.request),
            9 => self.application.as_ref(),
            _ => None,
        };
        let (from, due) = match published {
            Some(deadline) => (None, deadline.date),
            None => step_span(number, self.designation).unwrap_or((None, self.request.date)),
        };
        let rule = match published {
            Some(deadline) => deadline.rule.clone(),
            None => Text::new(wording.rule.0, wording.rule.1),
        };
        let cite = match published.and_then(|deadline| deadline.cite.as_ref()) {
            Some(source) => format!("{}・{source}", wording.cite),
            None => wording.cite.to_owned(),
        };
        Step {
            number,
            title: Text::new(wording.title.0, wording.title.1),
            to: match (&self.office, wording.to_bureau) {
                (Some(office), true) => office.clone(),
                _ => Text::new(wording.to.0, wording.to.1),
            },
            from,
            due,
            rule,
            notes: self.notes(number, published),
            open_before: is_closed(due).then(|| previous_open_day(due)),
            cite,
            assumed: published.map_or(wording.assumed, |deadline| !deadline.known),
            state: self.state(number, due),
            days_left: (due - self.today).get_days(),
        }
    }

    fn state(&self, number: u8, due: Date) -> State {
        if STEPS[usize::from(number) - 1].is_done(self.values) {
            return State::Done;
        }
        let sent = self.is_sent();
        match number {
            5 if sent => State::Sent,
            _ if due < self.today => State::Late,
            6..=8 if sent => State::Waiting,
            _ => State::Open,
        }
    }

    /// Whether 別紙1 is dated in time and not after today, and not answered yet.
    fn is_sent(&self) -> bool {
        let Some(Data::Date(sent)) =
            self.values.get("receipt_number.request_date").map(|value| &value.data)
        else {
            return false;
        };
        !self.has_number() && *sent <= self.today && *sent <= self.request.date
    }

    fn has_number(&self) -> bool {
        self.values.get("receipt_number.reply.number").is_some()
    }

    /// What else is to be known of a step.
    fn notes(&self, number: u8, published: Option<&Deadline>) -> Vec<Text> {
        let is = |key: &str, text: &str| self.values.get(key).is_some_and(|v| v.text == text);
        let exempt = is("designation.transitional_measure", "true");
        let mut notes: Vec<Text> = published.and_then(|d| d.note.clone()).into_iter().collect();
        match number {
            5 if exempt => notes.push(Text::new(
                "経過措置の届出をする場合に別紙1が必要かどうかは、厚生局に確かめてください（理由とされたポータルサイトの届出は令和6年3月19日に終わりましたが、求める厚生局があります）",
                "ask the bureau whether 別紙1 is needed with the transitional measure (its ground, the portal's own form, ended on 2024-03-19, yet some bureaus ask for it)",
            )),
            6 if is("introduction_plan.account", "済み") && !self.has_number() => {
                notes.push(Text::new(
                    "③ アカウント作成が済みなので⑤〜⑦を済みとしていますが、受付番号が記録にありません。済みで正しいか確かめてください",
                    "⑤ to ⑦ count as done because ③, the account, is, but the record has no receipt number: check that ③ is right",
                ));
            }
            9 if exempt => notes.push(Text::new(
                "経過措置の届出を併せて行うときは、別紙2は不要です",
                "別紙2 is not needed when the transitional measure is filed with the application",
            )),
            _ => {}
        }
        notes
    }
}
