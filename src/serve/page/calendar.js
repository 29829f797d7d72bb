/** Days as people read them; the calendar and its eras are the browser's. */

/** @typedef {import("./types.js").Lang} Lang */

/**
 * A day in the eras of Japan or in English, with its weekday.
 *
 * @param {string} iso `2024-04-01`
 * @param {Lang} lang
 */
export function day(iso, lang) {
  const [year, month, date] = iso.split("-").map(Number);
  const at = new Date(Date.UTC(year, month - 1, date));
  const locale = lang === "ja" ? "ja-JP-u-ca-japanese" : "en-GB";
  /** @type {Intl.DateTimeFormatOptions} */
  const shape =
    lang === "ja"
      ? { era: "long", year: "numeric", month: "long", day: "numeric", weekday: "short", timeZone: "UTC" }
      : { year: "numeric", month: "long", day: "numeric", weekday: "short", timeZone: "UTC" };
  const said = new Intl.DateTimeFormat(locale, shape).format(at);
  // The brackets of the weekday as the rest of the page has them.
  return lang === "ja" ? said.replace("(", "（").replace(")", "）") : said;
}
