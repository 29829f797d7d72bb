//! `POST /map`: which column of a list is probably which field.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};

use super::batches::roster_file;
use super::given::{self, Body};
use super::{Api, json as answer, report, work};
use crate::form::Headings;
use crate::report::{Lang, Report, Source, Text};
use crate::roster::map::{Asked, Choices, Map, Proposal, Proposed, Role, Target, propose};
use crate::serve::Desk;
use crate::serve::refusal::Refusal;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    /// Empty for all.
    #[serde(default)]
    forms: Vec<String>,
    #[serde(default)]
    sheet: Option<String>,
    /// A map made before, as YAML.
    #[serde(default)]
    map: Option<String>,
    /// What is chosen otherwise than proposed.
    #[serde(default)]
    columns: Vec<Chosen>,
    #[serde(default)]
    constants: Vec<Constant>,
    #[serde(default, deserialize_with = "given::lang")]
    lang: Option<Lang>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Chosen {
    /// From 0.
    column: usize,
    /// None for a column that is not used.
    key: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Constant {
    key: String,
    value: String,
}

pub async fn map(State(desk): State<Arc<Desk>>, body: Body) -> Result<Response, Refusal> {
    let lang = body.lang(&desk);
    let form = body.form(&desk, "list").await?;
    work(move || {
        let asked: Request = form.json()?;
        let lang = asked.lang.unwrap_or(lang);
        let (name, list) = form.file();
        made(&desk.api, asked, &name, &list, lang).or_else(|refusal| Ok(refusal.answer(lang)))
    })
    .await
}

fn made(
    api: &Api,
    asked: Request,
    name: &str,
    list: &[u8],
    lang: Lang,
) -> Result<Response, Refusal> {
    let named = api.named(&asked.forms)?;
    let headings = Headings::new(api.forms);
    let map = match &asked.map {
        Some(text) => Some(
            Map::read(given::MAP, text.as_bytes(), &headings)
                .map_err(|(source, report)| Refusal::faulty(report, source))?,
        ),
        None => None,
    };
    let columns = asked.columns.iter().filter_map(|chosen| chosen.key.as_ref());
    let mut keys = columns.chain(asked.constants.iter().map(|one| &one.key));
    if let Some(key) = keys.find(|key| headings.index_of(key).is_none()) {
        return Err(Refusal::body(Text::new(
            format!("「{key}」という項目はありません"),
            format!("there is no field {key}"),
        )));
    }
    let last = asked.columns.iter().map(|chosen| chosen.column).max();
    let folder = tempfile::Builder::new().tempdir_in(api.folder());
    let folder = folder.map_err(|_| Refusal::internal())?;
    let path = roster_file(folder.path(), name, list).map_err(|_| Refusal::internal())?;
    let choices = Choices {
        columns: asked.columns.into_iter().map(|chosen| (chosen.column, chosen.key)).collect(),
        constants: asked.constants.into_iter().map(|one| (one.key, one.value)).collect(),
    };
    let proposal = propose(&Asked {
        list: &path,
        encoding: None,
        sheet: asked.sheet.as_deref(),
        forms: api.forms,
        named: &named,
        map: map.as_ref(),
        choices: &choices,
    });
    let proposal =
        proposal.map_err(|error| Refusal::faulty(Report::from(error), Source::new(name, "")))?;
    let count = proposal.columns.len();
    if let Some(last) = last.filter(|last| *last >= count) {
        return Err(Refusal::body(Text::new(
            format!("列 {last} はありません。0 から {} までです", count.saturating_sub(1)),
            format!("there is no column {last}: they are 0 to {}", count.saturating_sub(1)),
        )));
    }
    Ok(answer(written(&proposal, name, lang).to_string()))
}

fn written(proposal: &Proposal, name: &str, lang: Lang) -> Value {
    let faults = proposal.faults.as_ref().map(|(source, faults)| report(faults, source, lang));
    let missing = proposal.missing.iter().map(|lack| {
        json!({
            "forms": lack.forms,
            "key": lack.field.key,
            "heading": lack.field.heading,
            "help": lack.help.get(lang),
            "example": lack.example,
        })
    });
    let constants = proposal.constants().map(
        |(target, value)| json!({"key": target.key, "heading": target.heading, "value": value}),
    );
    json!({
        "sheet": proposal.sheet,
        "rows": proposal.rows,
        "columns": proposal.columns.iter().map(|c| column(c, lang)).collect::<Vec<_>>(),
        "fields": proposal.fields.iter().map(target).collect::<Vec<_>>(),
        "missing": missing.collect::<Vec<_>>(),
        "constants": constants.collect::<Vec<_>>(),
        // The report is JSON of our own making.
        "report": faults.and_then(|text| serde_json::from_str::<Value>(&text).ok()),
        "yaml": proposal.yaml(name, lang),
    })
}

fn target(target: &Target) -> Value {
    json!({"key": target.key, "heading": target.heading})
}

fn column(column: &Proposed, lang: Lang) -> Value {
    let (role, field, pieces) = match &column.role {
        Role::Field(to) => ("field", Some(target(to)), Vec::new()),
        Role::Joined(to) => ("joined", Some(target(to)), Vec::new()),
        Role::Apart(pieces) => {
            let piece = |(name, to): &(Text, Option<Target>)| json!({"piece": name.get(lang), "field": to.as_ref().map(target)});
            ("apart", None, pieces.iter().map(piece).collect())
        }
        Role::Ignored => ("ignored", None, Vec::new()),
        Role::Open => ("open", None, Vec::new()),
    };
    json!({
        "letters": column.letters,
        "heading": column.heading,
        "values": column.values,
        "role": role,
        "field": field,
        "pieces": pieces,
        "reason": column.reason.get(lang),
        "nearest": column.nearest.iter().map(target).collect::<Vec<_>>(),
    })
}
