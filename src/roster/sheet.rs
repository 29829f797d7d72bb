//! Which sheet of a workbook is the list.

use std::collections::BTreeSet;
use std::path::Path;

use super::heading::{self, Heading};
use super::map::Map;
use crate::form::{Headings, fold};
use crate::report::{Diagnostic, Text};
use crate::table::{Encoding, Table, TableError};

/// The sheet whose headings are known best, and these headings.
pub(super) fn find_sheet(
    path: &Path,
    encoding: Option<Encoding>,
    sheet: Option<&str>,
    headings: &Headings<'_>,
    map: Option<&Map>,
) -> Result<(Table, Option<Heading>), TableError> {
    let of_map: BTreeSet<String> =
        map.into_iter().flat_map(Map::headings).map(|named| fold(&named.text)).collect();
    let is_heading = |text: &str| of_map.contains(&fold(text)) || headings.knows(text);
    let find = |table: &Table| match map {
        Some(map) if !map.heading.is_empty() => heading::at(table, &map.heading, &is_heading),
        _ => heading::find(table, &is_heading),
    };
    let table = Table::open_sheet(path, encoding, sheet)?;
    let heading = find(&table)?;
    if sheet.is_some() {
        return Ok((table, heading));
    }
    let known = |heading: &Option<Heading>| heading.as_ref().map_or(0, |heading| heading.known);
    let further: Vec<String> = table.sheets().iter().skip(1).cloned().collect();
    let mut all = vec![(table, heading)];
    for sheet in &further {
        let table = Table::open_sheet(path, encoding, Some(sheet))?;
        let heading = find(&table)?;
        all.push((table, heading));
    }
    let most = all.iter().map(|(_, heading)| known(heading)).max().unwrap_or(0);
    // A word that is a heading too may be on any sheet.
    let rosters = all.iter().filter(|(_, heading)| known(heading) > 1 && 2 * known(heading) > most);
    let names: Vec<&str> = rosters.map(|(table, _)| table.sheet()).collect();
    if let [first, _, ..] = names[..] {
        let message = Text::new(
            format!("見出しのあるシートが {} つあります（{}）", names.len(), names.join("、")),
            format!("{} sheets have headings ({})", names.len(), names.join(", ")),
        );
        let hint = Text::new(
            format!(
                "名簿のシートだけを残してください。--sheet {first} のように、読むシートを指定することもできます"
            ),
            format!(
                "leave only the sheet with the roster. Or name the sheet to be read: --sheet {first}"
            ),
        );
        return Err(Diagnostic::error("heading", message).with_hint(hint).into());
    }
    let best = all.iter().position(|(_, heading)| known(heading) == most).unwrap_or(0);
    Ok(all.swap_remove(best))
}
