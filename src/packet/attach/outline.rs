//! Outline entries for the appended pages, behind those there are.

use std::collections::HashSet;

use lopdf::{Dictionary, Object, ObjectId, dictionary};

use super::{AttachError, Update};

pub(super) fn add(
    update: &mut Update,
    pages: &[ObjectId],
    names: &[String],
) -> Result<(), AttachError> {
    let entries: Vec<(&ObjectId, &String)> =
        pages.iter().zip(names).filter(|(_, name)| !name.is_empty()).collect();
    if entries.is_empty() {
        return Ok(());
    }
    let mut catalog = update.dictionary(update.catalog)?;
    let existing = catalog.get(b"Outlines").and_then(Object::as_reference).ok();
    // An outline that is in the catalog itself, or is broken, is made anew.
    let existing = existing.filter(|id| update.original().get_dictionary(*id).is_ok());
    let (id, mut outline) = match existing {
        Some(id) => (id, update.dictionary(id)?),
        None => {
            let id = update.add(Dictionary::new());
            catalog.set("Outlines", id);
            update.set(update.catalog, catalog);
            (id, dictionary! { "Type" => "Outlines" })
        }
    };
    let ids: Vec<ObjectId> = entries.iter().map(|_| update.add(Object::Null)).collect();
    let last = last_entry(update, &outline);
    for (i, (page, name)) in entries.iter().enumerate() {
        let destination =
            vec![(**page).into(), "XYZ".into(), Object::Null, Object::Null, Object::Null];
        let mut item = dictionary! {
            "Title" => lopdf::text_string(name),
            "Parent" => id,
            "Dest" => destination,
        };
        if let Some(before) = if i == 0 { last } else { Some(ids[i - 1]) } {
            item.set("Prev", before);
        }
        if let Some(next) = ids.get(i + 1) {
            item.set("Next", *next);
        }
        update.set(ids[i], item);
    }
    match last {
        Some(last) => {
            let mut item = update.dictionary(last)?;
            item.set("Next", ids[0]);
            update.set(last, item);
        }
        None => outline.set("First", ids[0]),
    }
    let shown = outline.get(b"Count").and_then(Object::as_i64).unwrap_or(0).max(0);
    let added = i64::try_from(ids.len())
        .map_err(|_| lopdf::Error::ObjectIdOverflow)
        .map_err(AttachError::of)?;
    outline.set("Count", shown.saturating_add(added));
    outline.set("Last", ids[ids.len() - 1]);
    update.set(id, outline);
    Ok(())
}

/// The last of the entries there are: behind /Last, or, where that is missing or leads nowhere, behind /First.
fn last_entry(update: &Update, outline: &Dictionary) -> Option<ObjectId> {
    let reference = |dictionary: &Dictionary, key: &[u8]| {
        dictionary.get(key).and_then(Object::as_reference).ok()
    };
    let entry = |id: &ObjectId| update.original().get_dictionary(*id).ok();
    let ends = [&b"Last"[..], b"First"].into_iter().filter_map(|key| reference(outline, key));
    let mut last = ends.into_iter().find(|id| entry(id).is_some())?;
    let mut seen = HashSet::from([last]);
    while let Some(next) = entry(&last).and_then(|entry| reference(entry, b"Next")) {
        // What runs in a circle ends before it comes back.
        if entry(&next).is_none() || !seen.insert(next) {
            break;
        }
        last = next;
    }
    Some(last)
}
