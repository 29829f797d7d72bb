/** An office's own PDF is taken in: boxes found, put right with mouse and keyboard, tried and saved. */

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { asksToClose, Clerk, folder, onshi, ROOT, started, visit } from "./support.mjs";

const web = started();
/** @type {Awaited<ReturnType<typeof folder>>} */
let desk;
/** @type {Buffer} */
let paper;

before(async () => {
  desk = await folder();
  paper = await readFile(join(ROOT, "tests/forms/visit-notice.pdf"));
});
after(async () => {
  await desk.gone();
});

/** The page with the paper taken in. */
async function opened() {
  const { page, context, close } = await visit(web.chrome, web.server.url);
  await page.locator("nav a[data-view=draft]").click();
  await page.locator(".view.draft h1").waitFor();
  await new Clerk(page).drop("todoke.pdf", paper);
  await page.locator(".spot").first().waitFor();
  await page.locator(".draft-sheet img[src^='data:']").waitFor();
  return { page, context, close };
}

describe("taking in a form", () => {
  it("finds the boxes and lays them over the paper", async () => {
    const { page, close } = await opened();
    assert.ok((await page.locator(".spot").count()) >= 20);
    const name = page.locator(".spot[data-field='facility.name']");
    await name.click();
    assert.equal(await page.locator(".draft-panel select").first().inputValue(), "facility.name");
    // The box lies where the paper has its blank: 70 mm from the left, 55 mm from the top.
    const [box, sheet] = [await name.boundingBox(), await page.locator(".draft-sheet").boundingBox()];
    assert.ok(box && sheet);
    const scale = 210 / sheet.width;
    assert.ok(Math.abs((box.x - sheet.x) * scale - 70.3) < 0.6, `${(box.x - sheet.x) * scale}`);
    assert.ok(Math.abs((box.y - sheet.y) * scale - 55.3) < 0.6, `${(box.y - sheet.y) * scale}`);
    await close();
  });

  it("moves, sizes, deletes and brings back a box with the keyboard", async () => {
    const { page, close } = await opened();
    const count = await page.locator(".spot").count();
    const spot = page.locator(".spot[data-field='facility.name']");
    await spot.focus();
    const label = async () => (await spot.getAttribute("aria-label")) ?? "";
    const place = (/** @type {string} */ text) => (/([\d.]+), ([\d.]+), ([\d.]+), ([\d.]+) mm/.exec(text) ?? []).slice(1).map(Number);
    const before = place(await label());
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Shift+ArrowDown");
    const now = place(await label());
    assert.deepEqual(now.map((mm, i) => Math.round((mm - before[i]) * 10) / 10), [0.5, 0, 0, 0.5]);
    await page.keyboard.press("Delete");
    assert.equal(await page.locator(".spot").count(), count - 1);
    await page.getByRole("button", { name: "元に戻す" }).click();
    assert.equal(await page.locator(".spot").count(), count);
    await close();
  });

  it("brings back a deleted box beside what was added since", async () => {
    const { page, close } = await opened();
    const add = () => page.getByRole("button", { name: "枠を追加" }).click();
    const fields = () => page.locator(".spot").evaluateAll((spots) => spots.map((spot) => spot.getAttribute("data-field")));
    const before = await fields();
    await add();
    const [first] = (await fields()).slice(-1);
    await page.locator(".spot").last().focus();
    await page.keyboard.press("Delete");
    await add();
    const [second] = (await fields()).slice(-1);
    await page.getByRole("button", { name: "元に戻す" }).click();
    assert.deepEqual(await fields(), [...before, first, second]);
    assert.notEqual(first, second);
    await close();
  });

  it("brings back a paper with what was made of it when another took its place", async () => {
    const { page, close } = await opened();
    const title = page.getByLabel("様式の名前");
    const undo = page.getByRole("button", { name: "元に戻す" });
    await title.fill("訪問の届出");
    await page.locator(".spot").first().focus();
    await page.keyboard.press("Delete");
    const count = await page.locator(".spot").count();
    await new Clerk(page).drop("other.pdf", paper);
    await page.getByText("「other.pdf」に、記入欄の候補が").waitFor();
    assert.equal(await page.locator(".spot").count(), count + 1);
    await title.fill("別の届出");
    await undo.click();
    await page.getByText("「todoke.pdf」に戻しました").waitFor();
    assert.equal(await title.inputValue(), "訪問の届出");
    assert.equal(await page.locator(".spot").count(), count);
    // Nor is the other lost.
    await undo.click();
    assert.equal(await title.inputValue(), "別の届出");
    assert.equal(await asksToClose(page), true);
    await close();
  });

  it("takes in the paper that was given last, however long the one before takes", async () => {
    const { page, context, close } = await opened();
    await context.route("**/api/v1/draft", async (route) => {
      if (route.request().headers()["x-file-name"] === "first.pdf") await new Promise((resolve) => setTimeout(resolve, 1500));
      await route.continue();
    });
    const late = page.waitForResponse((response) => response.request().headers()["x-file-name"] === "first.pdf");
    const clerk = new Clerk(page);
    await clerk.drop("first.pdf", paper);
    await clerk.drop("second.pdf", paper);
    await page.getByText("「second.pdf」に、記入欄の候補が").waitFor();
    await page.getByLabel("様式の名前").fill("第2の届出");
    await late;
    await page.waitForTimeout(200);
    assert.equal(await page.getByLabel("様式の名前").inputValue(), "第2の届出");
    await close();
  });

  it("asks before the tab is closed with what was changed while the definition was saved", async () => {
    const { page, context, close } = await opened();
    const title = page.getByLabel("様式の名前");
    const save = async (/** @type {() => Promise<unknown>} */ meanwhile) => {
      await context.route("**/api/v1/draft/definition", async (route) => {
        await meanwhile();
        await route.continue();
      });
      const coming = page.waitForEvent("download");
      await page.getByRole("button", { name: "定義を保存" }).click();
      await coming;
      await page.getByText("を作りました。").waitFor();
      await context.unroute("**/api/v1/draft/definition");
    };
    await save(() => title.fill("訪問の届出"));
    assert.equal(await asksToClose(page), true);
    await save(() => page.locator(".spot").first().press("ArrowRight"));
    assert.equal(await asksToClose(page), true);
    await save(async () => {});
    assert.equal(await asksToClose(page), false);
    await close();
  });

  it("draws a box that is dragged to the lines of the paper", async () => {
    const { page, close } = await opened();
    await page.getByRole("button", { name: "枠を追加" }).click();
    const spot = page.locator(".spot[aria-pressed=true]");
    await spot.waitFor();
    const [box, sheet] = [await spot.boundingBox(), await page.locator(".draft-sheet").boundingBox()];
    assert.ok(box && sheet);
    const at = (/** @type {number} */ mm) => (mm / 210) * sheet.width;
    // To the left edge of the table, but for a millimetre.
    await page.mouse.move(box.x + 20, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + 20 + (sheet.x + at(20.8) - box.x), box.y + box.height / 2 + 3, { steps: 4 });
    await page.mouse.up();
    const [left] = (/([\d.]+), [\d.]+, [\d.]+, [\d.]+ mm/.exec((await spot.getAttribute("aria-label")) ?? "") ?? []).slice(1).map(Number);
    assert.ok(Math.abs(left - 20.3) < 0.15, `${left}`);
    await close();
  });

  it("leaves no value in the sample of a field that is gone or of another kind", async () => {
    const { page, close } = await opened();
    const sound = page.getByText("定義に誤りはありません");
    const attempt = async () => {
      await page.getByRole("button", { name: "見本の値で試す" }).click();
      await sound.waitFor();
      const shown = await page.locator(".draft-sheet svg").textContent();
      await page.getByRole("button", { name: "枠の編集に戻る" }).click();
      return shown?.split("見本").length ?? 0;
    };
    const without = await attempt();
    await page.getByRole("button", { name: "枠を追加" }).click();
    const spot = page.locator(".spot[aria-pressed=true]");
    await spot.waitFor();
    // Where the paper is empty: it would lie over another box.
    const top = page.locator(".draft-numbers input").nth(1);
    await top.fill("260");
    await top.press("Tab");
    assert.equal(await attempt(), without + 1);
    await page.locator(".spot").last().focus();
    await page.keyboard.press("Delete");
    assert.equal(await attempt(), without);
    // What is brought back has its value again.
    await page.getByRole("button", { name: "元に戻す" }).click();
    assert.equal(await attempt(), without + 1);
    // 見本 is no date.
    await page.locator(".spot").last().focus();
    await page.locator(".draft-panel select").nth(1).selectOption("date");
    assert.equal(await attempt(), without);
    await close();
  });

  it("tries the definition with sample values, and saves one that the program takes", async () => {
    const { page, close } = await opened();
    const own = page.locator(".spot").first();
    await own.click();
    await page.locator(".draft-panel label").filter({ hasText: "項目の名前" }).locator("input").fill("届出日");
    await page.getByRole("button", { name: "見本の値で試す" }).click();
    await page.getByText("定義に誤りはありません").waitFor();
    assert.ok((await page.locator(".draft-sheet svg").textContent())?.includes("オン資クリニック"));
    await page.getByRole("button", { name: "枠の編集に戻る" }).click();
    const coming = page.waitForEvent("download");
    await page.getByRole("button", { name: "定義を保存" }).click();
    const yaml = (await readFile(await (await coming).path())).toString();
    assert.match(yaml, /label: \{ja: "届出日"/);
    await writeFile(join(desk.path, "todoke.yaml"), yaml);
    await writeFile(join(desk.path, "todoke.pdf"), paper);
    await onshi(["lint", join(desk.path, "todoke.yaml")]);
    await onshi(["--forms", desk.path, "example", "todoke", "-o", join(desk.path, "sample.pdf")]);
    assert.ok((await readFile(join(desk.path, "sample.pdf"))).length > paper.length);
    await close();
  });
});
