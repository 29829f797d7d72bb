/** A roster of 300 facilities, twelve of them with an error of their own kind. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { it } from "node:test";
import { CLINIC } from "./samples.mjs";
import { Clerk, folder, onshi, started, visit } from "./support.mjs";

const web = started();

/** Twelve kinds of errors: the row, its column, what is written there, and a word of what is said or advised. */
const ERRORS = /** @type {[number, string, string, string][]} */ ([
  [5, "医療機関・薬局 郵便番号", "7600", "7桁"],
  [10, "開設者 電話番号", "八七", "電話番号"],
  [23, "ネットワーク ネットワーク種類", "ISDN", "IP-VPN"],
  [41, "開設者 氏名", "髙﨑 \u{E000}子", "外字"],
  [57, "導入計画書 運用開始（予定）日", "2027/2/30", "2月"],
  [78, "医療機関・薬局 フリガナ", "Tenjin", "カタカナ"],
  [99, "医療機関・薬局 名称", "", "ありません"],
  [120, "導入計画書 運用開始（予定）日", "2027-02-01", "⑫"],
  [150, "カードリーダー 整備予定月", "13", "12"],
  [187, "導入計画書 アカウント作成", "たぶん", "済み"],
  [222, "開設者 Email", "minami.example.jp", "メールアドレス"],
  [299, "指定 指定希望日", "未定", "日付"],
]);

const ROWS = 300;

/** What is made of a list: its link, the name it is saved under, and how it begins. */
const FILES = [
  ["印刷用 PDF", "印刷用.pdf", "%PDF"],
  ["全ファイル（ZIP）", "全ファイル.zip", "PK"],
  ["集計（Excel）", "集計.xlsx", "PK"],
  ["直すところの一覧（CSV）", "直すところ.csv", "\uFEFF"],
  ["訂正のお願い（PDF）", "訂正のお願い.pdf", "%PDF"],
  ["宛名ラベル（PDF）", "宛名ラベル.pdf", "%PDF"],
  ["送付状（PDF）", "送付状.pdf", "%PDF"],
];

/** The roster as CSV, under the headings of an empty one of the program. */
async function roster() {
  const desk = await folder();
  const path = join(desk.path, "r.csv");
  await onshi(["roster", "別紙1", "別紙2", "-o", path]);
  const headings = (await readFile(path, "utf8")).replace(/^\uFEFF/, "").split(/\r?\n/)[0].split(",");
  await desk.gone();
  /** @type {Map<string, string>} By the last two parts of a field's name, as headings have it. */
  const values = new Map(Object.entries(CLINIC).map(([name, value]) => [name.split(" ").slice(-2).join(" "), value]));
  values.set("医療機関・薬局 種別", "医科");
  const lines = [headings.join(",")];
  for (let row = 1; row <= ROWS; row += 1) {
    const own = new Map(values).set("医療機関・薬局 名称", `第${row}クリニック`);
    for (const [at, column, value] of ERRORS) if (at === row) own.set(column, value);
    lines.push(headings.map((heading) => own.get(heading) ?? "").join(","));
  }
  return Buffer.from(`\uFEFF${lines.join("\r\n")}\r\n`);
}

it("makes the forms of the good rows and names the errors of the others", async () => {
  const { page, close } = await visit(web.chrome, web.server.url);
  const clerk = new Clerk(page);
  await clerk.drop("会員名簿.csv", await roster());
  await page.getByText("「会員名簿.csv」は名簿です").waitFor();
  await page.locator(".roster table").waitFor({ timeout: 120_000 });
  const facts = await page.locator(".roster .facts dd").allInnerTexts();
  assert.deepEqual(facts, [`${ROWS} 施設`, String(ROWS - ERRORS.length), String(ERRORS.length)]);
  for (const [row, column, , said] of ERRORS) {
    // The heading is the first row of the file.
    const line = page.locator(".roster tbody tr").filter({ has: page.getByRole("rowheader", { name: String(row + 1), exact: true }) });
    const texts = await line.allInnerTexts();
    const text = texts.find((text) => text.includes(column)) ?? "";
    assert.ok(text.includes(said), `row ${row + 1}, ${column}: ${texts.join(" / ")}`);
  }
  for (const [name, called, start] of FILES) {
    const coming = page.waitForEvent("download");
    await page.getByRole("link", { name, exact: true }).click();
    const file = await coming;
    assert.equal(file.suggestedFilename(), called);
    const bytes = await readFile(await file.path());
    assert.ok(bytes.subarray(0, Buffer.from(start).length).equals(Buffer.from(start)), name);
    // The lists in it are called as they are outside of it.
    if (called === "全ファイル.zip") {
      for (const list of ["集計.xlsx", "直すところ.csv", "訂正のお願い.pdf"]) assert.ok(bytes.includes(list), list);
    }
  }
  await close();
});

/** A list as an association has it: two columns may be several fields, and nothing says the dates. */
const LIST = [
  "施設名,郵便番号,都道府県,市区町村,番地,TEL,FAX番号,開設者名,種別,紹介者",
  "みなとの丘内科,760-0011,香川県,高松市,浜ノ町1-20,087-000-0001,087-000-0002,港 花子,医科,桜",
  "桜医院,760-0012,香川県,高松市,本町2-3,087-000-0003,,桜 太郎,医科,港",
].join("\r\n");

it("matches the columns of a list with headings of its own, and saves and loads the map", async () => {
  const { page, close } = await visit(web.chrome, web.server.url);
  const clerk = new Clerk(page);
  await clerk.drop("会員名簿.csv", Buffer.from(LIST));
  const match = page.locator(".match");
  await match.waitFor();
  // Each column with its values.
  const row = (/** @type {string} */ name) => match.locator("tbody tr").filter({ has: page.getByRole("rowheader", { name, exact: true }) });
  assert.match((await row("施設名").innerText()).replace(/\s+/g, " "), /みなとの丘内科 桜医院/);
  assert.equal(await page.getByLabel("施設名 の項目").inputValue(), "facility.name");
  assert.equal(await page.getByLabel("番地 の項目").inputValue(), "facility.address");
  assert.equal(await page.getByLabel("FAX番号 の項目").inputValue(), "-");
  assert.equal(await page.getByLabel("TEL の項目").inputValue(), "");
  // With the form that is to be made, TEL is the only telephone number there is.
  await match.getByLabel("別紙1", { exact: false }).first().check();
  await match.locator("select[aria-label^=TEL] option:checked[value='contact.phone']").waitFor({ state: "attached" });
  // Nothing is made before every column is decided; the keyboard is at the one that is not.
  await page.getByRole("button", { name: "この対応で作る" }).click();
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("aria-label")), "紹介者 の項目");
  await page.getByLabel("紹介者 の項目").selectOption("-");
  await page.getByText("すべての列が決まっています").waitFor();
  const constants = {
    "指定 指定希望日": "2027-06-01",
    "受付番号情報提供依頼書 依頼日": "2027-03-01",
    "回答書の送付先 氏名": "事務局",
    "回答書の送付先 郵便番号": "760-0001",
    "回答書の送付先 住所": "香川県高松市番町1-1",
  };
  for (const [name, value] of Object.entries(constants)) {
    const answered = page.waitForResponse((response) => response.url().endsWith("/map"));
    await match.getByLabel(name, { exact: true }).fill(value);
    await page.keyboard.press("Tab");
    await answered;
  }
  const coming = page.waitForEvent("download");
  await page.getByRole("button", { name: "対応表を保存" }).click();
  const saved = await coming;
  assert.equal(saved.suggestedFilename(), "会員名簿の対応表.yaml");
  const yaml = await readFile(await saved.path(), "utf8");
  assert.match(yaml, /施設名: 医療機関・薬局 名称/);
  assert.match(yaml, /指定 指定希望日: 2027-06-01/);
  await page.getByRole("button", { name: "この対応で作る" }).click();
  await page.locator(".roster .facts").waitFor({ timeout: 60_000 });
  assert.deepEqual(await page.locator(".roster .facts dd").allInnerTexts(), ["2 施設", "2", "0"]);
  // The same map again, for the list of another year.
  await clerk.drop("会員名簿.csv", Buffer.from(LIST));
  await match.waitFor();
  const choosing = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "対応表を開く" }).click();
  await (await choosing).setFiles({ name: "対応表.yaml", mimeType: "application/yaml", buffer: Buffer.from(yaml) });
  await page.getByText("すべての列が決まっています").waitFor();
  assert.equal(await match.getByLabel("指定 指定希望日", { exact: true }).inputValue(), "2027-06-01");
  await page.getByRole("button", { name: "この対応で作る" }).click();
  await page.locator(".roster .facts").waitFor({ timeout: 60_000 });
  assert.deepEqual(await page.locator(".roster .facts dd").allInnerTexts(), ["2 施設", "2", "0"]);
  await close();
});

it("goes on with the map as it was when another cannot be taken", async () => {
  const { page, context, close } = await visit(web.chrome, web.server.url);
  const clerk = new Clerk(page);
  await clerk.drop("会員名簿.csv", Buffer.from(LIST));
  await page.locator(".match").waitFor();
  const load = async (/** @type {string} */ yaml) => {
    const choosing = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "対応表を開く" }).click();
    await (await choosing).setFiles({ name: "対応表.yaml", mimeType: "application/yaml", buffer: Buffer.from(yaml) });
  };
  const saved = async () => {
    const coming = page.waitForEvent("download");
    await page.getByRole("button", { name: "対応表を保存" }).click();
    return readFile(await (await coming).path(), "utf8");
  };
  const trouble = page.getByRole("alert").locator("p").first();
  const yaml = await saved();
  await load("columns: [");
  await trouble.waitFor();
  assert.equal(await saved(), yaml);
  assert.equal(await trouble.count(), 0);
  // The server is busy for a moment.
  let isBusy = true;
  await context.route("**/api/v1/map", (route) => (isBusy ? route.fulfill({ status: 503, body: "" }) : route.continue()));
  const busy = page.getByRole("alert").getByText("処理が重なっています");
  await load(yaml);
  await busy.waitFor();
  // Pressed meanwhile, it says why nothing comes.
  await page.getByRole("alert").getByRole("button", { name: "閉じる" }).click();
  await page.getByRole("button", { name: "この対応で作る" }).click();
  await busy.waitFor();
  isBusy = false;
  await page.getByRole("button", { name: "この対応で作る" }).click();
  await page.getByText("決まっていない列があります。").waitFor();
  assert.equal(await busy.count(), 0);
  // To try again is to open the map.
  isBusy = true;
  await load(yaml);
  await busy.waitFor();
  isBusy = false;
  await page.getByRole("alert").getByRole("button", { name: "もう一度" }).click();
  await page.getByText("対応表「対応表.yaml」を開きました").waitFor();
  await close();
});

it("gives an empty roster of the forms that are chosen, and makes those of a list", async () => {
  const { page, close } = await visit(web.chrome, web.server.url);
  const clerk = new Clerk(page);
  await page.locator("nav a[data-view=roster]").click();
  await page.getByRole("checkbox", { name: /^別紙1/ }).check();
  const coming = page.waitForEvent("download");
  await page.getByRole("link", { name: "空の名簿をダウンロード（Excel）" }).click();
  const file = await coming;
  assert.equal(file.suggestedFilename(), "名簿.xlsx");
  // The program knows its own roster, which has the example row alone: nothing to make, and no error.
  await clerk.drop("名簿.xlsx", await readFile(await file.path()));
  await page.getByText("「名簿.xlsx」は名簿です").waitFor();
  await page.locator(".roster .further").waitFor({ timeout: 60_000 });
  assert.match(await page.locator(".roster").innerText(), /施設がありません|行がありません/);
  await page.reload();
  // A list with values for 別紙1 and 別紙2, of which only the one that is chosen is made.
  await page.getByRole("checkbox", { name: /^別紙1/ }).check();
  const all = (await roster()).toString().split("\r\n");
  await clerk.drop("会員名簿.csv", Buffer.from(all.slice(0, 3).join("\r\n")));
  await page.locator(".roster .facts").waitFor({ timeout: 60_000 });
  assert.deepEqual(await page.locator(".roster .facts dd").allInnerTexts(), ["2 施設", "2", "0"]);
  const zip = page.waitForEvent("download");
  await page.getByRole("link", { name: "全ファイル（ZIP）" }).click();
  const bytes = await readFile(await (await zip).path());
  assert.ok(bytes.includes("別紙1") || bytes.includes("receipt-number"));
  assert.ok(!bytes.includes("別紙2") && !bytes.includes("introduction-plan"));
  await close();
});

it("speaks of a list without words of the command line", async () => {
  const { page, close } = await visit(web.chrome, web.server.url);
  const clerk = new Clerk(page);
  await clerk.drop("会員名簿.csv", Buffer.from(LIST));
  const match = page.locator(".match");
  await match.waitFor();
  await match.getByLabel("別紙1", { exact: false }).first().check();
  await match.locator("select[aria-label^=TEL] option:checked[value='contact.phone']").waitFor({ state: "attached" });
  await page.getByLabel("紹介者 の項目").selectOption("-");
  await page.getByText("すべての列が決まっています").waitFor();
  // The dates are not there: the list is refused, with what to do on this page.
  await page.getByRole("button", { name: "この対応で作る" }).click();
  await page.locator(".roster tbody tr").first().waitFor({ timeout: 60_000 });
  const said = await page.locator(".roster").innerText();
  assert.match(said, /列を足して|列を足すか/);
  assert.doesNotMatch(said, /--[a-z]|onshi [a-z]/);
  await close();
});
