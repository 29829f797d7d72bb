/** For everybody: by keyboard alone, enlarged, in a narrow window, with a screen reader, in both languages. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { describe, it } from "node:test";
import { CLINIC, RECORD } from "./samples.mjs";
import { Clerk, started, visit } from "./support.mjs";

const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const web = started();

/** @param {import("playwright-core").Page} page */
async function assertNoBarrier(page) {
  // The page's own policy forbids scripts put in: the browser's developer tools may.
  await page.evaluate(AXE);
  const found = await page.evaluate(async () => {
    // @ts-expect-error axe is what was just put in.
    const { violations } = await axe.run(document, { resultTypes: ["violations"] });
    return violations.map((/** @type {any} */ v) => `${v.id}: ${v.nodes[0].html.slice(0, 200)} (${v.nodes.length})`);
  });
  assert.deepEqual(found, []);
}

/** @param {import("playwright-core").Page} page */
async function assertNothingSticksOut(page) {
  const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(content <= window, `${content} px of content in a window of ${window} px`);
}

describe("for everybody", () => {
  for (const [lang, locale] of [["ja", "ja-JP"], ["en", "en-GB"]]) {
    it(`has no barrier that axe knows (${lang})`, async () => {
      const { page, context, close } = await visit(web.chrome, web.server.url, { locale, bypassCSP: true });
      const clerk = new Clerk(page);
      assert.equal(await page.locator("html").getAttribute("lang"), lang);
      await assertNoBarrier(page);
      await clerk.tick("別紙1");
      await clerk.tick("様式2");
      await clerk.settled();
      await assertNoBarrier(page);
      await page.locator(".actions .main").click();
      await assertNoBarrier(page);
      await page.keyboard.press("Escape");
      await page.locator("button[aria-haspopup=dialog]").click();
      await page.locator(".each button").last().waitFor();
      await assertNoBarrier(page);
      await page.keyboard.press("Escape");
      await clerk.drop("clinic.yaml", Buffer.from(RECORD));
      await page.locator(".done").waitFor();
      await assertNoBarrier(page);
      for (const view of ["roster", "dates", "attach", "draft"]) {
        await page.locator(`nav a[data-view=${view}]`).click();
        await page.locator(`.view.${view} h1`).waitFor();
        await page.waitForTimeout(300);
        await assertNoBarrier(page);
      }
      // Without an answer of the server.
      await context.route("**/api/v1/fill", (route) => route.abort());
      await page.locator("nav a[data-view=dates]").click();
      await page.locator(".trouble ol").waitFor();
      await assertNoBarrier(page);
      await close();
    });
  }

  it("speaks English when asked, and keeps what was typed", async () => {
    const { page, close } = await visit(web.chrome, web.server.url);
    const clerk = new Clerk(page);
    await clerk.tick("別紙2");
    await clerk.type("医療機関・薬局 名称", "天神みなみクリニック");
    await page.getByRole("button", { name: "Switch to English" }).click();
    assert.equal(await clerk.field("Facility Name").inputValue(), "天神みなみクリニック");
    assert.match(await clerk.left(), /^\d+ left$/);
    await clerk.type("Facility Postal code", "81");
    // The source of a rule has its own name.
    const said = (await clerk.notes("Facility Postal code")).replace(/^Rule:.*$/m, "");
    assert.match(said, /seven digits/i);
    assert.doesNotMatch(said, /[ぁ-ん]/);
    await close();
  });

  it("goes by keyboard alone, from the first form to the PDF", async () => {
    const { page, close } = await visit(web.chrome, web.server.url);
    const clerk = new Clerk(page);
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute("name") ?? document.activeElement?.textContent ?? "");
    /** @param {(name: string) => boolean} isThere */
    const tabTo = async (isThere) => {
      for (let i = 0; i < 120; i += 1) {
        await page.keyboard.press("Tab");
        if (isThere(await focused())) return;
      }
      assert.fail("the keyboard does not get there");
    };
    const box = page.getByRole("checkbox", { name: /^別紙2/ });
    for (let i = 0; i < 40 && !(await box.evaluate((b) => b === document.activeElement)); i += 1) await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    await clerk.settled();
    for (const [name, value] of Object.entries(CLINIC)) {
      const field = clerk.field(name);
      if ((await field.count()) === 0) continue;
      const key = await field.getAttribute("name");
      await tabTo((focused) => focused === key);
      if (await field.evaluate((f) => f instanceof HTMLSelectElement)) {
        // In a closed drop-down, letters choose; so do the arrows.
        for (let i = 0; i < 10 && (await field.inputValue()) !== value; i += 1) await page.keyboard.press("ArrowDown");
      } else {
        await page.keyboard.insertText(value);
      }
      assert.equal(await field.inputValue(), value, name);
    }
    assert.equal(await clerk.left(), "すべて整いました");
    const coming = page.waitForEvent("download");
    await tabTo((focused) => focused === "PDF");
    await page.keyboard.press("Enter");
    assert.match((await coming).suggestedFilename(), /\.pdf$/);
    await close();
  });

  it("finds what is left with the button below, field by field", async () => {
    const { page, close } = await visit(web.chrome, web.server.url);
    const clerk = new Clerk(page);
    await clerk.drop("clinic.yaml", Buffer.from(RECORD));
    await page.locator(".done").waitFor();
    await clerk.type("開設者 氏名", "");
    await clerk.type("導入計画書 システム導入事業者名", "");
    const next = page.getByRole("button", { name: "次の記入箇所へ" });
    await clerk.settled();
    const names = [];
    for (let i = 0; i < 2; i += 1) {
      await next.click();
      names.push(await page.evaluate(() => document.activeElement?.getAttribute("name")));
    }
    assert.deepEqual(names, ["founder.name", "introduction_plan.vendor"]);
    await close();
  });

  for (const [how, viewport] of /** @type {const} */ ([
    ["enlarged to 200 %", { width: 640, height: 400 }],
    ["in a narrow window", { width: 360, height: 740 }],
  ])) {
    it(`works ${how}`, async () => {
      const { page, close } = await visit(web.chrome, web.server.url, { viewport });
      const clerk = new Clerk(page);
      await clerk.tick("別紙2");
      await assertNothingSticksOut(page);
      await clerk.type("医療機関・薬局 名称", "天神みなみクリニック");
      await page.getByRole("button", { name: "用紙を見る" }).click();
      await assertNothingSticksOut(page);
      await page.getByText("天神みなみクリニック").first().waitFor();
      await page.getByRole("button", { name: "記入に戻る" }).click();
      assert.ok(await clerk.field("医療機関・薬局 名称").isVisible());
      for (const view of ["roster", "dates", "attach", "draft"]) {
        await page.locator(`nav a[data-view=${view}]`).click();
        await page.locator(`.view.${view} h1`).waitFor();
        await assertNothingSticksOut(page);
      }
      await close();
    });
  }

  it("gives every control a target of 44 px", async () => {
    const { page, close } = await visit(web.chrome, web.server.url);
    const clerk = new Clerk(page);
    await clerk.tick("様式2");
    await clerk.settled();
    const small = await page.evaluate(() =>
      [...document.querySelectorAll("button, select, input:not([type=checkbox]), .chip, nav a")]
        .filter((element) => element.checkVisibility())
        .map((element) => ({ height: element.getBoundingClientRect().height, html: element.outerHTML.slice(0, 80) }))
        .filter(({ height }) => height < 44),
    );
    assert.deepEqual(small, []);
    await close();
  });
});
