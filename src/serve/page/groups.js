/** Which fields the chosen forms ask for, grouped as the dictionary groups them. */

/** @typedef {import("./types.js").Catalogue} Catalogue */
/** @typedef {import("./types.js").Field} Field */
/** @typedef {import("./types.js").Form} Form */

/**
 * @typedef {object} Group A section or a list, and what is asked in it, in the order of the dictionary.
 * @property {Field | null} section None at the top.
 * @property {(Entry | Group)[]} parts
 */

/** @typedef {{field: Field, required: boolean}} Entry */

/**
 * The fields that forms ask for.
 *
 * @param {Catalogue} catalogue
 * @param {Form[]} forms
 * @returns {Group}
 */
export function groups(catalogue, forms) {
  const required = new Set(forms.flatMap((form) => form.required));
  const asked = new Set([...required, ...forms.flatMap((form) => form.optional)]);
  /** @type {Group} */
  const top = { section: null, parts: [] };
  /** @type {Map<string, Group>} */
  const known = new Map([["", top]]);
  for (const field of catalogue.fields) {
    const parent = known.get(field.key.split(".").slice(0, -1).join("."));
    if (field.kind === "section" || field.kind === "list") {
      known.set(field.key, { section: field, parts: [] });
      parent?.parts.push(/** @type {Group} */ (known.get(field.key)));
    } else if (asked.has(field.key) && !field.computed) {
      parent?.parts.push({ field, required: required.has(field.key) });
    }
  }
  return prune(top);
}

/**
 * Without groups in which nothing is asked.
 *
 * @param {Group} group
 * @returns {Group}
 */
function prune(group) {
  const parts = group.parts.map((part) => ("field" in part ? part : prune(part)));
  return { ...group, parts: parts.filter((part) => "field" in part || part.parts.length > 0) };
}


/**
 * The fields of a group itself, without those of the groups in it.
 *
 * @param {Group} group
 * @returns {Entry[]}
 */
export function entries(group) {
  return group.parts.flatMap((part) => ("field" in part ? [part] : []));
}

/**
 * @typedef {object} Source Where the values of a group may be copied from.
 * @property {string} name What the button says: 所在地, 開設者.
 * @property {[string, string][]} keys Pairs of keys, from and to.
 */

/** Fields of a person or a place, by the last part of their keys. */
const PLACE = ["postal_code", "address"];
const PERSON = ["name", "name_kana", ...PLACE, "phone", "email"];

/**
 * From which earlier groups a group may copy: all that a person has where both call the name alike
 * (氏名), only the place where they don't (名称 of a clinic, 氏名 of a founder).
 *
 * @param {Group} group
 * @param {Group[]} earlier
 * @param {"ja" | "en"} lang
 * @returns {Source[]}
 */
export function sources(group, earlier, lang) {
  const own = named(group);
  return earlier.flatMap((other) => {
    const theirs = named(other);
    const alike = own.name && theirs.name && own.name.label.ja === theirs.name.label.ja;
    const names = (alike ? PERSON : PLACE).filter((name) => own[name] && theirs[name] && own[name].kind === theirs[name].kind);
    const section = other.section;
    if (!section || names.length === 0 || (!alike && !names.includes("address"))) return [];
    /** @type {[string, string][]} */
    const keys = names.map((name) => [theirs[name].key, own[name].key]);
    const name = alike ? section.label[lang] : theirs.address.label[lang];
    return [{ name, keys }];
  });
}

/**
 * A group's fields by the last part of their keys.
 *
 * @param {Group} group
 * @returns {{[name: string]: Field}}
 */
function named(group) {
  return Object.fromEntries(entries(group).map(({ field }) => [field.key.split(".").at(-1), field]));
}

/**
 * What people call a field: its label behind those of its sections.
 *
 * @param {Catalogue} catalogue
 * @param {string} key Without list indices.
 * @param {"ja" | "en"} lang
 */
export function labelOf(catalogue, key, lang) {
  const above = key.split(".").map((_, i, names) => names.slice(0, i + 1).join("."));
  return above.flatMap((key) => catalogue.fields.find((field) => field.key === key)?.label[lang] ?? []).join(" > ");
}

/**
 * Whether a form asks for a field, or for one in a section.
 *
 * @param {Form} form
 * @param {string} key Without list indices.
 */
export function asks(form, key) {
  return [...form.required, ...form.optional].some((asked) => asked === key || asked.startsWith(`${key}.`));
}
