//! One of a list of values, or several where the field takes several.

mod meant;

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Value, json};

use self::meant::meant;
use super::{Cell, Control, Data, Field, FieldKind, Input, Read, Refused, brief};
use crate::form::{Show, fold};
use crate::report::{Text, did_you_mean};

/// A value of a choice.
#[derive(Clone, Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// The value as the form prints it.
    pub value: String,
    /// The same in English; accepted in a record too.
    #[serde(default)]
    pub en: Option<String>,
    /// What it stands for, where the form prints a letter alone: beside it in drop-downs of the page.
    #[serde(default)]
    pub means: Option<String>,
    /// Other ways to write it, accepted in silence.
    #[serde(default)]
    pub also: Vec<String>,
    /// Spelling variants, accepted and reported.
    #[serde(default)]
    pub fold: Vec<String>,
}

impl Choice {
    /// Every way to write it that is accepted in silence, the value itself first.
    pub(super) fn names(&self) -> impl Iterator<Item = &String> {
        std::iter::once(&self.value).chain(&self.en).chain(&self.also)
    }
}

impl Field {
    /// The values a text joins, where several are accepted and the text is not one of them.
    ///
    /// ```
    /// let forms = onshi::form::Forms::built_in();
    /// let kind = forms.dictionary().get("facility.kind").unwrap();
    /// assert_eq!(kind.parts("医科・歯科"), ["医科", "歯科"]);
    /// assert!(kind.parts("医科").is_empty());
    /// ```
    pub fn parts<'a>(&self, text: &'a str) -> Vec<&'a str> {
        if !self.many || self.choice(text).is_some() {
            return Vec::new();
        }
        let parts = text.split(['・', '･', '、', '，', ',', '/', '／', '+', '＋', ';', '；', '\n']);
        let parts: Vec<&str> = parts.map(str::trim).filter(|part| !part.is_empty()).collect();
        if parts.len() > 1 { parts } else { Vec::new() }
    }

    /// The choice a value names, and whether it had to be normalised to find it.
    pub fn choice(&self, text: &str) -> Option<(&Choice, bool)> {
        let exact = |c: &&Choice| c.names().any(|name| name == text);
        if let Some(choice) = self.choices.iter().find(exact) {
            return Some((choice, false));
        }
        let folded = fold(text);
        let same = |c: &&Choice| c.names().chain(&c.fold).any(|s| fold(s) == folded);
        self.choices.iter().find(same).map(|choice| (choice, true))
    }
}

/// One or several of a list of values.
pub(super) struct Choices;

impl FieldKind for Choices {
    fn words(&self) -> Text {
        Text::new("選択", "choice")
    }

    fn read(&self, field: &Field, written: &str) -> Result<Read, Refused> {
        match field.choice(written) {
            Some((choice, normalised)) => {
                Ok(Read { text: choice.value.clone(), data: Data::Text, normalised })
            }
            None => Err(refused(field, written)),
        }
    }

    fn is_complete(&self, field: &Field) -> bool {
        let known = |offer: &String| {
            let parts = field.parts(offer);
            !parts.is_empty() && parts.iter().all(|part| field.choice(part).is_some())
        };
        !field.choices.is_empty() && field.offer.iter().all(known)
    }

    fn is_shown(&self, cell: &Cell) -> bool {
        match cell.show {
            None => cell.text.is_none(),
            Some(Show::Circle) => cell.text.is_some() || cell.is.is_some(),
            Some(Show::Tick) => cell.is.is_some(),
            Some(show) => show == Show::Words && cell.has_words(),
        }
    }

    fn schema(&self, field: &Field) -> Value {
        let values = field.choices.iter().flat_map(Choice::names);
        let mut seen = BTreeSet::new();
        let mut all: Vec<Value> =
            values.filter(|v| seen.insert(v.as_str())).map(|v| v.as_str().into()).collect();
        if !field.many {
            all.push(Value::Null);
            return json!({"enum": all});
        }
        let alone = all.iter().cloned().chain(field.offer.iter().map(|v| v.as_str().into()));
        json!({"anyOf": [
            {"enum": alone.collect::<Vec<Value>>()},
            {"type": "array", "items": {"enum": all}, "uniqueItems": true, "minItems": 1},
            {"type": "null"},
        ]})
    }

    fn allowed(&self, field: &Field, between: &str) -> Text {
        let values: Vec<&str> = field.choices.iter().map(|c| c.value.as_str()).collect();
        Text::new(values.join(between), values.join(between))
    }

    fn offered(&self, field: &Field) -> Vec<String> {
        let values = field.choices.iter().map(|choice| &choice.value);
        values.chain(&field.offer).cloned().collect()
    }

    fn input(&self, field: &Field, cell: &Cell) -> Input {
        match cell.show {
            Some(Show::Tick) => Input::Tick(cell.is.clone().unwrap_or_default()),
            Some(Show::Circle) => Input::Circle(self.offered(field)),
            _ => Input::Choice(cell.in_words(self.offered(field))),
        }
    }

    fn control(&self, field: &Field) -> Control {
        Control::Select(self.offered(field))
    }

    fn tries(&self, field: &Field, _own: &str, _words: &[String]) -> Vec<String> {
        let values = field.choices.iter().map(|choice| choice.value.clone());
        values.chain(field.offer.clone()).collect()
    }
}

fn refused(field: &Field, written: &str) -> Refused {
    let offered = Choices.offered(field);
    let meant = meant(field, written);
    let (maybe_ja, maybe_en) = meant
        .as_deref()
        .map(did_you_mean)
        .map_or((String::new(), String::new()), |n| (format!("。{}", n.ja), format!(". {}", n.en)));
    // A letter alone says nothing to who does not have the form at hand.
    let told = |(open, close): (&str, &str)| -> Vec<String> {
        let means = |value: &String| {
            let choice = field.choices.iter().find(|choice| choice.value == *value);
            choice.and_then(|choice| choice.means.as_ref())
        };
        let told = offered.iter().map(|value| match means(value) {
            Some(means) => format!("{value}{open}{means}{close}"),
            None => value.clone(),
        });
        told.collect()
    };
    let hint = Text::new(
        format!("書けるのは {} です{maybe_ja}", told(("（", "）")).join("、")),
        format!("allowed: {}{maybe_en}", told((" (", ")")).join(", ")),
    );
    let message = Text::new(
        format!("{}「{}」は選べません", field.label.ja, brief(written)),
        format!("{} cannot be `{}`", field.label.en, brief(written)),
    );
    Refused::new("choice", message, hint).with_suggestion(meant)
}
