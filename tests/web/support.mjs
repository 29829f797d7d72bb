/** What the tests share: the program's server, a browser, and the ways of a person at the page. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

/** @typedef {import("playwright-core").Page} Page */

export const ROOT = resolve(fileURLToPath(import.meta.url), "../../..");
export const ONSHI = process.env.ONSHI ?? join(ROOT, "target/debug/onshi");
/** Where the page's files are read from instead of from the program: what is changed there needs no build. */
const ASSETS = process.env.ONSHI_PAGE;

/** The day all tests run on: early enough for the dates they type. */
export const TODAY = "2026-12-01";

/**
 * Starts the server; the address it prints, and a way to end it.
 *
 * @param {...string} args
 */
export async function serve(...args) {
  const server = spawn(ONSHI, ["serve", "--no-open", "--today", TODAY, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = createInterface({ input: server.stdout });
  const first = await Promise.race([once(lines, "line"), once(server, "exit").then(() => [""])]);
  const url = /http:\S+/.exec(first[0])?.[0];
  assert.ok(url, "onshi serve prints its address");
  return {
    url,
    /** @returns {Promise<number | null>} The exit status. */
    async stop() {
      if (server.exitCode === null) {
        server.kill("SIGINT");
        await once(server, "exit");
      }
      return server.exitCode;
    },
  };
}

/** A browser without a network of its own. */
export function browser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** A server and a browser for the tests of a file: there before the first, ended in good order after the last. */
export function started() {
  const both = /** @type {{server: Awaited<ReturnType<typeof serve>>, chrome: import("playwright-core").Browser}} */ ({});
  before(async () => {
    both.server = await serve();
    both.chrome = await browser();
  });
  after(async () => {
    await both.chrome.close();
    assert.equal(await both.server.stop(), 0);
  });
  return both;
}

/**
 * A page at an address. Any message in its console and any request to another place fails the test.
 *
 * @param {import("playwright-core").Browser} chrome
 * @param {string} url
 * @param {import("playwright-core").BrowserContextOptions} [options]
 */
export async function visit(chrome, url, options = {}) {
  const context = await chrome.newContext({
    locale: "ja-JP",
    viewport: { width: 1440, height: 900 },
    acceptDownloads: true,
    ...options,
  });
  if (ASSETS) {
    await context.route("**/assets/*", (route) => route.fulfill({ path: join(ASSETS, basename(new URL(route.request().url()).pathname)) }));
  }
  const page = await context.newPage();
  /** @type {string[]} */
  const faults = [];
  const home = new URL(url).origin;
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => {
    // What the server refuses is told on the page; the browser tells it in its console as well.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) faults.push(message.text());
  });
  page.on("request", (request) => {
    const address = request.url();
    if (!address.startsWith(home) && !address.startsWith("blob:") && !address.startsWith("data:")) faults.push(`request to ${address}`);
  });
  await page.goto(url);
  await page.getByRole("heading", { level: 1 }).first().waitFor();
  return {
    page,
    context,
    async close() {
      await context.close();
      assert.deepEqual(faults, []);
    },
  };
}

/**
 * Whether the browser asks before it closes the page; it stays open then.
 *
 * @param {Page} page
 */
export async function asksToClose(page) {
  const asked = page.waitForEvent("dialog").then(async (dialog) => {
    assert.equal(dialog.type(), "beforeunload");
    await dialog.dismiss();
    return true;
  });
  const closed = page.waitForEvent("close").then(() => false);
  await page.close({ runBeforeUnload: true });
  const answer = await Promise.race([asked, closed]);
  await Promise.any([asked, closed].map((one) => one.catch(() => {})));
  return answer;
}

/** The names that fields go by, in order: section by section, then the field. */
export class Clerk {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    this.typed = 0;
  }

  /** @param {string} name */
  field(name) {
    return this.page.getByRole("textbox", { name, exact: true }).or(this.page.getByRole("combobox", { name, exact: true }));
  }

  /** @param {string} form 別紙2 */
  async tick(form) {
    await this.page.getByRole("checkbox", { name: new RegExp(`^${form}`) }).check();
  }

  /**
   * @param {string} name
   * @param {string} value
   */
  async type(name, value) {
    const field = this.field(name);
    await field.fill(value);
    this.typed += 1;
    await field.blur();
  }

  /**
   * @param {string} name
   * @param {string} value
   */
  async choose(name, value) {
    await this.field(name).selectOption(value);
    this.typed += 1;
  }

  /** @param {{[name: string]: string}} values Drop-downs are chosen from, all else typed. */
  async fill(values) {
    for (const [name, value] of Object.entries(values)) {
      const isChoice = (await this.page.getByRole("combobox", { name, exact: true }).count()) > 0;
      await (isChoice ? this.choose(name, value) : this.type(name, value));
    }
    await this.settled();
  }

  /** Waits until the page shows what the program says of all that was typed. */
  async settled() {
    await this.page.waitForFunction(() => document.querySelector(".make")?.getAttribute("aria-busy") !== "true");
  }

  /**
   * What stands below a field.
   *
   * @param {string} name
   */
  async notes(name) {
    await this.settled();
    return this.field(name).locator("xpath=ancestor::div[contains(@class,'field')][1]").locator(".notes").innerText();
  }

  /** What the bar says is left. */
  async left() {
    await this.settled();
    return this.page.locator(".counter b").innerText();
  }

  /** The text of the papers, in order. */
  async paper() {
    await this.settled();
    return (await this.page.locator(".sheet text").allTextContents()).join("");
  }

  /**
   * Presses a button of the bar that makes a file.
   *
   * @param {string} name
   */
  async download(name) {
    const coming = this.page.waitForEvent("download");
    await this.page.locator(".actions").getByRole("button", { name, exact: true }).click();
    const file = await coming;
    return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
  }

  /**
   * Drops a file on the page.
   *
   * @param {string} name
   * @param {Buffer} bytes
   */
  async drop(name, bytes) {
    const data = await this.page.evaluateHandle(
      ([name, base64]) => {
        const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
        const transfer = new DataTransfer();
        transfer.items.add(new File([bytes], name));
        return transfer;
      },
      [name, bytes.toString("base64")],
    );
    await this.page.dispatchEvent("body", "drop", { dataTransfer: data });
  }
}

/**
 * Runs the program.
 *
 * @param {string[]} args
 */
export async function onshi(args) {
  const program = spawn(ONSHI, [...args, "--today", TODAY], { cwd: ROOT, stdio: ["ignore", "inherit", "inherit"] });
  const [code] = await once(program, "exit");
  assert.equal(code, 0, `onshi ${args.join(" ")}`);
}

/** A folder for one test, gone after it. */
export async function folder() {
  const path = await mkdtemp(join(tmpdir(), "onshi-web-"));
  return { path, gone: () => rm(path, { recursive: true }) };
}
