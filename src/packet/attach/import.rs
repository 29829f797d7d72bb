//! Copying the appendix's pages, with all they refer to, under numbers of their own.

use std::collections::{BTreeMap, BTreeSet};

use lopdf::{Document, Object, ObjectId};

use super::{AttachError, Update};
use crate::paper::Damage;

/// What was copied, by its new numbers.
pub(super) struct Import {
    /// The pages in order.
    pub pages: Vec<ObjectId>,
    /// The root of the structure tree.
    pub structure: Option<ObjectId>,
    /// Every object.
    pub objects: Vec<ObjectId>,
}

/// Copies the pages of `appendix` and its structure tree; their parents are not set.
pub(super) fn import(update: &mut Update, appendix: &Document) -> Result<Import, AttachError> {
    let pages: Vec<ObjectId> = appendix.page_iter().collect();
    let catalog = appendix.catalog().map_err(|error| AttachError::Appendix(Damage::of(error)))?;
    let structure = catalog.get(b"StructTreeRoot").and_then(Object::as_reference).ok();
    let mut objects = BTreeMap::new();
    let mut ahead: Vec<ObjectId> = pages.iter().copied().chain(structure).collect();
    while let Some(id) = ahead.pop() {
        if objects.contains_key(&id) {
            continue;
        }
        let mut object = appendix.get_object(id).cloned().unwrap_or(Object::Null);
        if let (true, Ok(page)) = (pages.contains(&id), object.as_dict_mut()) {
            page.remove(b"Parent");
        }
        let mut found = BTreeSet::new();
        references(&mut object, &mut |id| {
            found.insert(*id);
        });
        ahead.extend(found);
        objects.insert(id, object);
    }
    let numbers: BTreeMap<ObjectId, ObjectId> =
        objects.keys().map(|id| (*id, update.document.new_document.new_object_id())).collect();
    for (id, mut object) in objects {
        references(&mut object, &mut |id| {
            // Every reference was followed above.
            *id = numbers.get(id).copied().unwrap_or(*id);
        });
        update.set(numbers[&id], object);
    }
    Ok(Import {
        pages: pages.iter().map(|id| numbers[id]).collect(),
        structure: structure.map(|id| numbers[&id]),
        objects: numbers.into_values().collect(),
    })
}

/// Calls `f` with every reference in an object.
fn references(object: &mut Object, f: &mut impl FnMut(&mut ObjectId)) {
    match object {
        Object::Reference(id) => f(id),
        Object::Array(items) => items.iter_mut().for_each(|item| references(item, f)),
        Object::Dictionary(dictionary) => {
            dictionary.iter_mut().for_each(|(_, value)| references(value, f));
        }
        Object::Stream(stream) => {
            stream.dict.iter_mut().for_each(|(_, value)| references(value, f));
        }
        _ => {}
    }
}
