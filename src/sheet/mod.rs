//! A [`Sheet`]: a filled page as boxes with absolute positions in millimetres and text already broken
//! and sized.
//! This room must not know forms, records, PDF or Excel.

mod model;
mod picture;
pub mod ruling;
mod sections;

pub use model::*;
pub use picture::{Picture, PictureFault};
pub use sections::{Section, sections};
