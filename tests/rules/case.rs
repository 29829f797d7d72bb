//! A record made from a sound one by keys and values, and what a form says of it on a day.

use onshi::calendar::Date;
use onshi::report::Report;
use serde_json::{Value, json};

use crate::common::{TODAY, report};

/// A sound record with some values changed, a form or one of its rules, and the day.
#[derive(Clone)]
pub struct Case {
    /// The rule, as `form/rule`, or the form alone.
    pub code: &'static str,
    record: Value,
    pub today: Date,
}

impl Case {
    /// The sound record on the day most tests run on.
    pub fn of(code: &'static str) -> Case {
        Case { code, record: sound(), today: TODAY }
    }

    /// The sound record for no form in particular: its text is what is wanted.
    pub fn of_any() -> Case {
        Case::of("")
    }

    /// With a value, which is another than before. `card_reader.products.0` is the first of a list.
    pub fn set(mut self, key: &str, value: impl Into<Value>) -> Case {
        let (slot, value) = (slot(&mut self.record, key), value.into());
        assert_ne!(*slot, value, "{key} is so already");
        *slot = value;
        self
    }

    /// Without a key, which was there.
    pub fn without(mut self, key: &str) -> Case {
        let (parent, last) = key.rsplit_once('.').unwrap_or(("", key));
        let parent =
            if parent.is_empty() { &mut self.record } else { slot(&mut self.record, parent) };
        let removed = parent.as_object_mut().and_then(|object| object.shift_remove(last));
        assert!(removed.is_some(), "there is no {key}");
        self
    }

    /// On another day, `YYYY-MM-DD`.
    pub fn at(mut self, today: &str) -> Case {
        self.today = today.parse().expect("a day");
        self
    }

    pub fn form(&self) -> &'static str {
        self.code.split_once('/').map_or(self.code, |(form, _)| form)
    }

    /// The record as a file.
    pub fn text(&self) -> String {
        serde_json::to_string_pretty(&self.record).expect("a record is JSON")
    }

    /// What the form says.
    pub fn report(&self) -> Report {
        report(&self.text(), &[self.form()], self.today)
    }
}

/// The place of a key, made where it is missing.
fn slot<'a>(record: &'a mut Value, key: &str) -> &'a mut Value {
    key.split('.').fold(record, |value, step| match step.parse::<usize>() {
        Ok(index) => &mut value[index],
        Err(_) => &mut value[step],
    })
}

/// A record with the values of the 記載例, in which no rule speaks but that of paper orders.
fn sound() -> Value {
    let address = "東京都千代田区霞が関9-8-7";
    json!({
        "facility": {
            "kind": "医科", "category": "診療所",
            "name": "みなとクリニック", "name_kana": "ミナトクリニック",
            "postal_code": "100-0013", "address": address,
            "prefecture_code": "13", "code": "2468015",
        },
        "founder": {
            "name": "三浦 花江", "name_kana": "ミウラ ハナエ", "registration": "東医1234",
            "postal_code": "100-0013", "address": address,
            "phone": "03-0000-0007", "email": "hanae@example.jp",
        },
        "contact": {"name": "三浦 太一", "phone": "03-0000-0007", "email": "taichi@example.jp"},
        "bureau": "関東信越厚生局",
        "designation": {"date": "2024-04-01", "transitional_measure": false},
        "receipt_number": {
            "request_date": "2024-02-01",
            "reply_to": {"name": "三浦 太一", "postal_code": "100-0013", "address": address},
        },
        "introduction_plan": {
            "account": "済み", "usage_application": "未実施",
            "reader": {"status": "イ", "month": 3, "maker": "富士通"},
            "network": {
                "status": "ア", "provider": "NTT東日本 フレッツ光ネクスト", "type": "IP-VPN",
            },
            "work_start": "2024-03-01", "vendor": "霞ヶ浦システム",
            "operation_start": "2024-04-01", "practice_start": "2024-04-01",
        },
        "portal": {"customer_id": "CAF2468013579", "test_start": "2024-03"},
        "card_reader": {
            "application_date": "2022-09-20",
            "products": [
                {"product": "Caora", "units": 1, "preference": "第一"},
                {"product": "Hi-CARA", "units": 1, "preference": "第二"},
            ],
            "introduction": "2023-03",
            "online_claims": {"status": "未導入（導入予定あり）", "month": "2023-04"},
        },
        "reader_demo": {
            "organisation": "みなと市医師会",
            "contact": {
                "name": "港 誠", "name_kana": "みなと まこと",
                "phone": "03-1111-1111", "email": "minato@example.jp",
            },
            "wishes": [
                {"event": "2月1日 10:00～12:00", "slot": "11:00～11:15 (15分)"},
                {"event": "2月2日 13:00～15:00", "slot": "14:00～14:15 (15分)"},
                {"event": "2月3日 15:00～17:00", "slot": "16:00～16:15 (15分)"},
            ],
            "venue": "みなと会館 〒100-0013 東京都千代田区霞が関9-8-7",
            "method": "実地",
        },
    })
}
