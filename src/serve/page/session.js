/**
 * What the tab remembers: the record and how far it has come. It is kept in this tab alone
 * (`sessionStorage`) and gone when the tab is closed; a reload loses nothing.
 */

/** @typedef {import("./types.js").Rec} Rec */
/** @typedef {import("./types.js").Lang} Lang */

/**
 * @typedef {object} Session
 * @property {Rec} record
 * @property {string[]} forms The ids of the forms to make.
 * @property {Lang} lang
 * @property {string[]} touched Keys of fields that were left at least once: what they lack is shown.
 * @property {boolean} showAll Whether what every field lacks is shown.
 * @property {{[list: string]: number}} items How many items of a list are on the page.
 * @property {string} saved The record as JSON when it was last opened from a file or saved to one.
 */

const KEY = "onshi";

/** @type {Session} */
export const session = load();

/** @returns {Session} */
function load() {
  const lang = navigator.language.startsWith("ja") ? "ja" : "en";
  /** @type {Session} */
  const empty = { record: {}, forms: [], lang, touched: [], showAll: false, items: {}, saved: "" };
  try {
    return { ...empty, ...JSON.parse(sessionStorage.getItem(KEY) ?? "{}") };
  } catch {
    // Storage that is blocked or spoilt is as good as none.
    return empty;
  }
}

/**
 * Changes what is remembered.
 *
 * @param {Partial<Session>} changes
 */
export function remember(changes) {
  Object.assign(session, changes);
  try {
    sessionStorage.setItem(KEY, JSON.stringify(session));
  } catch {
    // A browser that forbids storage still fills forms.
  }
}

/** Whether something is written that no file has. */
export function isUnsaved() {
  return Object.keys(session.record).length > 0 && JSON.stringify(session.record) !== session.saved;
}
