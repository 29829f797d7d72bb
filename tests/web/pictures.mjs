/** Takes the pictures of the page that the READMEs show: `tests/web/run pictures.mjs`. All data is invented. */

import { join } from "node:path";
import { RECORD } from "./samples.mjs";
import { browser, Clerk, ROOT, serve, visit } from "./support.mjs";

const server = await serve();
const chrome = await browser();
const { page, close } = await visit(chrome, server.url);
const clerk = new Clerk(page);

/** @param {string} name */
async function take(name) {
  await clerk.settled();
  await page.mouse.move(0, 0);
  await page.screenshot({ path: join(ROOT, "docs/pictures", name), animations: "disabled", caret: "hide" });
}

const plan = RECORD.replace(/receipt_number:[^]*?introduction_plan/, "introduction_plan").replace(", type: IP-VPN", "");
await clerk.drop("天神みなみクリニック.yaml", Buffer.from(plan));
await page.locator(".note.error").first().waitFor();
await page.locator(".toast").getByRole("button", { name: "閉じる" }).click();
await clerk.type("導入計画書 導入作業開始（予定）日", "令和9年3月1日");
await clerk.type("導入計画書 運用開始（予定）日", "R9.2.1");
await page.locator(".papers").evaluate((papers) => papers.scrollTo({ top: papers.scrollHeight }));
await clerk.field("導入計画書 ネットワーク ネットワーク種類").focus();
await page.locator(".entry").evaluate((entry) => {
  const field = entry.querySelector('[data-key="introduction_plan.network.type"]');
  if (field) entry.scrollTop += field.getBoundingClientRect().top - entry.getBoundingClientRect().top - 24;
});
await take("page-make.png");

await clerk.choose("導入計画書 ネットワーク ネットワーク種類", "IP-VPN");
await clerk.type("導入計画書 運用開始（予定）日", "令和9年4月1日");
await page.locator(".done").waitFor();
await page.locator("nav a[data-view=dates]").click();
await page.locator(".timeline").waitFor();
await take("page-dates.png");

await close();
await chrome.close();
await server.stop();
