/** Choosing forms: a box to tick for each. */

import { h } from "./dom.js";
import { session } from "./session.js";

/** @typedef {import("./types.js").Form} Form */

/**
 * Boxes with the names of forms.
 *
 * @param {Form[]} forms
 * @param {string} prefix Of the ids of the boxes, each with the form's own id behind it.
 * @param {(form: Form) => boolean} isChosen
 * @param {(form: Form, chosen: boolean) => void} changed
 */
export function formChips(forms, prefix, isChosen, changed) {
  const { lang } = session;
  const chips = forms.map((form) => {
    const id = `${prefix}-${form.id}`;
    const box = h("input", { type: "checkbox", id, checked: isChosen(form) });
    box.addEventListener("change", () => changed(form, box.checked));
    const [short] = form.alias;
    const history = form.history ? h("small", { class: "help" }, form.history[lang]) : null;
    return h("label", { class: "chip", for: id }, box, h("span", {}, short ? h("b", {}, short) : null, ` ${form.title[lang]}`, history));
  });
  return h("div", { class: "chips" }, chips);
}
