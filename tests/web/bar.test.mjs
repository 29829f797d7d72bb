/** The bar below the form: what is left, the way to it, and the files that are made. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RECORD } from "./samples.mjs";
import { Clerk, started, visit } from "./support.mjs";

const web = started();

/** With two postal codes of Tokyo at addresses in Fukuoka. */
const DOUBTFUL = RECORD.replace("postal_code: 810-0001", "postal_code: 100-0001").replace(
  "reply_to: {name: 南 花子, postal_code: 810-0001",
  "reply_to: {name: 南 花子, postal_code: 100-0001",
);

/** @param {string} record */
async function opened(record) {
  const visited = await visit(web.chrome, web.server.url);
  const clerk = new Clerk(visited.page);
  await clerk.drop("clinic.yaml", Buffer.from(record));
  await visited.page.locator(".toast").waitFor();
  await clerk.settled();
  const focused = () => visited.page.evaluate(() => document.activeElement?.getAttribute("name"));
  return { ...visited, clerk, focused };
}

describe("the bar below", () => {
  it("leads from warning to warning when nothing is left to fill in", async () => {
    const { page, clerk, focused, close } = await opened(DOUBTFUL);
    const [warned, next] = [page.getByRole("button", { name: "注意 2 件" }), page.locator(".state .next:not(.warned)")];
    await warned.click();
    assert.equal(await focused(), "facility.postal_code");
    assert.equal(await next.innerText(), "次の注意へ");
    await next.click();
    assert.equal(await focused(), "receipt_number.reply_to.postal_code");
    await next.click();
    assert.equal(await focused(), "facility.postal_code");
    // What must be filled in comes first; the warnings can still be reached.
    await clerk.type("開設者 氏名", "");
    await clerk.settled();
    assert.equal(await next.innerText(), "次の記入箇所へ");
    await next.click();
    assert.equal(await focused(), "founder.name");
    await warned.click();
    assert.equal(await focused(), "receipt_number.reply_to.postal_code");
    // With neither, there is nowhere to go.
    await clerk.type("開設者 氏名", "南 花子");
    for (const name of ["医療機関・薬局 郵便番号", "受付番号情報提供依頼書 回答書の送付先 郵便番号"]) await clerk.type(name, "810-0001");
    await clerk.settled();
    assert.equal(await next.isVisible(), false);
    assert.equal(await page.locator(".state .warned").isVisible(), false);
    await close();
  });

  it("makes one PDF of all forms, or one of a form that is finished before another", async () => {
    const { page, clerk, close } = await opened(RECORD);
    assert.equal((await clerk.download("まとめて PDF")).name, "天神みなみクリニック_別紙1・別紙2.pdf");
    await clerk.type("導入計画書 システム導入事業者名", "");
    await clerk.settled();
    await page.getByRole("button", { name: "様式ごとに PDF" }).click();
    const dialog = page.getByRole("dialog", { name: "様式ごとに PDF" });
    const coming = page.waitForEvent("download");
    const asking = page.waitForRequest("**/api/v1/files");
    await dialog.getByRole("button", { name: "別紙1 の PDF を作る" }).click();
    assert.equal((await coming).suggestedFilename(), "天神みなみクリニック_別紙1.pdf");
    assert.deepEqual((await asking).postDataJSON().forms, ["receipt-number"]);
    await dialog.getByText("「天神みなみクリニック_別紙1.pdf」を作りました").waitFor();
    await dialog.getByRole("listitem").filter({ hasText: "別紙2" }).getByText("あと 1 か所").waitFor();
    await dialog.getByRole("button", { name: "別紙2 に記入する" }).click();
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("name")), "introduction_plan.vendor");
    // With one form there is nothing to choose.
    await page.getByRole("checkbox", { name: /^別紙2/ }).uncheck();
    assert.equal((await clerk.download("PDF")).name, "天神みなみクリニック_別紙1.pdf");
    assert.equal(await page.getByRole("button", { name: "様式ごとに PDF" }).count(), 0);
    await close();
  });

  it("leaves to the office what the office fills in", async () => {
    const { page, close } = await visit(web.chrome, web.server.url);
    const clerk = new Clerk(page);
    await clerk.tick("別紙1");
    const field = (/** @type {string} */ key) => page.locator(`[data-key="${key}"]`);
    for (const key of ["receipt_number.reply.number", "receipt_number.reply.date"]) {
      assert.match(await field(key).locator("label").innerText(), /厚生局が記入します/);
      assert.doesNotMatch(await field(key).innerText(), /必要/);
    }
    assert.doesNotMatch(await field("receipt_number.request_date").innerText(), /厚生局が記入します/);
    await clerk.drop("clinic.yaml", Buffer.from(RECORD.split("introduction_plan:")[0]));
    await page.locator(".done").waitFor();
    assert.equal(await clerk.left(), "すべて整いました");
    // The copy for the portal is made after the office's answer, and wants it.
    await clerk.tick("転記票");
    assert.doesNotMatch(await field("receipt_number.reply.number").innerText(), /厚生局が記入します/);
    await close();
  });

  it("names the field of what is found elsewhere, and is silent on how values of other forms were read", async () => {
    const record = RECORD.replace("postal_code: 810-0001", "postal_code: ８１００００１");
    const { page, clerk, focused, close } = await opened(record);
    for (const form of ["別紙1", "別紙2"]) await page.getByRole("checkbox", { name: new RegExp(`^${form}`) }).uncheck();
    await clerk.tick("別紙3");
    await clerk.settled();
    assert.doesNotMatch(await page.locator(".make").innerText(), /読み替えました/);
    await clerk.tick("別紙2");
    await clerk.choose("導入計画書 カードリーダー 調達状況", "ア");
    await clerk.type("導入計画書 カードリーダー 整備予定月", "20");
    await clerk.settled();
    await page.getByRole("checkbox", { name: /^別紙2/ }).uncheck();
    await clerk.settled();
    const general = page.locator(".general");
    assert.match(await general.innerText(), /導入計画書 > カードリーダー > 整備予定月/);
    assert.equal(await clerk.left(), "あと 1 か所");
    await general.getByRole("button", { name: "別紙2を選んで直す" }).click();
    assert.equal(await focused(), "introduction_plan.reader.month");
    await close();
  });

  it("says what is left in whole sentences", async () => {
    const { page, clerk, close } = await opened(RECORD);
    await clerk.type("導入計画書 システム導入事業者名", "");
    await clerk.settled();
    await page.locator(".actions .main").click();
    await page.getByRole("heading", { name: "記入または訂正が必要な欄が、あと 1 か所あります" }).waitFor();
    await close();
  });

  for (const width of [1440, 900]) {
    it(`covers nothing with its messages, and takes them away when they are done with (${width} px)`, async () => {
      const { page, close } = await visit(web.chrome, web.server.url, { viewport: { width, height: 900 } });
      const clerk = new Clerk(page);
      const toast = page.locator(".toast");
      await page.locator(".actions .main").click();
      await toast.getByText("作る様式を選んでください").waitFor();
      await clerk.tick("別紙2");
      await toast.waitFor({ state: "detached" });
      await clerk.drop("clinic.yaml", Buffer.from(RECORD));
      const message = await toast.boundingBox();
      const bar = await page.locator(".actions").boundingBox();
      assert.ok(message && bar);
      assert.ok(message.y >= bar.y && message.y + message.height <= bar.y + bar.height, "the message is in the bar");
      if (width > 1000) {
        for (const pane of [".papers", ".entry"]) {
          const box = await page.locator(pane).boundingBox();
          assert.ok(box && box.y + box.height <= message.y, `${pane} ends above the message`);
        }
      }
      await close();
    });
  }
});
