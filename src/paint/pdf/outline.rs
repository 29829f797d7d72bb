//! An entry of the outline (ISO 32000-1, 12.3.3).

use std::io::Write;

use pdf_writer::writers::OutlineItem;
use pdf_writer::{Ref, TextStr};

use super::file::File;

pub(super) struct Entry {
    /// The entry it is below, or the outline.
    pub parent: Ref,
    /// The page it leads to, and the page's height in pt.
    pub page: (Ref, f32),
    pub previous: Option<Ref>,
    pub next: Option<Ref>,
    /// The first and the last entry below it, and how many there are.
    pub below: Option<(Ref, Ref, usize)>,
}

impl Entry {
    /// An only entry.
    pub fn new(parent: Ref, page: (Ref, f32)) -> Self {
        Entry { parent, page, previous: None, next: None, below: None }
    }

    pub fn write<W: Write>(self, file: &mut File<W>, id: Ref, name: &str) {
        let mut item = file.object::<OutlineItem>(id);
        item.title(TextStr(name)).parent(self.parent);
        let (page, height) = self.page;
        item.dest().page(page).xyz(0.0, height, None);
        if let Some(previous) = self.previous {
            item.prev(previous);
        }
        if let Some(next) = self.next {
            item.next(next);
        }
        if let Some((first, last, count)) = self.below {
            // Less than nothing: the entries below are shown when it is opened.
            item.first(first).last(last).count(-(count as i32));
        }
    }
}
