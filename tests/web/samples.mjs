/** What the clerk of these tests has to fill in; all of it invented. */

/** @type {{[name: string]: string}} 別紙1 and 別紙2 of a clinic for medicine and dentistry, as an office takes them. */
export const CLINIC = {
  "医療機関・薬局 種別": "医科・歯科",
  "医療機関・薬局 名称": "天神みなみクリニック",
  "医療機関・薬局 フリガナ": "テンジンミナミクリニック",
  "医療機関・薬局 郵便番号": "810-0001",
  "医療機関・薬局 所在地": "福岡県福岡市中央区天神9-9-9",
  "開設者 氏名": "南 花子",
  "開設者 フリガナ": "ミナミ ハナコ",
  "開設者 郵便番号": "810-0001",
  "開設者 住所": "福岡県福岡市中央区天神9-9-9",
  "開設者 電話番号": "092-000-0000",
  "担当者 電話番号": "092-000-0000",
  "指定 指定希望日": "2027-04-01",
  "受付番号情報提供依頼書 依頼日": "2026-12-10",
  "受付番号情報提供依頼書 回答書の送付先 氏名": "南 花子",
  "受付番号情報提供依頼書 回答書の送付先 郵便番号": "810-0001",
  "受付番号情報提供依頼書 回答書の送付先 住所": "福岡県福岡市中央区天神9-9-9",
  "導入計画書 アカウント作成": "済み",
  "導入計画書 利用申請・電子証明書の発行申請": "未実施",
  "導入計画書 カードリーダー 調達状況": "イ",
  "導入計画書 カードリーダー 整備予定月": "2",
  "導入計画書 カードリーダー メーカー名": "富士通",
  "導入計画書 ネットワーク 整備状況": "ア",
  "導入計画書 ネットワーク ネットワーク導入事業者名": "NTT西日本 フレッツ 光クロス",
  "導入計画書 ネットワーク ネットワーク種類": "IP-VPN",
  "導入計画書 導入作業開始（予定）日": "2027-03-01",
  "導入計画書 システム導入事業者名": "霞ヶ浦システム",
  "導入計画書 運用開始（予定）日": "2027-04-01",
  "導入計画書 診療・調剤開始（予定）日": "2027-04-01",
};

/** The same as a record. */
export const RECORD = `facility: {kind: 医科・歯科, name: 天神みなみクリニック, name_kana: テンジンミナミクリニック, postal_code: 810-0001, address: 福岡県福岡市中央区天神9-9-9}
founder: {name: 南 花子, name_kana: ミナミ ハナコ, postal_code: 810-0001, address: 福岡県福岡市中央区天神9-9-9, phone: 092-000-0000}
contact: {phone: 092-000-0000}
designation: {date: 2027-04-01}
receipt_number:
  request_date: 2026-12-10
  reply_to: {name: 南 花子, postal_code: 810-0001, address: 福岡県福岡市中央区天神9-9-9}
introduction_plan:
  account: 済み
  usage_application: 未実施
  reader: {status: イ, month: 2, maker: 富士通}
  network: {status: ア, provider: NTT西日本 フレッツ 光クロス, type: IP-VPN}
  work_start: 2027-03-01
  vendor: 霞ヶ浦システム
  operation_start: 2027-04-01
  practice_start: 2027-04-01
`;
