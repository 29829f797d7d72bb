use super::*;
use crate::report::Lang;
use crate::{record, values};

fn schedule(yaml: &str, today: Date) -> Schedule {
    let record = record::read("r.yaml", yaml.as_bytes()).unwrap();
    let (values, report) = values::values(&record, Forms::built_in());
    assert_eq!(report.errors(), 0, "{report}");
    Schedule::of(&values, Forms::built_in(), today).unwrap()
}

fn of_bureau(bureau: &str, designation: &str) -> Schedule {
    let yaml = format!(
        "facility: {{name: みなとクリニック}}\nbureau: {bureau}\ndesignation: {{date: {designation}}}"
    );
    schedule(&yaml, Date::constant(2024, 1, 10))
}

#[test]
fn the_days_of_the_vectors() {
    for (bureau, designation, five, known) in [
        ("東海北陸厚生局", "2024-04-01", "2024-02-01", true),
        ("四国厚生支局", "2026-03-01", "2026-01-05", true),
        ("東北厚生局", "2024-07-01", "2024-05-07", true),
        ("東海北陸厚生局", "2027-01-01", "2026-10-30", true),
        ("関東信越厚生局", "2024-04-01", "2024-02-01", false),
    ] {
        let schedule = of_bureau(bureau, designation);
        let step = &schedule.steps[4];
        assert_eq!((step.due.to_string().as_str(), step.assumed), (five, !known), "{bureau}");
        assert_eq!(step.to.ja, bureau);
    }
    let days: Vec<String> =
        of_bureau("東北厚生局", "2024-04-01").steps.iter().map(|s| s.due.to_string()).collect();
    assert_eq!(
        days,
        [
            "2024-01-01",
            "2024-01-01",
            "2024-02-01",
            "2024-02-01",
            "2024-02-05",
            "2024-02-15",
            "2024-02-15",
            "2024-02-15",
            "2024-03-01"
        ]
    );
    assert_eq!(
        of_bureau("東北厚生局", "2024-04-01").steps[5].from,
        Some(Date::constant(2024, 2, 13))
    );
}

#[test]
fn the_dictionary_derives_the_same_days() {
    let yaml = "facility: {address: 宮城県仙台市}\ndesignation: {date: 2024-07-01}";
    let record = record::read("r.yaml", yaml.as_bytes()).unwrap();
    let (values, _) = values::values(&record, Forms::built_in());
    let schedule = Schedule::of(&values, Forms::built_in(), Date::constant(2024, 1, 1)).unwrap();
    for step in &schedule.steps {
        let value = values.get(&format!("schedule.step{}", step.number)).unwrap();
        assert_eq!(value.data, Data::Date(step.due));
    }
    assert_eq!(values.get("schedule.bureau_rule").unwrap().text, schedule.steps[4].rule.ja);
}

#[test]
fn what_the_record_says_is_done_is_not_late() {
    let yaml = "
facility: {address: 東京都千代田区}
designation: {date: 2024-04-01}
introduction_plan: {account: 済み, reader: {status: イ}, network: {status: ウ}}";
    let schedule = schedule(yaml, Date::constant(2024, 2, 20));
    let states: Vec<State> = schedule.steps.iter().map(|step| step.state).collect();
    use State::{Done, Late, Open};
    assert_eq!(states, [Done, Late, Late, Late, Done, Done, Done, Late, Open]);
}

#[test]
fn outside_the_known_years_the_closed_days_are_not_sure() {
    assert!(of_bureau("東北厚生局", "2035-12-01").certain);
    assert!(!of_bureau("東北厚生局", "2036-01-01").certain);
    assert!(!of_bureau("東北厚生局", "2019-02-01").certain);
}

#[test]
fn the_table_is_aligned_for_full_width_characters() {
    use unicode_width::UnicodeWidthStr as _;
    let text = of_bureau("関東信越厚生局", "2024-04-01").text(Lang::Ja);
    let rows: Vec<&str> = text.lines().skip(3).take(10).collect();
    let columns: Vec<usize> =
        rows[1..].iter().map(|row| row.split("20").next().unwrap().width()).collect();
    assert!(columns.iter().all(|column| *column == columns[0]), "{text}");
    assert!(text.contains("9日超過"), "{text}");
    assert!(
        text.contains("5  ［目安］期限は不明。指定の2か月前が目安。関東信越厚生局のホームページ"),
        "{text}"
    );
}

#[test]
fn json_has_every_step() {
    let json: serde_json::Value =
        serde_json::from_str(&of_bureau("四国厚生支局", "2024-04-01").json(Lang::En)).unwrap();
    assert_eq!(json["steps"].as_array().unwrap().len(), 9);
    assert_eq!(json["steps"][5]["from"], "2024-02-13");
    assert_eq!(json["steps"][0]["state"], "late");
    assert_eq!(json["steps"][0]["days_left"], -9);
}

#[test]
fn icalendar_lines_are_short_and_whole() {
    let calendar = of_bureau("四国厚生支局", "2024-04-01").ics(Lang::Ja);
    assert!(calendar.split("\r\n").all(|line| line.len() <= 75 && !line.contains('\n')));
    let unfolded = calendar.replace("\r\n ", "");
    assert_eq!(unfolded.matches("BEGIN:VEVENT").count(), 9);
    assert_eq!(unfolded.matches("TRIGGER:-P7D").count(), 9);
    assert!(unfolded.contains("DTSTAMP:20240110T000000Z"));
    assert!(
        unfolded.contains("SUMMARY:① 顔認証付きカードリーダーの選定/調達 みなとクリニック\r\n")
    );
}

#[test]
fn uids_stay_when_the_dates_move() {
    let uids = |designation: &str| -> Vec<String> {
        let calendar = of_bureau("四国厚生支局", designation).ics(Lang::Ja);
        calendar.lines().filter(|l| l.starts_with("UID:")).map(str::to_owned).collect()
    };
    let (mut first, second) = (uids("2024-04-01"), uids("2024-05-01"));
    assert_eq!(first, second);
    first.dedup();
    assert_eq!(first.len(), 9);
}

const SENT: &str = "
facility: {address: 石川県金沢市}
designation: {date: 2027-04-01}
receipt_number: {request_date: 2027-01-20}";

#[test]
fn a_request_sent_in_time_is_not_late_and_what_follows_waits() {
    use State::{Done, Late, Open, Sent, Waiting};
    let states = |yaml: &str, day: Date| {
        let steps = schedule(yaml, day).steps;
        steps.iter().skip(4).map(|step| step.state).collect::<Vec<_>>()
    };
    assert_eq!(states(SENT, Date::constant(2027, 1, 19)), [Open; 5]);
    let after = [Sent, Waiting, Waiting, Waiting, Open];
    assert_eq!(states(SENT, Date::constant(2027, 1, 20)), after);
    assert_eq!(states(SENT, Date::constant(2027, 2, 10)), after);
    // The wait ends with the day for the operator.
    let late = [Sent, Late, Late, Late, Open];
    assert_eq!(states(SENT, Date::constant(2027, 2, 16)), late);
    let answered = format!("{SENT}\n")
        .replace("2027-01-20}", "2027-01-20, reply: {number: \"2468015\", date: 2027-02-08}}");
    assert_eq!(states(&answered, Date::constant(2027, 2, 9)), [Done, Open, Open, Open, Open]);
    let dated_late = SENT.replace("2027-01-20", "2027-02-02");
    assert_eq!(states(&dated_late, Date::constant(2027, 2, 2))[0], Late);
}

#[test]
fn an_account_without_a_number_is_doubted() {
    let yaml = "{designation: {date: 2027-04-01}, introduction_plan: {account: 済み}}";
    let six = &schedule(yaml, Date::constant(2026, 11, 26)).steps[5];
    assert_eq!((six.state, six.notes.len()), (State::Done, 1));
    assert!(six.notes[0].ja.contains("受付番号が記録にありません"));
    assert!(schedule(SENT, Date::constant(2027, 1, 20)).steps[5].notes.is_empty());
}

#[test]
fn a_closed_last_day_names_the_open_day_before() {
    let steps = schedule(SENT, Date::constant(2026, 11, 26)).steps;
    assert_eq!(steps[0].open_before, Some(Date::constant(2026, 12, 28)));
    assert_eq!(steps[5].open_before, None, "15 February 2027 is a Monday");
    let text = schedule(SENT, Date::constant(2026, 11, 26)).text(Lang::Ja);
    assert!(
        text.contains("期限の日は閉庁日です。その前の開庁日は 2026-12-28（月） です"),
        "{text}"
    );
}

#[test]
fn each_office_is_named_with_its_closing_day() {
    for (address, five, nine, office, known) in [
        ("北海道札幌市", "2027-02-01", "2027-03-23", "北海道厚生局 医療課", true),
        ("宮城県仙台市", "2027-02-05", "2027-03-01", "東北厚生局（宮城県の事務所・分室）", false),
        ("東京都港区", "2027-02-01", "2027-03-01", "関東信越厚生局（東京都の事務所・分室）", false),
        (
            "富山県富山市",
            "2027-02-01",
            "2027-03-19",
            "東海北陸厚生局（富山県の事務所・分室）",
            true,
        ),
        (
            "石川県金沢市",
            "2027-02-01",
            "2027-03-15",
            "東海北陸厚生局（石川県の事務所・分室）",
            true,
        ),
        ("大阪府大阪市", "2027-02-01", "2027-03-01", "近畿厚生局（大阪府の事務所・分室）", false),
        (
            "広島県広島市",
            "2027-02-01",
            "2027-03-01",
            "中国四国厚生局（広島県の事務所・分室）",
            false,
        ),
        ("香川県高松市", "2027-02-01", "2027-03-01", "四国厚生支局（香川県の事務所・分室）", false),
        ("福岡県福岡市", "2027-02-01", "2027-03-01", "九州厚生局（福岡県の事務所・分室）", false),
    ] {
        let yaml =
            format!("{{facility: {{address: {address}}}, designation: {{date: 2027-04-01}}}}");
        let steps = schedule(&yaml, Date::constant(2026, 11, 26)).steps;
        let days = (steps[4].due.to_string(), steps[8].due.to_string());
        assert_eq!((days.0.as_str(), days.1.as_str()), (five, nine), "{address}");
        assert_eq!((steps[8].to.ja.as_str(), steps[8].assumed), (office, !known));
        assert_eq!(steps[4].to.ja, office);
    }
    let steps = schedule(SENT, Date::constant(2026, 11, 26)).steps;
    assert!(steps[4].notes[0].ja.contains("持参または郵送"));
    assert!(steps[8].cite.ends_with("東海北陸厚生局のホームページ（2024-03-18 現在）"));
}

#[test]
fn the_transitional_measure_is_told_at_its_steps() {
    let yaml = "{facility: {address: 香川県高松市}, designation: {date: 2027-04-01, transitional_measure: true}}";
    let steps = schedule(yaml, Date::constant(2026, 11, 26)).steps;
    assert!(steps[4].notes[1].ja.contains("令和6年3月19日"));
    assert!(steps[8].notes[0].ja.contains("別紙2は不要"));
}
