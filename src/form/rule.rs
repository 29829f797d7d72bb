//! What must hold for a form.

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::expr::Expression;
use crate::report::Severity;
use crate::report::Text;
use crate::yaml::Spanned;
/// When a form is left out unless it is named.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Skip {
    /// The condition, in CEL.
    #[schemars(with = "String")]
    pub when: Expression,
    /// What is said.
    pub message: Text,
    /// How to have it all the same.
    pub hint: Text,
    /// The source of the rule.
    pub cite: String,
}

/// What must hold for a form. A rule whose fields are absent or faulty does not apply.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Its id; the code of its findings is `<form id>/<rule id>`.
    pub id: String,
    /// A list whose items are checked one by one, each as `item`.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub each: Option<Spanned<String>>,
    /// The rule applies when this is true.
    #[schemars(with = "Option<String>")]
    #[serde(default)]
    pub when: Option<Spanned<Expression>>,
    /// Must be true.
    #[schemars(with = "Option<String>")]
    #[serde(default)]
    pub check: Option<Spanned<Expression>>,
    /// A field that must be present.
    #[schemars(with = "Option<String>")]
    #[serde(default)]
    pub require: Option<Spanned<RuleKey>>,
    /// The field blamed; the required one when absent.
    #[schemars(with = "Option<String>")]
    #[serde(default)]
    pub at: Option<Spanned<RuleKey>>,
    /// For `lint`: a part of a record, put over that of the 記載例, that breaks the rule, and as
    /// `today` the day of the check. Only where `lint` finds no such record itself.
    #[serde(default)]
    #[schemars(with = "Option<serde_json::Value>")]
    pub broken_by: Option<Written>,
    /// Error unless said otherwise.
    #[serde(default)]
    pub level: Severity,
    /// What was found; `{…}` holds CEL.
    pub message: Text,
    /// How to mend it; `{…}` holds CEL.
    pub hint: Text,
    /// The source of the rule.
    pub cite: String,
}

impl Rule {
    /// The key a rule means: of the item at `item`, such as `card_reader.products[0]`, or without one the
    /// dictionary's.
    pub fn key(&self, key: &RuleKey, item: Option<&str>) -> String {
        let list = item.or(self.each.as_ref().map(|each| each.value.as_str()));
        match (key, list) {
            (RuleKey::OfRecord(key), _) => key.clone(),
            (RuleKey::OfItem(rest), Some(list)) => format!("{list}.{rest}"),
            (RuleKey::OfItem(rest), None) => format!("{ITEM}{rest}"),
        }
    }
}

/// What a key begins with that is of the item a rule is checking.
pub(super) const ITEM: &str = "item.";

/// A field as a rule names it: `facility.name`, or of the item it is checking, `item.units`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub enum RuleKey {
    /// By its key in a record.
    OfRecord(String),
    /// By its key inside the item.
    OfItem(String),
}

impl From<String> for RuleKey {
    fn from(written: String) -> Self {
        match written.strip_prefix(ITEM) {
            Some(rest) => RuleKey::OfItem(rest.to_owned()),
            None => RuleKey::OfRecord(written),
        }
    }
}

/// A record, or a part of one, as a definition writes it.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(transparent)]
pub struct Written(pub(crate) serde_json::Value);
