//! For every rule a record that breaks it.

use serde_json::json;

use super::case::Case;

pub fn all() -> Vec<Case> {
    [request(), reply(), plan(), plan_days(), order(), demonstration(), schedule(), portal()]
        .concat()
}

/// 別紙1 as the facility hands it in.
fn request() -> Vec<Case> {
    vec![
        Case::of("receipt-number/retroactive").set("designation.date", "2024-01-31"),
        Case::of("receipt-number/deadline").set("receipt_number.request_date", "2024-02-02"),
        Case::of("receipt-number/designation-passed").at("2024-04-02"),
        Case::of("receipt-number/portal-closed")
            .set("designation.date", "2027-01-01")
            .set("receipt_number.request_date", "2026-10-01"),
        Case::of("receipt-number/addressee-kana")
            .set("receipt_number.reply_to.name", "ミウラ ハナエ"),
        Case::of("receipt-number/addressee-title")
            .set("receipt_number.reply_to.name", "三浦 太一 様"),
        Case::of("receipt-number/calendar").set("designation.date", "2036-01-01"),
        Case::of("receipt-number/bureau").set("bureau", "東北厚生局"),
        Case::of("receipt-number/bureau-of-code")
            .set("bureau", "東北厚生局")
            .set("facility.address", "千代田区霞が関9-8-7"),
        Case::of("receipt-number/prefecture").set("facility.address", "千代田区霞が関9-8-7"),
        Case::of("receipt-number/transitional-measure")
            .set("designation.transitional_measure", true),
        Case::of("receipt-number/paper-claims").set("designation.transitional_measure", true),
        Case::of("receipt-number/addressee-building")
            .set("receipt_number.reply_to.address", "東京都千代田区霞が関9-8-7 もみじビル2階"),
        Case::of("receipt-number/addressee-numbering")
            .set("facility.address", "東京都千代田区霞が関一丁目12番地")
            .set("receipt_number.reply_to.address", "東京都千代田区霞が関一丁目2番2号"),
        Case::of("receipt-number/addressee-corporation")
            .set("receipt_number.reply_to.name", "医療法人社団もみじ会 みなとクリニック"),
        Case::of("receipt-number/representative").set("founder.name", "医療法人社団もみじ会"),
        Case::of("receipt-number/representative")
            .set("founder.name", "医療法人社団もみじ会　理事長"),
        Case::of("receipt-number/both-kinds").set("facility.kind", json!(["医科", "薬局"])),
    ]
}

/// 別紙1 as the bureau's half says.
fn reply() -> Vec<Case> {
    let reply = |code, number: &str, date: &str| {
        Case::of(code).set("receipt_number.reply", json!({"number": number, "date": date}))
    };
    vec![
        Case::of("receipt-number/reply-overdue").at("2024-02-14"),
        reply("receipt-number/reply-date", "2468015", "2024-02-14"),
        reply("receipt-number/reply-before-request", "2468015", "2024-01-31"),
        Case::of("receipt-number/reply-date-given").set("receipt_number.reply.number", "2468015"),
        Case::of("receipt-number/reply-number-given")
            .set("receipt_number.reply.date", "2024-02-13"),
        reply("receipt-number/number-per-kind", "2468015", "2024-02-13")
            .set("facility.kind", json!(["医科", "歯科"])),
        reply("receipt-number/check-digit", "2468016", "2024-02-13"),
        reply("receipt-number/portal-late", "2468015", "2024-02-13")
            .set("introduction_plan.account", "未実施")
            .at("2024-02-16"),
        reply("receipt-number/number-code", "1312468015", "2024-02-13")
            .set("facility.code", "2468016"),
        reply("receipt-number/number-of-another", "1332468015", "2024-02-13"),
    ]
}

/// 別紙2: what is said of the reader, the network and the accounts.
fn plan() -> Vec<Case> {
    vec![
        Case::of("introduction-plan/transitional-measure")
            .set("designation.transitional_measure", true),
        Case::of("introduction-plan/reader-month").without("introduction_plan.reader.month"),
        Case::of("introduction-plan/reader-month-unused")
            .set("introduction_plan.reader.status", "ウ"),
        Case::of("introduction-plan/network-month").set("introduction_plan.network.status", "イ"),
        Case::of("introduction-plan/network-month-unused")
            .set("introduction_plan.network.month", 2),
        Case::of("introduction-plan/reader-maker").without("introduction_plan.reader.maker"),
        Case::of("introduction-plan/reader-maker-open")
            .set("introduction_plan.reader", json!({"status": "ウ"})),
        Case::of("introduction-plan/network-provider")
            .without("introduction_plan.network.provider"),
        Case::of("introduction-plan/network-provider-open")
            .set("introduction_plan.network", json!({"status": "ウ", "type": "IP-VPN"})),
        Case::of("introduction-plan/network-type")
            .set("introduction_plan.network.type", "IPsec+IKE"),
        Case::of("introduction-plan/network-unsupported")
            .set("introduction_plan.network.provider", "NTT東日本 ＡＤＳＬ"),
        Case::of("introduction-plan/network-ended")
            .set("introduction_plan.network.provider", "NTT東日本 Ｂフレッツ"),
        Case::of("introduction-plan/account-first")
            .set("introduction_plan.account", "未実施")
            .set("introduction_plan.usage_application", "済み"),
        Case::of("introduction-plan/founder-building")
            .set("founder.address", "東京都千代田区霞が関9-8-7-301"),
        Case::of("introduction-plan/founder-numbering")
            .set("facility.address", "東京都千代田区霞が関一丁目12番地")
            .set("founder.address", "東京都千代田区霞が関一丁目2番2号"),
        Case::of("introduction-plan/kana-swapped").set("founder.name_kana", "ミナトクリニック"),
    ]
}

/// 別紙2: its days.
fn plan_days() -> Vec<Case> {
    let open = |code| {
        Case::of(code).set("introduction_plan.reader", json!({"status": "ウ", "maker": "富士通"}))
    };
    let line = |code, month: i64| {
        let network = json!({"status": "イ", "month": month, "provider": "BBIQ", "type": "IP-VPN"});
        Case::of(code).set("introduction_plan.network", network)
    };
    vec![
        Case::of("introduction-plan/operation-after-work")
            .set("introduction_plan.work_start", "2024-04-02"),
        Case::of("introduction-plan/operation-by-practice")
            .set("introduction_plan.operation_start", "2024-04-02"),
        Case::of("introduction-plan/practice-by-designation")
            .set("introduction_plan.practice_start", "2024-03-31"),
        open("introduction-plan/reader-lead-time"),
        open("introduction-plan/reader-order").at("2024-03-02"),
        open("introduction-plan/reader-late")
            .set("introduction_plan.operation_start", "2024-06-01")
            .at("2024-01-02"),
        Case::of("introduction-plan/network-late")
            .set("introduction_plan.network.status", "ウ")
            .at("2024-01-02"),
        Case::of("introduction-plan/application-late").at("2024-03-02"),
        Case::of("introduction-plan/account-late")
            .set("introduction_plan.account", "未実施")
            .at("2024-02-16"),
        Case::of("introduction-plan/usage-late").at("2024-02-16"),
        Case::of("introduction-plan/reader-month-operation")
            .set("introduction_plan.reader.month", 5),
        Case::of("introduction-plan/reader-month-work").set("introduction_plan.reader.month", 4),
        line("introduction-plan/network-month-operation", 5),
        line("introduction-plan/network-month-work", 4),
    ]
}

/// 別添様式2.
fn order() -> Vec<Case> {
    vec![
        Case::of("card-reader/products").set("card_reader.products", json!([])),
        Case::of("card-reader/category").without("facility.category"),
        Case::of("card-reader/product-units").without("card_reader.products.0.units"),
        Case::of("card-reader/product-preference").without("card_reader.products.1.preference"),
        Case::of("card-reader/product-named").without("card_reader.products.1.product"),
        Case::of("card-reader/units").set("card_reader.products.0.units", 2),
        Case::of("card-reader/first").set("card_reader.products.1.preference", "第一"),
        Case::of("card-reader/second").set("card_reader.products.0.preference", "第二"),
        Case::of("card-reader/no-second").set(
            "card_reader.products",
            json!([{"product": "Caora", "units": 1, "preference": "第一"}]),
        ),
        Case::of("card-reader/same-product").set("card_reader.products.1.product", "Caora"),
        Case::of("card-reader/claims-month").without("card_reader.online_claims.month"),
        Case::of("card-reader/claims-month-unused")
            .set("card_reader.online_claims.status", "導入している"),
        Case::of("card-reader/paper-deadline"),
        Case::of("card-reader/one-kind").set("facility.kind", json!(["医科", "歯科"])),
        Case::of("card-reader/category-of-kind").set("facility.category", "薬局"),
        Case::of("card-reader/contact-differs").set("reader_demo.contact.name", "三浦 太一"),
        Case::of("card-reader/check-digit").set("facility.code", "2468016"),
        Case::of("card-reader/prefecture").set("facility.prefecture_code", "14"),
        Case::of("card-reader/prefecture-range").set("facility.prefecture_code", "48"),
    ]
}

/// 別添様式1.
fn demonstration() -> Vec<Case> {
    let wish = |day| json!({"event": format!("2月{day}日 10時～12時"), "slot": "11時～12時"});
    vec![
        Case::of("reader-demo/wishes").set("reader_demo.wishes", json!([])),
        Case::of("reader-demo/wishes-three")
            .set("reader_demo.wishes", json!([wish(1), wish(2), wish(3), wish(4)])),
        Case::of("reader-demo/wish-event").without("reader_demo.wishes.1.event"),
        Case::of("reader-demo/wish-slot").without("reader_demo.wishes.1.slot"),
        Case::of("reader-demo/slot-inside").set("reader_demo.wishes.1.slot", "15:00～15:15 (15分)"),
        Case::of("reader-demo/ten-days").at("2024-01-23"),
    ]
}

/// 別紙3.
fn schedule() -> Vec<Case> {
    vec![
        Case::of("schedule/calendar").set("designation.date", "2019-03-01"),
        Case::of("schedule/manager").set("designation.date", "2026-04-01").at("2026-04-01"),
        Case::of("schedule/surplus-area").set("designation.date", "2026-10-01").at("2026-04-01"),
        Case::of("schedule/reader-maintenance")
            .set("designation.date", "2026-04-01")
            .set("introduction_plan.reader", json!({"status": "ア", "maker": "富士通"}))
            .at("2025-04-03"),
        Case::of("schedule/succession").at("2024-04-02"),
    ]
}

/// The sheet to copy from.
fn portal() -> Vec<Case> {
    let both = |code| Case::of(code).set("facility.kind", json!(["医科", "歯科"]));
    vec![
        both("portal/shared-email"),
        both("portal/number-per-kind")
            .set("receipt_number.reply", json!({"number": "1234566", "date": "2024-02-13"})),
        Case::of("portal/customer-id-form").set("portal.customer_id", "1234567890"),
        Case::of("portal/test-before-use").set("portal.test_start", "2024-05"),
        Case::of("portal/email").without("contact.email"),
        Case::of("portal/customer-id").without("portal.customer_id"),
        Case::of("portal/customer-id-unused").set(
            "introduction_plan.network",
            json!({"status": "ア", "provider": "BBIQ", "type": "IP-VPN"}),
        ),
        Case::of("portal/network-line")
            .set("introduction_plan.network.provider", "霞が関ケーブルテレビ"),
        Case::of("portal/network-line-unused")
            .set(
                "introduction_plan.network",
                json!({"status": "ア", "provider": "IP-Members", "type": "IPsec+IKE"}),
            )
            .set("portal.network_line", "その他"),
    ]
}
