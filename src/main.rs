//! The command line of onshi.
fn main() {}
