//! Which fields a form's PDF carries.

use std::collections::BTreeSet;

use crate::form::{FieldPath, Form, Forms};

/// The fields a form prints or requires, and in place of what is computed what it is computed from.
pub(super) fn of(form: &Form, forms: &Forms) -> BTreeSet<String> {
    let mut ahead: Vec<String> = form.each.iter().map(|each| each.value.clone()).collect();
    for cell in form.field_cells() {
        ahead.extend(cell.value.when.iter().map(|when| when.value.clone()));
        let path = cell.value.field.as_ref().and_then(|field| FieldPath::parse(&field.value));
        let Some(path) = path else { continue };
        if let Some(name) = path.selector.as_ref().and_then(|selector| selector.name.as_ref()) {
            ahead.push(format!("{}.{name}", path.base));
        }
        ahead.push(path.key());
    }
    // What is required whatever else is said is part of the form, though it may not be printed.
    for rule in form.rules.iter().map(|rule| &rule.value).filter(|rule| rule.when.is_none()) {
        ahead.extend(rule.require.iter().map(|key| rule.key(&key.value, None)));
    }
    let mut keys = BTreeSet::new();
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
