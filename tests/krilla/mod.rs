//! The same sheets painted by krilla, a PDF library: what the program's own writer is compared with.

mod book;
mod ink;
mod pdf;

pub use book::Book;
pub use pdf::pdf;
