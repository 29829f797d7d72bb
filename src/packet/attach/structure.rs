//! The appended pages' tags, merged into the original's structure tree.

use std::collections::HashSet;

use lopdf::{Dictionary, Document, Object, ObjectId, dictionary};

use super::import::Import;
use super::{AttachError, Update};

/// How deep a number tree may be; a thousand million pages need no more.
const DEEPEST: usize = 16;
/// The largest integer of a PDF (ISO 32000-1, Annex C).
const LARGEST: i64 = i32::MAX as i64;

/// Adds the tags; says whether the original has tags too.
pub(super) fn add(update: &mut Update, import: &Import) -> Result<bool, AttachError> {
    let mut catalog = update.dictionary(update.catalog)?;
    let original = catalog.get(b"StructTreeRoot").and_then(Object::as_reference).ok();
    let original = original.filter(|id| update.original().get_dictionary(*id).is_ok());
    let Some(ours) = import.structure else { return Ok(original.is_some()) };
    let mut tree = update.dictionary(ours)?;
    let tops = list(&mut tree, b"K");
    // A structure tree has one document at its top: ours becomes a part of the one there is.
    let document = original.and_then(|root| only_document(update.original(), root));
    for top in &tops {
        let Ok(id) = top.as_reference() else { continue };
        let mut element = update.dictionary(id)?;
        // The language our document as a whole was in.
        if !element.has(b"Lang") {
            element.set("Lang", Object::string_literal("ja"));
        }
        if let Some(parent) = document.or(original) {
            element.set("P", parent);
        }
        if document.is_some() && is_document(&element) {
            element.set("S", "Part");
        }
        update.set(id, element);
    }
    let Some(root) = original else {
        catalog.set("StructTreeRoot", ours);
        update.set(update.catalog, catalog);
        return Ok(false);
    };
    let mut merged = update.dictionary(root)?;
    let mut numbers = Vec::new();
    if let Ok(parents) = merged.get(b"ParentTree") {
        pairs(update.original(), parents, DEEPEST, &mut HashSet::new(), &mut numbers);
    }
    let next = merged.get(b"ParentTreeNextKey").and_then(Object::as_i64).unwrap_or(0);
    let next = numbers.iter().map(|(key, _)| key + 1).fold(next.clamp(0, LARGEST), i64::max);
    let mut added = Vec::new();
    if let Ok(parents) = tree.get(b"ParentTree") {
        let appended = &update.document.new_document;
        pairs(appended, parents, DEEPEST, &mut HashSet::new(), &mut added);
    }
    shift(update, import, next);
    let end = added.iter().map(|(key, _)| next + key + 1).max().unwrap_or(next);
    numbers.extend(added.into_iter().map(|(key, value)| (next + key, value)));
    numbers.sort_by_key(|(key, _)| *key);
    let numbers: Vec<Object> =
        numbers.into_iter().flat_map(|(key, value)| [key.into(), value]).collect();
    let parents = update.add(dictionary! { "Nums" => numbers });
    merged.set("ParentTree", parents);
    merged.set("ParentTreeNextKey", end);
    match document {
        Some(id) => {
            let mut document = update.dictionary(id)?;
            add_kids(update.original(), &mut document, tops);
            update.set(id, document);
        }
        None => add_kids(update.original(), &mut merged, tops),
    }
    let ours_roles = tree.get(b"RoleMap").and_then(Object::as_dict).cloned().unwrap_or_default();
    if !ours_roles.is_empty() {
        let roles = merged.get(b"RoleMap").map(|r| update.resolved(r));
        let mut roles = roles.and_then(Object::as_dict).cloned().unwrap_or_default();
        for (name, role) in &ours_roles {
            if !roles.has(name) {
                roles.set(name.clone(), role.clone());
            }
        }
        merged.set("RoleMap", roles);
    }
    if let (false, Ok(ids)) = (merged.has(b"IDTree"), tree.get(b"IDTree")) {
        merged.set("IDTree", ids.clone());
    }
    update.set(root, merged);
    // What is left of our own root is referred to by nothing.
    update.document.new_document.objects.remove(&ours);
    Ok(true)
}

/// The only element at the top of a structure tree, if it is a document.
fn only_document(original: &Document, root: ObjectId) -> Option<ObjectId> {
    let mut root = original.get_dictionary(root).ok()?.clone();
    let [top] = <[Object; 1]>::try_from(kids(original, &mut root)).ok()?;
    let id = top.as_reference().ok()?;
    is_document(original.get_dictionary(id).ok()?).then_some(id)
}

fn is_document(element: &Dictionary) -> bool {
    element.get(b"S").and_then(Object::as_name).is_ok_and(|name| name == b"Document")
}

/// What is below an element of the original, or below the root.
fn kids(original: &Document, element: &mut Dictionary) -> Vec<Object> {
    let below = element.get(b"K").and_then(|k| original.dereference(k));
    match below.map(|(_, object)| object) {
        Ok(Object::Array(items)) => items.clone(),
        // One thing, which is kept as it was referred to.
        _ => list(element, b"K"),
    }
}

fn add_kids(original: &Document, element: &mut Dictionary, more: Vec<Object>) {
    let mut all = kids(original, element);
    all.extend(more);
    element.set("K", all);
}

/// Moves the keys under which our pages are in the parent tree.
fn shift(update: &mut Update, import: &Import, by: i64) {
    for id in &import.objects {
        let object = update.document.new_document.objects.get_mut(id);
        let dictionary = match object {
            Some(Object::Dictionary(dictionary)) => dictionary,
            Some(Object::Stream(stream)) => &mut stream.dict,
            _ => continue,
        };
        for name in ["StructParents", "StructParent"] {
            if let Ok(key) = dictionary.get(name.as_bytes()).and_then(Object::as_i64) {
                dictionary.set(name, key + by);
            }
        }
    }
}

/// The entries of a number tree; a node that was `seen`, as in a tree that runs in a circle, has none.
fn pairs(
    document: &Document,
    node: &Object,
    deepest: usize,
    seen: &mut HashSet<ObjectId>,
    out: &mut Vec<(i64, Object)>,
) {
    if node.as_reference().is_ok_and(|id| !seen.insert(id)) {
        return;
    }
    let resolved = |object| document.dereference(object).map(|(_, object)| object);
    let Ok(node) = resolved(node).and_then(Object::as_dict) else { return };
    if let Ok(numbers) = node.get(b"Nums").and_then(resolved).and_then(Object::as_array) {
        for pair in numbers.chunks_exact(2) {
            let key = resolved(&pair[0]).and_then(Object::as_i64);
            if let Some(key) = key.ok().filter(|key| (0..=LARGEST).contains(key)) {
                out.push((key, pair[1].clone()));
            }
        }
    }
    if deepest > 0
        && let Ok(kids) = node.get(b"Kids").and_then(resolved).and_then(Object::as_array)
    {
        kids.iter().for_each(|kid| pairs(document, kid, deepest - 1, seen, out));
    }
}

/// What a key holds, as a list: one thing is a list of one.
fn list(dictionary: &mut Dictionary, key: &[u8]) -> Vec<Object> {
    match dictionary.remove(key) {
        Some(Object::Array(items)) => items,
        Some(one) => vec![one],
        None => Vec::new(),
    }
}
