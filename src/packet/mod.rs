//! What goes to the office with a form, and comes back with it: pages appended to an application,
//! records carried by a PDF, forms filled in with a viewer, the dates of the whole undertaking.

pub mod attach;
pub mod carry;
pub mod filled;
pub mod schedule;
