/** A place to drop a file on, with a button to choose one: the page takes what is dropped anywhere. */

import { h } from "./dom.js";

/**
 * @param {string} text What to drop.
 * @param {string} button
 * @param {string} accept Which files the system's dialog offers first.
 * @param {(file: File) => void} take
 */
export function dropZone(text, button, accept, take) {
  const input = h("input", { type: "file", class: "hidden", accept, tabindex: "-1", "aria-hidden": "true" });
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    input.value = "";
    if (file) take(file);
  });
  const choose = h("button", { type: "button", onclick: () => input.click() }, button);
  return h("div", { class: "zone" }, h("p", {}, text), choose, input);
}
