//! What is wrong with the headings of a list, in words.

use crate::form::{Column, Form, Headings};
use crate::report::{Diagnostic, Text};

/// A heading that matches no field.
pub(super) fn unknown(headings: &Headings<'_>, written: &str) -> Diagnostic {
    let message = Text::new(
        format!("見出し「{written}」に当たる項目はありません"),
        format!("the heading {written} matches no field"),
    );
    let hint = match headings.nearest(written) {
        Some(near) => Text::new(
            format!("{}。{}", near.ja, by_map().ja),
            format!("{} Otherwise: {}", near.en, by_map().en),
        ),
        None => by_map(),
    };
    Diagnostic::error("unknown-field", message).with_hint(hint)
}

/// A heading that matches several fields.
pub(super) fn ambiguous(headings: &Headings<'_>, written: &str, several: &[usize]) -> Diagnostic {
    let names: Vec<&str> = several.iter().map(|i| headings.column(*i).heading.as_str()).collect();
    let message = Text::new(
        format!("見出し「{written}」に当たる項目が {} つあります", names.len()),
        format!("the heading {written} matches {} fields", names.len()),
    );
    let hint = Text::new(
        format!("{} のいずれかを書いてください。{}", names.join("、"), by_map().ja),
        format!("write one of {}. Otherwise: {}", names.join(", "), by_map().en),
    );
    Diagnostic::error("heading", message).with_hint(hint)
}

/// How headings that are not known are dealt with.
pub(super) fn by_map() -> Text {
    Text::new(
        "どの項目の列か、または使わない列かを、対応表で決めてください。対応表は onshi map で作り、--map で渡します。使わない列は --ignore-unknown でも読み飛ばせます",
        "say in a map which field the column is, or that it is not used. `onshi map` makes a map, to be given with --map. --ignore-unknown ignores columns that are not used, too",
    )
}

/// A heading of a value that is never written.
pub(super) fn computed(written: &str) -> Diagnostic {
    let message = Text::new(
        format!("「{written}」は計算で求めるので、名簿に書きません"),
        format!("{written} is computed and is not written in a roster"),
    );
    Diagnostic::error("unknown-field", message).with_hint(by_map())
}

/// A column of a form that has no other.
pub(super) fn stray(written: &str, form: &Form) -> Diagnostic {
    let name = form.short_name();
    let message = Text::new(
        format!("見出し「{written}」は{name}の項目ですが、{name}に要る列がほかにありません"),
        format!("the heading {written} is one of {name}, of which no needed column is there"),
    );
    let hint = Text::new(
        format!(
            "{name}も作るなら、作る様式に加えてください。作らないなら、対応表で使わない列にしてください。作るときは --form {name}、使わないときは --ignore-unknown をつけても同じです"
        ),
        format!(
            "to make {name} too, choose it as a form to make. Otherwise say in a map that the column is not used. --form {name} and --ignore-unknown do the same"
        ),
    );
    Diagnostic::error("unknown-field", message).with_hint(hint)
}

/// A column that a form needs and the roster lacks.
pub(super) fn lacking(column: &Column, form: &Form) -> Diagnostic {
    let (name, heading, key) = (form.short_name(), &column.heading, column.key());
    let message = Text::new(
        format!("{name}に要る列「{heading}」がありません"),
        format!("{name} needs the column {heading}"),
    );
    let hint = Text::new(
        format!(
            "列を足すか、全施設に共通なら対応表に値を書いてください。--set {key}=値 をつけても渡せます"
        ),
        format!(
            "add the column, or write the value in a map if all facilities share it. --set {key}=VALUE gives it too"
        ),
    );
    let fault = Diagnostic::error("required", message).with_form(&form.id);
    fault.with_field(key).with_hint(hint)
}

/// Several columns that a form needs and the roster lacks.
pub(super) fn lacking_all(columns: &[&Column], form: &Form) -> Diagnostic {
    let names: Vec<&str> = columns.iter().map(|column| column.heading.as_str()).collect();
    let (name, count) = (form.short_name(), names.len());
    let message = Text::new(
        format!("{name}に要る {count} 列がありません: {}", names.join("、")),
        format!("{name} needs {count} more columns: {}", names.join(", ")),
    );
    let hint = Text::new(
        "列を足してください。見出しが違うだけなら、または全施設に共通の値なら、対応表に書けます。対応表は onshi map で作れます",
        "add the columns, or write a map where only headings differ or all facilities share a value. `onshi map` makes one",
    );
    Diagnostic::error("required", message).with_form(&form.id).with_hint(hint)
}
