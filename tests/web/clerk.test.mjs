/** The clerk's whole way: 別紙1 and 別紙2 of a clinic, with the slips that people make. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CLINIC, RECORD } from "./samples.mjs";
import { Clerk, ONSHI, started, visit } from "./support.mjs";

const web = started();

/** Slips, each with a word of what the page says of it; `null` where it only reads it right. */
const SLIPS = [
  ["医療機関・薬局 フリガナ", "ﾃﾝｼﾞﾝﾐﾅﾐｸﾘﾆｯｸ", "テンジンミナミクリニック"],
  ["医療機関・薬局 郵便番号", "810-00", "7桁"],
  ["医療機関・薬局 郵便番号", "８１００００１", "810-0001"],
  ["医療機関・薬局 所在地", "福岡市中央区天神9-9-9", "都道府県"],
  ["開設者 電話番号", "92-000-0000", "0"],
  ["開設者 氏名", "南 \u{E000}子", "外字"],
  ["指定 指定希望日", "R9.4.31", "4月"],
  ["指定 指定希望日", "R9.4.1", "令和9年4月1日（木）"],
  ["導入計画書 運用開始（予定）日", "令和9年2月1日", "⑫"],
];

describe("the clerk's way", () => {
  it("ends with forms that an office takes", async (test) => {
    const { page, close } = await visit(web.chrome, web.server.url);
    const clerk = new Clerk(page);
    const began = Date.now();
    await clerk.tick("別紙1");
    await clerk.tick("別紙2");
    assert.match(await clerk.left(), /^あと \d+ か所$/);
    await clerk.fill(CLINIC);
    const files = [];
    assert.equal(await clerk.left(), "すべて整いました");
    files.push(await clerk.download("まとめて PDF"));
    const seconds = (Date.now() - began) / 1000;
    test.diagnostic(`${clerk.typed} fields typed, ${seconds.toFixed(1)} s to the PDF`);
    files.push(await clerk.download("Excel"));
    const [pdf, xlsx] = files;
    assert.ok(pdf.name.startsWith("天神みなみクリニック_") && pdf.name.endsWith(".pdf"), pdf.name);
    assert.equal(pdf.bytes.subarray(0, 5).toString(), "%PDF-");
    // All forms in one workbook, and no zip of workbooks.
    assert.ok(xlsx.name.startsWith("天神みなみクリニック_") && xlsx.name.endsWith(".xlsx"), xlsx.name);
    assert.equal(xlsx.bytes.subarray(0, 2).toString(), "PK");
    // One page of 別紙1 for medicine, one for dentistry, and 別紙2.
    assert.equal(await page.locator(".paper").count(), 3);
    await close();
  });

  it("meets each slip at its field", async () => {
    const { page, close } = await visit(web.chrome, web.server.url);
    const clerk = new Clerk(page);
    await clerk.tick("別紙1");
    await clerk.tick("別紙2");
    await clerk.fill(CLINIC);
    for (const [name, slip, said] of SLIPS) {
      await clerk.type(name, slip);
      assert.ok((await clerk.notes(name)).includes(said), `${name} ${slip}: ${await clerk.notes(name)}`);
      await clerk.type(name, CLINIC[name]);
    }
    assert.equal(await clerk.left(), "すべて整いました");
    await close();
  });

  it("says at once that nothing is sent, and asks nothing of an empty form", async () => {
    const { page, close } = await visit(web.chrome, web.server.url);
    const clerk = new Clerk(page);
    assert.ok(await page.getByText("何も送信しません").isVisible());
    await clerk.tick("別紙2");
    await clerk.settled();
    // What is empty is counted, and said where the clerk has been.
    assert.equal(await page.locator(".note").count(), 0);
    await clerk.field("医療機関・薬局 名称").focus();
    await clerk.field("医療機関・薬局 フリガナ").focus();
    assert.ok((await clerk.notes("医療機関・薬局 名称")).includes("ありません"));
    await close();
  });

  it("puts a keystroke on the paper, and leaves focus, caret and scroll where they are", async () => {
    const { page, close } = await visit(web.chrome, web.server.url);
    const clerk = new Clerk(page);
    await clerk.tick("別紙2");
    const field = clerk.field("導入計画書 システム導入事業者名");
    await field.focus();
    const before = await page.evaluate(() => document.querySelector(".entry")?.scrollTop);
    await field.pressSequentially("霞が関");
    await page.getByText("霞が関", { exact: true }).first().waitFor();
    await field.press("Home");
    await field.pressSequentially("新");
    await clerk.settled();
    assert.ok((await clerk.paper()).includes("新霞が関"));
    const now = await page.evaluate(() => {
      const active = /** @type {HTMLInputElement} */ (document.activeElement);
      return { value: active.value, caret: active.selectionStart, scroll: document.querySelector(".entry")?.scrollTop };
    });
    assert.deepEqual(now, { value: "新霞が関", caret: 1, scroll: before });
    await close();
  });

  it("shows how long a keystroke takes to the paper", async (test) => {
    const { page, close } = await visit(web.chrome, web.server.url);
    const clerk = new Clerk(page);
    await clerk.tick("別紙1");
    await clerk.tick("別紙2");
    await clerk.fill(CLINIC);
    // From the event to the change of the sheets, which nothing else changes.
    await page.evaluate(() => {
      const papers = document.querySelector(".papers");
      /** @type {number[]} */
      const times = [];
      Object.assign(window, { times });
      let began = 0;
      addEventListener("input", (event) => (began = event.timeStamp), true);
      const seen = new MutationObserver(() => {
        if (began > 0) times.push(performance.now() - began);
        began = 0;
      });
      if (papers) seen.observe(papers, { childList: true, subtree: true, characterData: true });
    });
    const field = clerk.field("導入計画書 システム導入事業者名");
    await field.focus();
    await field.press("End");
    const KEYS = 50;
    for (let key = 1; key <= KEYS; key += 1) {
      await field.press(key % 2 === 1 ? "a" : "Backspace");
      await page.waitForFunction((key) => /** @type {any} */ (window).times.length >= key, key);
    }
    const times = await page.evaluate(() => /** @type {any} */ (window).times);
    times.sort((/** @type {number} */ a, /** @type {number} */ b) => a - b);
    const build = ONSHI.includes("/debug/") ? "debug build" : "the program that is named";
    test.diagnostic(`keystroke to paper, 別紙1 and 別紙2: median ${times[KEYS / 2].toFixed(0)} ms, worst ${times[KEYS - 1].toFixed(0)} ms of ${KEYS} (${build})`);
    assert.equal(times.length, KEYS);
    await close();
  });

  it("leaves an input method alone until the text is the clerk's", async () => {
    const { page, context, close } = await visit(web.chrome, web.server.url);
    const clerk = new Clerk(page);
    await clerk.tick("別紙2");
    await clerk.settled();
    await clerk.field("医療機関・薬局 名称").focus();
    let asked = 0;
    page.on("request", (request) => (asked += request.url().endsWith("/fill") ? 1 : 0));
    const devtools = await context.newCDPSession(page);
    for (const text of ["て", "てん", "てんじ", "てんじん"]) {
      await devtools.send("Input.imeSetComposition", { text, selectionStart: text.length, selectionEnd: text.length });
    }
    assert.equal(await clerk.field("医療機関・薬局 名称").inputValue(), "てんじん");
    assert.equal(asked, 0);
    await devtools.send("Input.insertText", { text: "天神" });
    await clerk.settled();
    assert.equal(await clerk.field("医療機関・薬局 名称").inputValue(), "天神");
    assert.ok((await clerk.paper()).includes("天神"));
    assert.ok(asked > 0);
    await close();
  });

  it("copies a place and a person, offers a town for a postal code and puts in what is suggested", async () => {
    const { page, close } = await visit(web.chrome, web.server.url);
    const clerk = new Clerk(page);
    await clerk.tick("別紙1");
    await clerk.tick("別紙2");
    const place = page.getByRole("button", { name: "福岡県福岡市中央区天神 を所在地に入れる" });
    // Of another town in the same city.
    await clerk.type("医療機関・薬局 所在地", "福岡市中央区渡辺通1-1");
    await clerk.type("医療機関・薬局 郵便番号", "810-0001");
    await place.click();
    await page.waitForFunction(() => [.../** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll("input, textarea"))].some((field) => field.value === "福岡県福岡市中央区渡辺通1-1"));
    assert.equal(await clerk.field("医療機関・薬局 所在地").inputValue(), "福岡県福岡市中央区渡辺通1-1");
    await clerk.type("医療機関・薬局 所在地", "");
    await clerk.type("医療機関・薬局 郵便番号", "");
    await clerk.type("医療機関・薬局 郵便番号", "810-0001");
    await place.click();
    await page.waitForFunction(() => [.../** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll("input, textarea"))].some((field) => field.value === "福岡県福岡市中央区天神"));
    assert.equal(await clerk.field("医療機関・薬局 所在地").inputValue(), "福岡県福岡市中央区天神");
    await clerk.type("医療機関・薬局 所在地", "福岡県福岡市中央区天神9-9-9");
    await clerk.type("開設者 氏名", "南 花子");
    await page.getByRole("button", { name: "所在地と同じ" }).first().click();
    assert.equal(await clerk.field("開設者 住所").inputValue(), "福岡県福岡市中央区天神9-9-9");
    assert.equal(await clerk.field("開設者 郵便番号").inputValue(), "810-0001");
    const replyTo = page.getByRole("group", { name: "回答書の送付先" });
    await replyTo.getByRole("button", { name: "開設者と同じ" }).click();
    assert.equal(await clerk.field("受付番号情報提供依頼書 回答書の送付先 氏名").inputValue(), "南 花子");
    assert.equal(await clerk.field("受付番号情報提供依頼書 回答書の送付先 住所").inputValue(), "福岡県福岡市中央区天神9-9-9");
    await clerk.settled();
    assert.ok((await clerk.paper()).includes("九州厚生局"));
    await close();
  });

  it("offers the places of the code that is typed, in the record that is there", async () => {
    const { page, context, close } = await visit(web.chrome, web.server.url);
    const clerk = new Clerk(page);
    const [code, address] = ["医療機関・薬局 郵便番号", "医療機関・薬局 所在地"];
    const place = page.getByRole("button", { name: "を所在地に入れる" });
    const answered = () => page.waitForResponse((response) => response.url().includes("/postal/"));
    await clerk.tick("別紙2");
    await clerk.type(code, "810-0001");
    await place.waitFor();
    // With the fields built anew there is nothing left of an offer that could write past them.
    await clerk.tick("別紙1");
    assert.equal(await place.count(), 0);
    await clerk.type(code, "");
    await clerk.type(code, "810-0001");
    await place.waitFor();
    await page.getByRole("button", { name: "新しく始める" }).click();
    assert.equal(await place.count(), 0);
    // An answer that comes when its code is no longer typed, and one that comes when its record is gone.
    await context.route("**/api/v1/postal/8100001*", async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 800));
      await route.continue();
    });
    for (const gone of [
      () => clerk.type(code, "760-001"),
      () => clerk.drop("clinic.yaml", Buffer.from("facility: {postal_code: 810-0001}")),
    ]) {
      const late = answered();
      await clerk.type(code, "810-0001");
      await gone();
      await late;
      await clerk.settled();
      assert.equal(await place.count(), 0);
    }
    // An address that is opened while a place is put in.
    await clerk.type(code, "");
    await clerk.type(code, "810-0001");
    await place.click();
    await clerk.drop("clinic.yaml", Buffer.from("facility: {postal_code: 810-0001, address: 渡辺通1-1}"));
    await page.getByText("「clinic.yaml」の記録を開きました").waitFor();
    await page.waitForTimeout(1000);
    assert.equal(await clerk.field(address).inputValue(), "渡辺通1-1");
    const saved = await clerk.download("保存");
    assert.match(saved.bytes.toString(), /渡辺通1-1/);
    await close();
  });

  it("goes from the paper to the field and back", async () => {
    const { page, close } = await visit(web.chrome, web.server.url);
    const clerk = new Clerk(page);
    await clerk.tick("別紙2");
    const box = page.locator('[data-field="introduction_plan.vendor"]');
    await box.locator("rect").first().click();
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("name")), "introduction_plan.vendor");
    assert.match((await box.getAttribute("class")) ?? "", /current/);
    await close();
  });

  it("prints the forms alone, and a draft as a draft", async () => {
    const { page, close } = await visit(web.chrome, web.server.url);
    const clerk = new Clerk(page);
    await clerk.tick("別紙2");
    await clerk.settled();
    const draft = page.locator(".draft");
    await page.emulateMedia({ media: "print" });
    assert.match(await draft.innerText(), /下書き.*提出できません/);
    for (const gone of [".head", ".entry", ".actions"]) assert.equal(await page.locator(gone).isVisible(), false);
    await page.emulateMedia({ media: "screen" });
    await clerk.drop("clinic.yaml", Buffer.from(RECORD));
    await page.locator(".done").waitFor();
    await page.emulateMedia({ media: "print" });
    assert.equal(await draft.first().isVisible(), false);
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString("latin1");
    assert.equal(pdf.match(/\/Type \/Page\b/g)?.length, 3);
    await close();
  });

  it("prints what is written now, and marks the paper until the program has answered", async () => {
    const { page, context, close } = await visit(web.chrome, web.server.url);
    const clerk = new Clerk(page);
    await clerk.drop("clinic.yaml", Buffer.from(RECORD));
    await page.locator(".done").waitFor();
    await page.evaluate(() => {
      /** @type {(string | null | undefined)[]} */
      const printed = [];
      Object.assign(window, { printed });
      window.print = () => printed.push(document.querySelector(".papers")?.textContent);
    });
    const printed = () => page.evaluate(() => /** @type {string[]} */ (/** @type {any} */ (window).printed));
    const vendor = "導入計画書 システム導入事業者名";
    const print = page.getByRole("button", { name: "印刷", exact: true });
    /** Keeps the answers of the program back; what lets them go. */
    const held = async () => {
      let go = () => {};
      const gone = new Promise((resolve) => (go = () => resolve(null)));
      await context.route("**/api/v1/fill", async (route) => {
        await gone;
        await route.continue();
      });
      return async () => {
        go();
        await clerk.settled();
        await context.unroute("**/api/v1/fill");
      };
    };
    const letGo = await held();
    await clerk.field(vendor).fill("土浦システム");
    // However it is printed.
    const [stale, draft] = [page.locator(".stale").first(), page.locator(".draft").first()];
    await page.emulateMedia({ media: "print" });
    assert.match(await stale.innerText(), /下書き.*提出できません/);
    assert.equal(await draft.isVisible(), false);
    await page.emulateMedia({ media: "screen" });
    assert.equal(await stale.isVisible(), false);
    await print.click();
    assert.deepEqual(await printed(), []);
    await letGo();
    await page.waitForFunction(() => /** @type {any} */ (window).printed.length === 1);
    assert.ok((await printed())[0].includes("土浦システム"));
    await page.emulateMedia({ media: "print" });
    assert.equal(await stale.isVisible(), false);
    await page.emulateMedia({ media: "screen" });
    // After no answer, and while it is asked anew.
    await context.route("**/api/v1/fill", (route) => route.abort());
    await clerk.field(vendor).fill("石岡システム");
    await page.getByRole("alert").getByText("onshi が応答しません").waitFor();
    await context.unroute("**/api/v1/fill");
    const letGoAgain = await held();
    await page.getByRole("alert").getByRole("button", { name: "もう一度" }).click();
    await print.click();
    await letGoAgain();
    await page.waitForFunction(() => /** @type {any} */ (window).printed.length === 2);
    assert.ok((await printed())[1].includes("石岡システム"));
    // A file with errors that was opened meanwhile is no finished form.
    const letGoLast = await held();
    await clerk.drop("other.yaml", Buffer.from(RECORD.replace("霞ヶ浦システム", "''")));
    await page.waitForFunction(() => document.querySelector(".make")?.getAttribute("aria-busy") === "true");
    await print.click();
    await letGoLast();
    await page.getByRole("dialog").getByRole("button", { name: "下書きとして印刷" }).click();
    await page.waitForFunction(() => /** @type {any} */ (window).printed.length === 3);
    assert.ok(!(await printed())[2].includes("石岡システム"));
    await close();
  });

  it("loses nothing in a reload and when another file is opened", async () => {
    const { page, close } = await visit(web.chrome, web.server.url);
    const clerk = new Clerk(page);
    await clerk.tick("別紙2");
    await clerk.type("医療機関・薬局 名称", "天神みなみクリニック");
    await page.reload();
    assert.equal(await clerk.field("医療機関・薬局 名称").inputValue(), "天神みなみクリニック");
    await clerk.drop("clinic.yaml", Buffer.from(RECORD));
    await page.getByRole("button", { name: "元に戻す" }).click();
    assert.equal(await clerk.field("医療機関・薬局 名称").inputValue(), "天神みなみクリニック");
    assert.equal(await clerk.field("医療機関・薬局 フリガナ").inputValue(), "");
    await close();
  });

  it("orders the papers and the file as the forms are listed, whichever was ticked first", async () => {
    const { page, close } = await visit(web.chrome, web.server.url);
    const clerk = new Clerk(page);
    await clerk.tick("別紙2");
    await clerk.tick("別紙1");
    await clerk.fill(CLINIC);
    assert.deepEqual(await page.locator(".paper .name").allTextContents(), ["別紙1 医科", "別紙1 歯科", "別紙2"]);
    const asking = page.waitForRequest("**/api/v1/files");
    await clerk.download("Excel");
    assert.deepEqual((await asking).postDataJSON().forms, ["receipt-number", "introduction-plan"]);
    await close();
  });

  it("adds to a list and takes from it", async () => {
    const { page, close } = await visit(web.chrome, web.server.url);
    const clerk = new Clerk(page);
    await clerk.tick("様式2");
    await clerk.choose("カードリーダー提供申請書 希望機種 1 製品名", "Caora");
    await page.getByRole("button", { name: "希望機種を追加" }).click();
    await clerk.choose("カードリーダー提供申請書 希望機種 2 製品名", "Hi-CARA");
    await clerk.settled();
    await page.getByRole("button", { name: "希望機種 1を削除" }).click();
    await clerk.settled();
    assert.equal(await clerk.field("カードリーダー提供申請書 希望機種 1 製品名").inputValue(), "Hi-CARA");
    assert.equal(await page.locator(".item").count(), 1);
    await close();
  });

  it("saves a record that it opens again", async () => {
    const { page, close } = await visit(web.chrome, web.server.url);
    const clerk = new Clerk(page);
    await clerk.drop("clinic.yaml", Buffer.from(RECORD));
    await page.locator(".done").waitFor();
    const saved = await clerk.download("保存");
    assert.match(saved.name, /\.yaml$/);
    await page.getByRole("button", { name: "新しく始める" }).click();
    await clerk.drop(saved.name, saved.bytes);
    await page.locator(".done").waitFor();
    for (const [name, value] of Object.entries(CLINIC)) assert.equal(await clerk.field(name).inputValue(), value, name);
    await close();
  });
});
