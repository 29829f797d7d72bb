//! `onshi forms`: what forms there are.

use std::fmt::Write as _;

use super::context::{Context, Stop};
use super::output::to_stdout;

pub fn run(context: &Context) -> Result<(), Stop> {
    let forms = context.forms()?;
    let lang = context.terminal.lang;
    let mut out = String::new();
    for form in forms.forms() {
        let names = form.alias.join(", ");
        let source = &form.source;
        // Writing to a String cannot fail.
        let _ = writeln!(out, "{}  {}\n    {names}", form.id, form.title.get(lang));
        if forms.is_asked_for(form) {
            let _ = writeln!(out, "    {}:", form.section.value);
        }
        let _ = writeln!(out, "    {} ({})", source.document, source.issued);
        if let Some(history) = &form.history {
            let _ = writeln!(out, "    {}", history.get(lang));
        }
        out.push('\n');
    }
    Ok(to_stdout(out.trim_end().as_bytes()).and_then(|()| to_stdout(b"\n"))?)
}
