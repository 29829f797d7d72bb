/** A roster of 300 facilities, twelve of them with an error of their own kind. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, it } from "node:test";
import { CLINIC } from "./samples.mjs";
import { browser, Clerk, folder, onshi, serve, visit } from "./support.mjs";

/** @type {Awaited<ReturnType<typeof serve>>} */
let server;
/** @type {import("playwright-core").Browser} */
let chrome;

before(async () => {
  server = await serve();
  chrome = await browser();
});
after(async () => {
  await chrome.close();
  await server.stop();
});

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
  const { page, close } = await visit(chrome, server.url);
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
  for (const [name, start] of /** @type {const} */ ([["印刷用 PDF", "%PDF"], ["全ファイル（ZIP）", "PK"]])) {
    const coming = page.waitForEvent("download");
    await page.getByRole("link", { name }).first().click();
    assert.equal((await readFile(await (await coming).path())).subarray(0, start.length).toString(), start, name);
  }
  await close();
});
