//! Which pages of a form are printed, and what they say of their number.

use crate::form::{self, Form, FormPage};
use crate::values::Values;

/// A page that is printed.
#[derive(Clone, Copy)]
pub(super) struct Leaf<'a> {
    pub page: &'a FormPage,
    /// Its place in the form's pages.
    pub index: usize,
    /// Which of those printed it is, from 1.
    pub number: usize,
    /// What it prints as its number and as that of all pages; nothing where nobody knows it yet.
    pub says: [Option<usize>; 2],
    /// Whether a page before it has a title.
    pub is_titled: bool,
}

/// The pages that are printed, of an empty form or of a record with these values.
pub(super) fn pages<'a>(form: &'a Form, is_blank: bool, values: &Values) -> Vec<Leaf<'a>> {
    let items = |list: &str| values.len(list);
    // An empty form has a page for each list that goes on: of those, who fills it in hands in some.
    let first = |page: &FormPage| page.continues.as_ref().is_none_or(|on| on.copy == 0);
    let printed: Vec<(usize, &FormPage)> = match is_blank {
        true => form.pages.iter().enumerate().filter(|(_, page)| first(page)).collect(),
        false => form.pages_for(items).collect(),
    };
    let goes_on = |page: &FormPage| page.continues.is_some();
    let is_open = is_blank && printed.iter().any(|(_, page)| goes_on(page));
    let has_title = |page: &FormPage| {
        page.body.iter().any(|block| matches!(block.value, form::Block::Title(_)))
    };
    let (count, mut is_titled, mut is_certain) = (printed.len(), false, true);
    let leaf = |(i, (index, page)): (usize, (usize, &'a FormPage))| {
        is_certain &= !(is_open && goes_on(page));
        let says = [is_certain.then_some(i + 1), (!is_open).then_some(count)];
        let leaf = Leaf { page, index, number: i + 1, says, is_titled };
        is_titled |= has_title(page);
        leaf
    };
    printed.into_iter().enumerate().map(leaf).collect()
}
