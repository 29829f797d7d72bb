//! `onshi map`: proposes which column of a list is which field.

use std::io::ErrorKind;

use onshi::File;
use onshi::map::{Asked, Choices, Proposal, Proposed, Role, propose};
use onshi::report::{Source, Text};
use onshi::table::TableError;

use super::args::Map;
use super::context::{Context, Stop};
use super::failure::Failure;
use super::output::{Output, RECORD};

pub fn run(args: &Map, context: &Context) -> Result<(), Stop> {
    let forms = context.forms()?;
    let named = context.named(&forms, &args.form)?;
    let output = Output::file(args.output.as_deref(), RECORD)?;
    context.reads(&args.list);
    let asked = Asked {
        list: &args.list,
        encoding: args.encoding.map(Into::into),
        sheet: args.sheet.as_deref(),
        forms: &forms,
        named: &named,
        map: None,
        choices: &Choices::default(),
    };
    let proposal = propose(&asked).map_err(|error| stop(error, args, context))?;
    let name = args.list.file_name().unwrap_or_default().to_string_lossy();
    let yaml = proposal.yaml(&name, context.terminal.lang);
    context.write(&output, vec![File::new("map", yaml)], args.force)?;
    account(&proposal, args, context);
    Ok(())
}

/// Says what was found, and what is left to do.
fn account(proposal: &Proposal, args: &Map, context: &Context) {
    let is_known = |column: &&Proposed| {
        matches!(column.role, Role::Field(_) | Role::Joined(_) | Role::Apart(_))
    };
    let total = proposal.columns.len();
    let known = proposal.columns.iter().filter(is_known).count();
    let ignored = proposal.columns.iter().filter(|column| column.role == Role::Ignored).count();
    let open: Vec<&Proposed> = proposal.open().collect();
    let say = |ja: String, en: String| context.terminal.note(&Text::new(ja, en));
    say(
        format!(
            "{total} 列のうち {known} 列の項目が分かりました（使わない列 {ignored}、決められない列 {}）",
            open.len()
        ),
        format!("{known} of {total} columns are known ({ignored} ignored, {} open)", open.len()),
    );
    for column in &open {
        let nearest: Vec<&str> = column.nearest.iter().map(|t| t.heading.as_str()).collect();
        let (ja, en) = match nearest.is_empty() {
            true => (String::new(), String::new()),
            false => (
                format!("。候補: {}", nearest.join("、")),
                format!("; perhaps {}", nearest.join(", ")),
            ),
        };
        say(
            format!("　決められない列: {}（{}）{ja}", column.name.ja, column.reason.ja),
            format!("  open: {} ({}){en}", column.name.en, column.reason.en),
        );
    }
    if !proposal.missing.is_empty() {
        let names: Vec<&str> =
            proposal.missing.iter().map(|lack| lack.field.heading.as_str()).collect();
        say(
            format!(
                "　名簿にない必要な項目: {}（対応表の「共通の値」に書けます）",
                names.join("、")
            ),
            format!(
                "  needed and not in the list: {} (write them under `constants`)",
                names.join(", ")
            ),
        );
    }
    if args.form.is_empty() {
        say(
            "　様式を指定すると、その様式の項目だけから選び、足りない項目も示します（例: onshi map 名簿 別紙1）".to_owned(),
            "  name the forms to choose among their fields alone, and to see what is missing".to_owned(),
        );
    }
}

fn stop(error: TableError, args: &Map, context: &Context) -> Stop {
    match error {
        TableError::Io(error) if error.kind() == ErrorKind::NotFound => {
            let path = args.list.display();
            Stop::Failed(Failure::new(Text::new(
                format!("{path} がありません"),
                format!("there is no {path}"),
            )))
        }
        TableError::Io(error) => Stop::Failed(Failure::reading(&args.list, &error)),
        TableError::Faulty(report) => {
            let source = Source::new(args.list.display().to_string(), "");
            context.terminal.report(&report, &source);
            Stop::Faulty
        }
    }
}
