/** The server's API. Whatever goes wrong on the way is an {@link Unsent} with words for a person. */

import { words } from "./words.js";

/** @typedef {import("./types.js").Catalogue} Catalogue */
/** @typedef {import("./types.js").Diagnostic} Diagnostic */
/** @typedef {import("./types.js").Filled} Filled */
/** @typedef {import("./types.js").Lang} Lang */
/** @typedef {import("./types.js").Opened} Opened */
/** @typedef {import("./types.js").Rec} Rec */
/** @typedef {import("./types.js").Report} Report */

/** The status of what cannot be read. */
const UNREADABLE = 422;

/** That nothing came back, or no answer that helps. */
export class Unsent extends Error {
  /**
   * @param {string} message For a person.
   * @param {number} status 0 when no answer came at all.
   * @param {Report | null} report What the record lacks, when that is why.
   */
  constructor(message, status, report = null) {
    super(message);
    this.status = status;
    this.report = report;
  }

  /** Whether this page reaches no server any more: it is gone, or another with another key is in its place. */
  get isLost() {
    return this.status === 0 || this.status === 401;
  }
}

/** @type {Lang} */
let lang = "ja";

/** @param {Lang} language The language of messages from now on. */
export function speak(language) {
  lang = language;
}

/**
 * @param {string} address Below /api/v1.
 * @param {RequestInit} [request]
 * @returns {Promise<Response>}
 */
async function ask(address, request = {}) {
  const headers = { "Accept-Language": lang, ...request.headers };
  /** @type {Response} */
  let answer;
  try {
    answer = await fetch(`/api/v1/${address}`, { ...request, headers });
  } catch {
    throw await unsent(request.body);
  }
  if (answer.ok) return answer;
  throw await refusal(answer);
}

/**
 * Why nothing could be sent: a file that was changed after it was chosen cannot be read any more, and otherwise the
 * server is gone.
 *
 * @param {RequestInit["body"]} body
 */
async function unsent(body) {
  const parts = body instanceof FormData ? [...body.values()] : [body];
  try {
    for (const part of parts) if (part instanceof File) await part.slice(0, 1).arrayBuffer();
  } catch {
    return new Unsent(words(lang).changedFile, UNREADABLE);
  }
  return new Unsent(words(lang).gone, 0);
}

/**
 * What an answer other than "done" says.
 *
 * @param {Response} answer
 */
async function refusal(answer) {
  const known = words(lang).refused;
  /** @type {any} */
  let body = null;
  try {
    body = await answer.json();
  } catch {
    // A body that is no JSON adds nothing to the status.
  }
  /** @type {Report | null} */
  const report = body?.report ?? (Array.isArray(body?.diagnostics) ? body : null);
  // What concerns the server and not the record is said in the page's own words.
  const message = known[/** @type {keyof typeof known} */ (answer.status)] ?? firstOf(report) ?? words(lang).failed(answer.status);
  return new Unsent(message, answer.status, report);
}

/**
 * The first finding of a report in words.
 *
 * @param {Report | null} report
 */
function firstOf(report) {
  const first = report?.diagnostics[0];
  return first ? [first.message, first.hint].filter(Boolean).join(lang === "ja" ? "。" : ". ") : null;
}

/**
 * That a file was recognised but cannot be read.
 *
 * @param {Report} report
 */
export function unreadable(report) {
  return new Unsent(firstOf(report) ?? words(lang).failed(UNREADABLE), UNREADABLE, report);
}

/**
 * @param {string} address
 * @param {unknown} body
 */
function post(address, body) {
  return ask(address, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

/**
 * Every form and field there is.
 *
 * @returns {Promise<Catalogue>}
 */
export async function catalogue() {
  return (await ask("forms")).json();
}

/**
 * A record's forms as they would print, and what is wrong with it.
 *
 * @param {Rec} record
 * @param {string[]} forms
 * @returns {Promise<Filled>}
 */
export async function fill(record, forms) {
  return (await post("fill", { record, forms, lang })).json();
}

/**
 * The finished forms as a file, and its name.
 *
 * @param {Rec} record
 * @param {string[]} forms
 * @param {"pdf" | "xlsx" | "yaml"} format
 */
export async function files(record, forms, format) {
  return file(await post("files", { record, forms, format, one_file: true, lang }));
}

/**
 * What a file is, and what is in it.
 *
 * @param {File} file
 * @returns {Promise<Opened>}
 */
export async function open(file) {
  return (await send("open", file)).json();
}

/**
 * @param {string} address
 * @param {File} file
 */
export function send(address, file) {
  return ask(address, {
    method: "POST",
    headers: { "Content-Type": "application/octet-stream", "X-File-Name": encodeURIComponent(file.name) },
    body: file,
  });
}

/**
 * The nine steps with this facility's days.
 *
 * @param {Rec} record
 * @returns {Promise<import("./dates.js").Schedule>}
 */
export async function schedule(record) {
  return (await post("schedule", { record, lang })).json();
}

/**
 * The same for a calendar.
 *
 * @param {Rec} record
 */
export async function scheduleFile(record) {
  return file(await post("schedule", { record, lang, format: "ics" }));
}

/**
 * An application with the filled forms behind it.
 *
 * @param {Rec} record
 * @param {string[]} forms
 * @param {File} application
 */
export async function attach(record, forms, application) {
  const body = new FormData();
  body.append("request", JSON.stringify({ record, forms, lang }));
  body.append("application", application);
  return file(await ask("attach", { method: "POST", body }));
}

/**
 * @typedef {object} Batch What came of a list.
 * @property {number} made Facilities whose forms are made.
 * @property {number} faulty Facilities with errors.
 * @property {Diagnostic[]} findings
 * @property {string[]} notes What was passed over, such as rows of sums.
 * @property {{kind: string, name: string, address: string}[]} files
 */

/**
 * Which column of a list is probably which field.
 *
 * @param {File} file
 * @param {{forms: string[], map?: string, columns?: {column: number, key: string | null}[], constants?: {key: string, value: string}[]}} asked
 * @returns {Promise<import("./types.js").Proposal>}
 */
export async function map(file, asked) {
  const body = new FormData();
  body.append("request", JSON.stringify({ ...asked, lang }));
  body.append("list", file);
  return (await ask("map", { method: "POST", body })).json();
}

/**
 * Starts to make the forms of a list: those that are named, or of every row each that it has values for.
 *
 * @param {File} file
 * @param {{forms: string[], map?: string} | null} asked With a map that says what the columns are, where their headings don't.
 */
export async function startBatch(file, asked) {
  let answer;
  if (asked) {
    const body = new FormData();
    body.append("request", JSON.stringify({ ...asked, lang }));
    body.append("roster", file);
    answer = await ask("batches", { method: "POST", body });
  } else {
    answer = await send("batches", file);
  }
  const { id } = await answer.json();
  const events = new EventSource(`/api/v1/batches/${id}`);
  return {
    stop: () => events.close(),
    /**
     * @param {(done: number, total: number) => void} progress
     * @returns {Promise<Batch>}
     */
    result: (progress) =>
      new Promise((resolve, reject) => {
        events.addEventListener("progress", (event) => {
          const { done, total } = JSON.parse(event.data);
          progress(done, total);
        });
        events.addEventListener("done", (event) => {
          events.close();
          resolve(JSON.parse(event.data));
        });
        events.addEventListener("error", () => {
          events.close();
          reject(new Unsent(words(lang).gone, 0));
        });
      }),
  };
}

/**
 * The address of an empty roster.
 *
 * @param {string[]} forms The ids of those whose columns it has; none for all.
 */
export function emptyRoster(forms) {
  const query = new URLSearchParams({ format: "xlsx", lang, ...(forms.length > 0 ? { forms: forms.join(",") } : {}) });
  return `/api/v1/roster?${query}`;
}

/**
 * The places that a postal code is for, written as an address begins, and the address that is typed in part as each
 * completes it; none of those where it names its prefecture.
 *
 * @param {string} code Seven digits.
 * @param {string} address
 * @returns {Promise<{places: string[], addresses: string[]}>}
 */
export async function postal(code, address) {
  return (await ask(`postal/${code}?${new URLSearchParams({ address })}`)).json();
}

/** @param {Response} answer */
async function file(answer) {
  return { blob: await answer.blob(), name: nameOf(answer) };
}

/**
 * The name that an answer gives its file.
 *
 * @param {Response} answer
 */
export function nameOf(answer) {
  const disposition = answer.headers.get("Content-Disposition") ?? "";
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition);
  const plain = /filename="([^"]+)"/i.exec(disposition);
  return encoded ? decodeURIComponent(encoded[1]) : (plain?.[1] ?? "onshi");
}

/**
 * What may be filled in on an office's own PDF.
 *
 * @param {File} paper
 * @returns {Promise<import("./types.js").Draft>}
 */
export async function draft(paper) {
  return (await send("draft", paper)).json();
}

/**
 * A page of it as a picture, as a data address.
 *
 * @param {File} paper
 * @param {number} page
 * @returns {Promise<string>}
 */
export async function draftPage(paper, page) {
  const body = new FormData();
  body.append("request", JSON.stringify({ page }));
  body.append("paper", paper);
  const blob = await (await ask("draft/page", { method: "POST", body })).blob();
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(String(reader.result)));
    reader.addEventListener("error", () => reject(reader.error));
    reader.readAsDataURL(blob);
  });
}

/**
 * The definition of what was made of the proposal, and a page with its sample.
 *
 * @param {File} paper
 * @param {import("./types.js").DraftProposal} proposal
 * @param {number} page
 * @returns {Promise<{yaml: string, report: Report, svg: string | null}>}
 */
export async function draftDefinition(paper, proposal, page) {
  const body = new FormData();
  body.append("request", JSON.stringify({ proposal, page, lang }));
  body.append("paper", paper);
  return (await ask("draft/definition", { method: "POST", body })).json();
}

export { ask, post };
