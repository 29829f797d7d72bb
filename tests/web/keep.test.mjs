/** What is written is not lost: neither with the server nor with the tab. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CLINIC, RECORD } from "./samples.mjs";
import { asksToClose, Clerk, serve, started, visit } from "./support.mjs";

const web = started();

describe("keeping what is written", () => {
  it("saves it without a server, and the next page opens it", async () => {
    const own = await serve();
    const { page, context } = await visit(web.chrome, own.url);
    const clerk = new Clerk(page);
    await clerk.drop("clinic.yaml", Buffer.from(RECORD));
    await page.locator(".done").waitFor();
    await own.stop();
    await clerk.type("医療機関・薬局 フリガナ", "テンジンミナミ");
    const alert = page.getByRole("alert");
    await alert.getByText("onshi が応答しません").waitFor();
    for (const step of ["「保存」を押して", "onshi をもう一度起動します", "新しい画面の「開く」で"]) assert.ok(await alert.getByText(step).isVisible(), step);
    // Nobody knows whether all is well.
    assert.equal(await clerk.left(), "確かめられません");
    assert.equal(await page.locator(".done").count(), 0);
    // Trying again does no harm.
    await alert.getByRole("button", { name: "もう一度" }).click();
    await alert.getByText("onshi が応答しません").waitFor();
    const saved = await clerk.download("保存");
    assert.equal(saved.name, "天神みなみクリニック_記録.json");
    await page.getByText("「天神みなみクリニック_記録.json」に保存しました").waitFor();
    assert.equal(await asksToClose(page), false);
    await context.close();

    const next = await visit(web.chrome, web.server.url);
    const other = new Clerk(next.page);
    await other.drop(saved.name, saved.bytes);
    await next.page.locator(".done").waitFor();
    const all = { ...CLINIC, "医療機関・薬局 フリガナ": "テンジンミナミ" };
    for (const [name, value] of Object.entries(all)) assert.equal(await other.field(name).inputValue(), value, name);
    await next.close();
  });

  it("offers to bring back what was written until something else is, and keeps the language", async () => {
    const { page, close } = await visit(web.chrome, web.server.url);
    const clerk = new Clerk(page);
    const [undo, name] = [page.getByRole("button", { name: "元に戻す" }), "医療機関・薬局 名称"];
    await clerk.tick("別紙2");
    await clerk.type(name, "天神みなみクリニック");
    const replaced = [
      () => clerk.drop("clinic.yaml", Buffer.from("facility: {name: 第1クリニック}")),
      () => page.getByRole("button", { name: "新しく始める" }).click(),
    ];
    for (const replace of replaced) {
      await replace();
      await undo.click();
      assert.equal(await clerk.field(name).inputValue(), "天神みなみクリニック");
      assert.equal(await undo.count(), 0);
    }
    for (const replace of replaced) {
      await replace();
      await undo.waitFor();
      // It would be lost with what is brought back.
      await clerk.type("医療機関・薬局 フリガナ", "テンジン");
      assert.equal(await undo.count(), 0);
    }
    await clerk.drop("clinic.yaml", Buffer.from("facility: {name: 第1クリニック}"));
    await undo.waitFor();
    await page.getByRole("button", { name: "Switch to English" }).click();
    await undo.click();
    assert.equal(await page.locator("[name='facility.name_kana']").inputValue(), "テンジン");
    assert.equal(await page.locator("html").getAttribute("lang"), "en");
    assert.ok(await page.getByRole("heading", { name: "Forms to make" }).isVisible());
    await close();
  });

  it("opens the file that was given last, however long the one before takes", async () => {
    const { page, context, close } = await visit(web.chrome, web.server.url);
    const clerk = new Clerk(page);
    let isFirst = true;
    await context.route("**/api/v1/open", async (route) => {
      const waits = isFirst;
      isFirst = false;
      if (waits) await new Promise((resolve) => setTimeout(resolve, 800));
      await route.continue();
    });
    const both = ["first.yaml", "second.yaml"].map((file) => page.waitForResponse((response) => response.request().headers()["x-file-name"] === file));
    await clerk.drop("first.yaml", Buffer.from(RECORD));
    await clerk.drop("second.yaml", Buffer.from(RECORD.replace("天神みなみクリニック", "第2クリニック")));
    await Promise.all(both);
    await clerk.settled();
    assert.equal(await clerk.field("医療機関・薬局 名称").inputValue(), "第2クリニック");
    await close();
  });

  it("goes on by itself when the server answers again", async () => {
    const { page, context, close } = await visit(web.chrome, web.server.url);
    const clerk = new Clerk(page);
    await clerk.drop("clinic.yaml", Buffer.from(RECORD));
    await page.locator(".done").waitFor();
    await context.route("**/api/v1/fill", (route) => route.abort());
    await clerk.type("開設者 氏名", "");
    assert.equal(await clerk.left(), "確かめられません");
    await context.unroute("**/api/v1/fill");
    await clerk.download("保存");
    await page.getByText("あと 1 か所", { exact: true }).waitFor();
    assert.equal(await page.getByRole("alert").getByText("onshi が応答しません").count(), 0);
    await close();
  });

  it("asks before a tab is closed with what no file has, and only then", async () => {
    const { page, context } = await visit(web.chrome, web.server.url);
    const clerk = new Clerk(page);
    await clerk.tick("別紙2");
    await clerk.type("医療機関・薬局 名称", "天神みなみクリニック");
    assert.equal(await asksToClose(page), true);
    // To save is no leaving, and then there is nothing to lose.
    await clerk.download("保存");
    await clerk.type("医療機関・薬局 名称", "天神みなみ");
    assert.equal(await asksToClose(page), true);
    await clerk.type("医療機関・薬局 名称", "天神みなみクリニック");
    assert.equal(await asksToClose(page), false);
    await context.close();
  });

  it("lets go of a page on which nothing is written, and of a file as it was opened", async () => {
    for (const record of ["", RECORD]) {
      const { page, context } = await visit(web.chrome, web.server.url);
      const clerk = new Clerk(page);
      await clerk.tick("別紙2");
      if (record) {
        await clerk.drop("clinic.yaml", Buffer.from(record));
        await page.locator(".done").waitFor();
      }
      assert.equal(await asksToClose(page), false);
      await context.close();
    }
  });
});
