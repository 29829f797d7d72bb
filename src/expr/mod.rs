//! CEL: expressions parsed once, what they refer to, and the functions they call.
//! This room must not know forms or records: who evaluates an expression brings the values.

mod expression;
mod functions;
mod template;

pub use expression::Expression;
pub use functions::FUNCTIONS;
pub(crate) use functions::{Functions, Scope, VARIABLES};
pub use template::Template;
pub(crate) use template::{fill, template_parts};
