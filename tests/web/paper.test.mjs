/** The page's SVG and the PDF have their ink in the same places. */

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { it } from "node:test";
import { RECORD } from "./samples.mjs";
import { Clerk, folder, onshi, started, visit } from "./support.mjs";

const web = started();

/** Pixels of a page's width: five a millimetre, so that half a millimetre is two and a half. */
const WIDTH = 1050;
const NEAR = 2;

it("puts every pixel of the paper within half a millimetre of the PDF's", async () => {
  const desk = await folder();
  const record = RECORD.replaceAll("南 花子", "𠮷槗 花子");
  await writeFile(join(desk.path, "r.yaml"), record);
  await onshi(["fill", join(desk.path, "r.yaml"), "--format", "png", "-o", `${desk.path}/`]);
  const { page, close } = await visit(web.chrome, web.server.url, { viewport: { width: 2400, height: 1800 }, bypassCSP: true });
  const clerk = new Clerk(page);
  await clerk.drop("r.yaml", Buffer.from(record));
  await page.locator(".done").waitFor();
  await page.evaluate(() => document.fonts.ready);
  // The sheet at its size in pixels, without the marks for the pointer and the field.
  await page.addStyleTag({
    content: `.head,.actions,.message{display:none!important}.paper{max-width:none!important;width:${WIDTH}px!important}.sheet{box-shadow:none!important;width:${WIDTH}px}[data-field]>rect{fill:none!important;stroke:none!important}`,
  });
  for (const [index, name] of ["r_receipt-number_医科.png", "r_receipt-number_歯科.png", "r_introduction-plan.png"].entries()) {
    const shown = await page.locator(".sheet").nth(index).screenshot();
    const pdf = await readFile(join(desk.path, name));
    const strays = await page.evaluate(compare, { pictures: [shown, pdf].map((p) => p.toString("base64")), width: WIDTH, near: NEAR });
    assert.ok(strays.ink > 2000, `${name} has ink`);
    assert.deepEqual([strays.shown, strays.pdf], [0, 0], name);
  }
  await close();
  await desk.gone();
});

/**
 * How many dark pixels of either picture have no ink near them in the other. Runs in the browser.
 *
 * @param {{pictures: string[], width: number, near: number}} given
 */
async function compare({ pictures, width, near }) {
  const [shown, pdf] = await Promise.all(
    pictures.map(async (base64) => {
      const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
      const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }), {
        resizeWidth: width,
        resizeHeight: Math.round((width * 297) / 210),
        resizeQuality: "high",
      });
      const canvas = new OffscreenCanvas(image.width, image.height);
      const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
      context.drawImage(image, 0, 0);
      const { data } = context.getImageData(0, 0, image.width, image.height);
      return Uint8Array.from({ length: data.length / 4 }, (_, i) => data[4 * i + 1]);
    }),
  );
  const height = shown.length / width;
  /** @param {Uint8Array} picture @param {number} at */
  const hasInkNear = (picture, at) => {
    const [x, y] = [at % width, Math.floor(at / width)];
    for (let dy = -near; dy <= near; dy += 1) {
      for (let dx = -near; dx <= near; dx += 1) {
        const inside = x + dx >= 0 && x + dx < width && y + dy >= 0 && y + dy < height;
        if (inside && picture[at + dy * width + dx] < 210) return true;
      }
    }
    return false;
  };
  /** @param {Uint8Array} one @param {Uint8Array} other */
  const strays = (one, other) => one.reduce((sum, grey, at) => sum + (grey < 90 && !hasInkNear(other, at) ? 1 : 0), 0);
  return { ink: shown.filter((grey) => grey < 90).length, shown: strays(shown, pdf), pdf: strays(pdf, shown) };
}
