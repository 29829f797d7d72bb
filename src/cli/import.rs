//! `onshi import`: a form filled in Excel, back to a record.

use super::args::Import;
use super::context::{Context, Stop};

pub fn run(_args: &Import, _context: &Context) -> Result<(), Stop> {
    Ok(())
}
