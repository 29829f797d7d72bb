//! `onshi FILE`, as when a file is dropped on the program: what it is, and what to do with it.

use std::path::Path;

use onshi::What;
use onshi::report::Text;

use super::context::{Context, Stop};
use super::output::to_stdout;

pub fn run(path: &Path, context: &Context) -> Result<(), Stop> {
    let forms = context.forms()?;
    let (name, bytes) = context.bytes(path, onshi::MAX_BYTES)?;
    let opened = onshi::open(&name, &bytes, &forms);
    let (is, next) = match opened.what() {
        What::Record => {
            (Text::new("一施設の記録です", "the record of one facility"), &["check", "fill"][..])
        }
        What::Workbook => (
            Text::new("様式の Excel です", "a form as a workbook"),
            &["check", "fill", "import"][..],
        ),
        What::Carried => (
            Text::new("記録を添付した PDF です", "a PDF that carries its record"),
            &["check", "extract"][..],
        ),
        What::Filled => (
            Text::new("記入した様式の PDF です", "a form that was filled in as a PDF"),
            &["check", "fill", "import"][..],
        ),
        What::Roster => (Text::new("名簿です", "a roster"), &["batch"][..]),
        _ => (
            Text::new("記録が添付されていない PDF です", "a PDF without a record"),
            &["attach"][..],
        ),
    };
    let lang = context.terminal.lang;
    let mut text = Text::new(format!("{name}: {}\n", is.ja), format!("{name}: {}\n", is.en));
    for command in next {
        let (line, does) = advice(command, &name);
        text.ja += &format!("  {line}\n      {}\n", does.ja);
        text.en += &format!("  {line}\n      {}\n", does.en);
    }
    to_stdout(text.get(lang).as_bytes())?;
    // What is wrong with the file itself; its forms are for `check`.
    let report = opened.report();
    if matches!(opened.what(), What::Record | What::Workbook | What::Carried) && report.errors() > 0
    {
        return context.judge(&report, opened.source());
    }
    Ok(())
}

/// A command line for a file, and what it does.
fn advice(command: &str, name: &str) -> (String, Text) {
    let name = if name.contains(' ') { format!("\"{name}\"") } else { name.to_owned() };
    match command {
        "check" => (
            format!("onshi check {name}"),
            Text::new("誤りを調べる", "reports what is wrong with it"),
        ),
        "fill" => {
            (format!("onshi fill {name} -o out/"), Text::new("様式を作る", "makes its forms"))
        }
        "import" => (
            format!("onshi import {name} -o record.yaml"),
            Text::new("記録（YAML）にする", "makes a record in YAML of it"),
        ),
        "extract" => (
            format!("onshi extract {name} -o record.yaml"),
            Text::new("記録を取り出す", "takes the record out"),
        ),
        "batch" => (
            format!("onshi batch {name} -o out/"),
            Text::new("全施設の様式を作る", "makes the forms of all facilities"),
        ),
        _ => (
            format!("onshi attach record.yaml --to {name} -o packet.pdf"),
            Text::new("後ろに別紙2を加える", "appends the filled 別紙2"),
        ),
    }
}
