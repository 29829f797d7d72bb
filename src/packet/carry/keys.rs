//! Which fields a form's PDF carries.

use std::collections::BTreeSet;

use crate::form::{Form, Forms};

/// The fields a form prints or requires, and in place of what is computed what it is computed from.
pub(super) fn of(form: &Form, forms: &Forms) -> BTreeSet<String> {
    let (mut ahead, optional) = form.asked();
    ahead.extend(optional);
    let whens = form.field_cells().filter_map(|cell| cell.value.when.as_ref());
    ahead.extend(whens.map(|when| when.value.clone()));
    ahead.extend(form.each.iter().map(|each| each.value.clone()));
    let mut keys = BTreeSet::new();
    let mut ahead: Vec<String> = ahead.into_iter().collect();
    let mut seen = BTreeSet::new();
    while let Some(key) = ahead.pop() {
        let Some(field) = forms.dictionary().get(&key).filter(|_| seen.insert(key.clone())) else {
            continue;
        };
        match &field.derive {
            Some(derive) if field.computed => ahead.extend(derive.references().0),
            _ => {
                keys.insert(key);
            }
        }
    }
    keys
}
