/** A record's values by their keys (`a.b[0].c`). */

/** @typedef {import("./types.js").Json} Json */
/** @typedef {import("./types.js").Rec} Rec */

/**
 * The parts of a key: names and indices.
 *
 * @param {string} key
 * @returns {(string | number)[]}
 */
function parts(key) {
  return key
    .split(/[.[\]]+/)
    .filter((part) => part !== "")
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

/**
 * A key without list indices, as the dictionary has it.
 *
 * @param {string} key
 */
export function plain(key) {
  return key.replace(/\[[^\]]*\]/g, "");
}

/**
 * @param {Json | undefined} value
 * @returns {value is {[key: string]: Json}}
 */
function isMap(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * @param {Rec} record
 * @param {string} key
 * @returns {Json | undefined}
 */
export function get(record, key) {
  /** @type {Json | undefined} */
  let value = record;
  for (const part of parts(key)) {
    if (typeof part === "number") value = Array.isArray(value) ? value[part] : undefined;
    else value = isMap(value) && Object.hasOwn(value, part) ? value[part] : undefined;
  }
  return value;
}

/**
 * A value as a person would type it; several values are joined as the forms join them.
 *
 * @param {Rec} record
 * @param {string} key
 */
export function typed(record, key) {
  const value = get(record, key);
  if (value === undefined || value === null || isMap(value)) return "";
  return Array.isArray(value) ? value.map(String).join("・") : String(value);
}

/**
 * The record with one value set, or without it when `value` is undefined; sections and items that
 * become empty go too, but an item of a list keeps its place.
 *
 * @param {Rec} record
 * @param {string} key
 * @param {Json | undefined} value
 * @returns {Rec}
 */
export function set(record, key, value) {
  const changed = change(record, parts(key), value);
  return isMap(changed) ? changed : {};
}

/**
 * @param {Json | undefined} node
 * @param {(string | number)[]} path
 * @param {Json | undefined} value
 * @returns {Json | undefined}
 */
function change(node, path, value) {
  if (path.length === 0) return value;
  const [part, ...rest] = path;
  if (typeof part === "number") {
    const items = Array.isArray(node) ? [...node] : [];
    while (items.length <= part) items.push({});
    items[part] = change(items[part], rest, value) ?? {};
    return items.every((item) => isMap(item) && Object.keys(item).length === 0) ? undefined : items;
  }
  const map = isMap(node) ? { ...node } : {};
  const inner = change(Object.hasOwn(map, part) ? map[part] : undefined, rest, value);
  if (inner === undefined) delete map[part];
  else Object.defineProperty(map, part, { value: inner, enumerable: true, configurable: true, writable: true });
  return Object.keys(map).length === 0 ? undefined : map;
}

/**
 * The record with one item of a list taken out.
 *
 * @param {Rec} record
 * @param {string} list
 * @param {number} index
 */
export function without(record, list, index) {
  const items = get(record, list);
  if (!Array.isArray(items)) return record;
  const rest = items.filter((_, i) => i !== index);
  return set(record, list, rest.length > 0 ? rest : undefined);
}

/**
 * Whether a record has any value in a section.
 *
 * @param {Rec} record
 * @param {string} key
 */
export function has(record, key) {
  return get(record, key) !== undefined;
}
