/** Whatever is dropped on the page is recognised by its content, and opened or refused in words. */

import assert from "node:assert/strict";
import { readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { RECORD } from "./samples.mjs";
import { Clerk, folder, onshi, ROOT, started, visit } from "./support.mjs";

const web = started();
/** @type {Awaited<ReturnType<typeof folder>>} */
let desk;

before(async () => {
  desk = await folder();
  await writeFile(join(desk.path, "clinic.yaml"), RECORD);
});
after(async () => {
  await desk.gone();
});

/**
 * A file that the program makes of the record.
 *
 * @param {string} name
 * @param {...string} args
 */
async function made(name, ...args) {
  const path = join(desk.path, name);
  await onshi(["fill", join(desk.path, "clinic.yaml"), "--form", "別紙2", ...args, "-o", path]);
  return readFile(path);
}

describe("opening", () => {
  it("takes the values of a workbook filled in", async () => {
    const { page, close } = await visit(web.chrome, web.server.url);
    const clerk = new Clerk(page);
    await clerk.drop("導入計画書.xlsx", await made("plan.xlsx"));
    await page.getByText("「導入計画書.xlsx」は記入済みの Excel です").waitFor();
    assert.equal(await clerk.field("医療機関・薬局 名称").inputValue(), "天神みなみクリニック");
    assert.equal(await clerk.left(), "すべて整いました");
    await close();
  });

  it("takes the record out of a PDF that carries it, and knows it by its content", async () => {
    const { page, close } = await visit(web.chrome, web.server.url);
    const clerk = new Clerk(page);
    // A name that says nothing.
    await clerk.drop("scan0001", await made("plan.pdf", "--carry-record"));
    await page.getByText("「scan0001」は記録を添付した PDF です").waitFor();
    assert.equal(await clerk.field("導入計画書 システム導入事業者名").inputValue(), "霞ヶ浦システム");
    await close();
  });

  it("attaches the forms to an application", async () => {
    const { page, close } = await visit(web.chrome, web.server.url);
    const clerk = new Clerk(page);
    await clerk.drop("clinic.yaml", Buffer.from(RECORD.replace(/receipt_number:[^]*?introduction_plan/, "introduction_plan")));
    await page.locator(".done").waitFor();
    const application = await made("application.pdf");
    await clerk.drop("申請書.pdf", application);
    await page.getByText("申請書: 申請書.pdf").waitFor();
    const coming = page.waitForEvent("download");
    await page.getByRole("button", { name: "付けた PDF を作る" }).click();
    const attached = await readFile(await (await coming).path());
    assert.ok(attached.subarray(0, application.length).equals(application), "the application is kept byte for byte");
    assert.ok(attached.length > application.length);
    await close();
  });

  it("attaches the forms that are ticked, and none without a tick", async () => {
    const { page, close } = await visit(web.chrome, web.server.url);
    const clerk = new Clerk(page);
    await clerk.drop("clinic.yaml", Buffer.from(RECORD));
    await page.locator(".done").waitFor();
    await clerk.drop("申請書.pdf", await made("application.pdf"));
    await page.getByText("申請書: 申請書.pdf").waitFor();
    // 別紙2 is what an application has attached; 別紙1 goes another way.
    const [first, second] = ["別紙1", "別紙2"].map((form) => page.locator(".attach").getByRole("checkbox", { name: new RegExp(`^${form}`) }));
    assert.deepEqual([await first.isChecked(), await second.isChecked()], [false, true]);
    const make = page.getByRole("button", { name: "付けた PDF を作る" });
    /** The pages that are added: 別紙1 has one for medicine and one for dentistry. */
    const added = async () => {
      const coming = page.waitForEvent("download");
      await make.click();
      const file = await coming;
      assert.equal(file.suggestedFilename(), "天神みなみクリニック_指定申請書.pdf");
      return (await readFile(await file.path())).toString("latin1").match(/\/Type ?\/Page\b/g)?.length ?? 0;
    };
    const one = await added();
    await first.check();
    // The keyboard stays where it was.
    assert.equal(await page.evaluate(() => document.activeElement?.id), "attach-receipt-number");
    assert.equal((await added()) - one, 2);
    await first.uncheck();
    await second.uncheck();
    await page.getByText("付ける様式を選んでください").waitFor();
    assert.equal(await make.count(), 0);
    await close();
  });

  it("attaches nothing while the forms are not finished, however late that is known", async () => {
    const { page, context, close } = await visit(web.chrome, web.server.url);
    const clerk = new Clerk(page);
    await clerk.drop("clinic.yaml", Buffer.from(RECORD));
    await page.locator(".done").waitFor();
    await clerk.drop("申請書.pdf", await made("application.pdf"));
    await page.getByRole("button", { name: "付けた PDF を作る" }).waitFor();
    await page.locator("nav a[data-view=make]").click();
    await context.route("**/api/v1/fill", async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 500));
      await route.continue();
    });
    await clerk.field("導入計画書 システム導入事業者名").fill("");
    await page.locator("nav a[data-view=attach]").click();
    await page.getByText("先に「様式を作る」で様式を完成させてください（あと 1 か所）").waitFor();
    assert.equal(await page.getByRole("button", { name: "付けた PDF を作る" }).count(), 0);
    await close();
  });

  it("asks for a file again that was changed after it was chosen", async () => {
    const { page, close } = await visit(web.chrome, web.server.url);
    const clerk = new Clerk(page);
    await clerk.drop("clinic.yaml", Buffer.from(RECORD));
    await page.locator(".done").waitFor();
    await page.locator("nav a[data-view=attach]").click();
    await made("changed.pdf");
    const path = join(desk.path, "changed.pdf");
    await page.locator(".attach input[type=file]").setInputFiles(path);
    await page.getByText("申請書: changed.pdf").waitFor();
    // Its time is what a browser knows a file by.
    await writeFile(path, "%PDF-1.7");
    await utimes(path, 1, 1);
    await page.getByRole("button", { name: "付けた PDF を作る" }).click();
    const alert = page.getByRole("alert");
    await alert.getByText("選んだ後にファイルが変更または移動された").waitFor();
    assert.equal(await alert.getByText("onshi が応答しません").count(), 0);
    await close();
  });

  it("opens a file with slips, and says at its lines what they are", async () => {
    const { page, close } = await visit(web.chrome, web.server.url);
    const clerk = new Clerk(page);
    const slips = RECORD.replace(/facility: \{.*\}/, "facility:\n  kind: 医科・歯科\n  名称：天神みなみクリニック\n  name_kana:テンジンミナミクリニック");
    assert.notEqual(slips, RECORD);
    await clerk.drop("clinic.yaml", Buffer.from(slips));
    const notice = page.getByRole("alert").filter({ hasText: "「clinic.yaml」に" });
    await notice.waitFor();
    const said = await notice.locator("li").allInnerTexts();
    assert.equal(said.length, 2, said.join(" / "));
    assert.match(said[0], /^3 行目: .*全角/);
    assert.match(said[1], /^4 行目: .*空白/);
    // What was meant is filled in all the same, and nothing lies over what is said.
    await clerk.settled();
    assert.equal(await clerk.field("医療機関・薬局 名称").inputValue(), "天神みなみクリニック");
    assert.equal(await clerk.field("開設者 氏名").inputValue(), "南 花子");
    for (const line of await notice.locator("li").all()) {
      const isOnTop = await line.evaluate((node) => {
        const { left, right, top, bottom } = node.getBoundingClientRect();
        return [left + 4, (left + right) / 2, right - 4].every((x) => node.contains(document.elementFromPoint(x, (top + bottom) / 2)));
      });
      assert.ok(isOnTop, await line.innerText());
    }
    await notice.getByRole("button", { name: "閉じる" }).click();
    assert.equal(await notice.count(), 0);
    // Over what is typed already it opens as well, and that comes back.
    await clerk.drop("clinic.yaml", Buffer.from(slips.replace("天神みなみクリニック", "みなとの丘内科")));
    await notice.waitFor();
    await page.getByRole("button", { name: "元に戻す" }).click();
    assert.equal(await clerk.field("医療機関・薬局 名称").inputValue(), "天神みなみクリニック");
    // What was said of it goes with it, as it does with another file.
    assert.equal(await notice.count(), 0);
    await clerk.drop("clinic.yaml", Buffer.from(slips));
    await notice.waitFor();
    await clerk.drop("other.yaml", Buffer.from(RECORD));
    await notice.waitFor({ state: "detached" });
    await close();
  });

  it("shows the dates of an opened record", async () => {
    const { page, close } = await visit(web.chrome, web.server.url);
    const clerk = new Clerk(page);
    await clerk.drop("clinic.yaml", Buffer.from(RECORD));
    await page.locator(".done").waitFor();
    await page.locator("nav a[data-view=dates]").click();
    await page.getByText("九州厚生局").first().waitFor();
    assert.equal(await page.locator(".timeline li:not(.now)").count(), 9);
    const coming = page.waitForEvent("download");
    await page.getByRole("button", { name: /ics/ }).click();
    const calendar = await coming;
    assert.equal(calendar.suggestedFilename(), "天神みなみクリニック_日程.ics");
    assert.match((await readFile(await calendar.path())).toString(), /^BEGIN:VCALENDAR/);
    await close();
  });

  it("shows of the dates what `onshi schedule` says, in its words", async () => {
    const desk = await folder();
    const path = join(desk.path, "r.yaml");
    // 1 January is a closed day; a value of another form that cannot be read is no fault of the dates.
    const record = RECORD.replace("{date: 2027-04-01}", "{date: 2027-03-01}").replaceAll("810-0001", "980-0001").replaceAll("福岡県福岡市", "宮城県仙台市");
    await writeFile(path, record);
    await onshi(["schedule", path, "--lang", "ja", "--format", "text", "-o", `${path}.txt`]);
    const told = (await readFile(`${path}.txt`)).toString();
    const { page, close } = await visit(web.chrome, web.server.url);
    const clerk = new Clerk(page);
    await clerk.drop("r.yaml", Buffer.from(record.replace("month: 2", "month: 20")));
    // The file is read before it is on the page.
    await page.locator(".toast").waitFor();
    await clerk.settled();
    await page.locator("nav a[data-view=dates]").click();
    await page.locator(".timeline").waitFor();
    const shown = (await page.locator(".view.dates").innerText()).replace(/\s/g, "");
    const inEra = (/** @type {string} */ text) =>
      text.replace(/(20\d\d)-(\d\d)-(\d\d)/g, (_, y, m, d) => `令和${y - 2018}年${Number(m)}月${Number(d)}日`).replace(/[\s!>✓]/g, "");
    // Of the table each cell, then each line below it.
    const [, table, below] = told.split("\n\n");
    const cells = table.split("\n").slice(1).flatMap((row) => row.replace(/^\S? +\d /, "").split(/  +/));
    const lines = below.trim().split("\n").map((line) => line.trim().replace(/^\d  (［目安］)?/, ""));
    for (const words of [...cells, ...lines]) assert.ok(shown.includes(inEra(words)), words);
    const guides = below.match(/［目安］/g)?.length;
    assert.ok(guides);
    assert.equal(await page.locator(".timeline .guide").filter({ hasText: "目安" }).count(), guides);
    // What the report warns of.
    assert.ok(shown.includes("保険医療機関の管理者に要件があります"));
    const coming = page.waitForEvent("download");
    await page.getByRole("button", { name: "別紙3 の PDF を作る" }).click();
    const pdf = await coming;
    assert.equal(pdf.suggestedFilename(), "天神みなみクリニック_日程.pdf");
    await page.emulateMedia({ media: "print" });
    assert.equal(await page.getByRole("button", { name: "日程を印刷" }).isVisible(), false);
    assert.ok(await page.locator(".timeline").isVisible());
    await close();
    await desk.gone();
  });

  it("asks for what the dates need, and goes to its field", async () => {
    const { page, close } = await visit(web.chrome, web.server.url);
    await page.locator("nav a[data-view=dates]").click();
    await page.getByRole("button", { name: "記入する" }).first().click();
    await page.waitForFunction(() => document.activeElement?.getAttribute("name") === "designation.date");
    await close();
  });

  it("prints markup of a record as text", async () => {
    const { page, close } = await visit(web.chrome, web.server.url);
    const clerk = new Clerk(page);
    const markup = "</script><img src=x onerror=alert(1)>&amp;";
    await clerk.drop("clinic.yaml", Buffer.from(RECORD.replaceAll("霞ヶ浦システム", markup)));
    await clerk.settled();
    assert.equal(await clerk.field("導入計画書 システム導入事業者名").inputValue(), markup);
    assert.ok((await clerk.paper()).includes(markup));
    assert.equal(await page.locator("img, .sheet script").count(), 0);
    await close();
  });

  it("keeps a value that no choice has until another is chosen", async () => {
    const { page, close } = await visit(web.chrome, web.server.url);
    const clerk = new Clerk(page);
    await clerk.drop("clinic.yaml", Buffer.from(RECORD.replace("type: IP-VPN", "type: ISDN")));
    await page.locator(".note.error").first().waitFor();
    assert.equal(await clerk.field("導入計画書 ネットワーク ネットワーク種類").inputValue(), "ISDN");
    assert.equal(await clerk.left(), "あと 1 か所");
    await clerk.choose("導入計画書 ネットワーク ネットワーク種類", "IP-VPN");
    assert.equal(await clerk.left(), "すべて整いました");
    await close();
  });

  it("says in words what it cannot open", async () => {
    const { page, close } = await visit(web.chrome, web.server.url);
    const clerk = new Clerk(page);
    await clerk.tick("別紙2");
    await clerk.type("医療機関・薬局 名称", "天神みなみクリニック");
    await clerk.drop("broken.yaml", Buffer.from("facility: {name: [}"));
    await page.getByRole("alert").getByText("「broken.yaml」は開けませんでした").waitFor();
    assert.equal(await clerk.field("医療機関・薬局 名称").inputValue(), "天神みなみクリニック");
    await close();
  });

  it("opens the samples of the program, each complete", async () => {
    const { page, close } = await visit(web.chrome, web.server.url);
    const clerk = new Clerk(page);
    for (const name of ["clinic.yaml", "pharmacy.yaml"]) {
      await clerk.drop(name, await readFile(join(ROOT, "samples", name)));
      await page.getByText(`「${name}」の記録を開きました`).waitFor();
      await clerk.settled();
      assert.ok((await page.locator(".paper").count()) > 0, name);
    }
    await close();
  });
});
