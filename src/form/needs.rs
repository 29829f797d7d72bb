//! What a form needs of a record: the one answer for checking, filling, skeletons, schemas, rosters,
//! workbooks and carried records.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use super::{Dictionary, Form, Kind};
use crate::expr::Expression;
use crate::key::Item;
use crate::report::Text;

/// What a form needs of a record, by keys of the dictionary. Found once per form, and only as far as
/// it is asked: the wider answers compile every condition of the form.
///
/// ```
/// let forms = onshi::form::Forms::built_in();
/// let needs = forms.needs(forms.find("別紙1").unwrap());
/// assert!(needs.required().contains("founder.name"));
/// assert!(needs.optional().contains("founder.registration"));
/// assert!(needs.has("founder.name") && !needs.has("introduction_plan.vendor"));
/// ```
#[derive(Clone, Debug)]
pub struct Needs<'a> {
    form: &'a Form,
    dictionary: &'a Dictionary,
    found: Arc<Found>,
}

/// The answers found so far.
#[derive(Debug, Default)]
pub(super) struct Found {
    asked: OnceLock<Keys>,
    all: OnceLock<Keys>,
    computed: OnceLock<BTreeSet<String>>,
    carried: OnceLock<BTreeSet<String>>,
}

#[derive(Debug, Default)]
struct Keys {
    required: BTreeSet<String>,
    optional: BTreeSet<String>,
}

impl<'a> Needs<'a> {
    pub(super) fn new(form: &'a Form, dictionary: &'a Dictionary, found: Arc<Found>) -> Self {
        Needs { form, dictionary, found }
    }

    /// The fields that the form cannot be handed in without.
    pub fn required(&self) -> &BTreeSet<String> {
        &self.all().required
    }

    /// The other fields that it prints, or that its rules and values depend on.
    pub fn optional(&self) -> &BTreeSet<String> {
        &self.all().optional
    }

    /// Whether the form prints this field, requires it or depends on it.
    pub fn has(&self, key: &str) -> bool {
        self.required().contains(key) || self.optional().contains(key)
    }

    /// Whether the form prints this field or requires it, and does not only compare others with it.
    pub(crate) fn asks_for(&self, key: &str) -> bool {
        let Keys { required, optional } = self.asked();
        required.contains(key) || optional.contains(key)
    }

    /// Whether this computed field must be computed to fill and check the form. May be true of a
    /// field that need not be: no condition is compiled to know it.
    pub(crate) fn computes(&self, key: &str) -> bool {
        self.found.computed.get_or_init(|| self.find_computed()).contains(key)
    }

    /// The fields that a PDF of the form carries: those it prints or requires, and in place of what is
    /// computed what it is computed from.
    pub(crate) fn carried(&self) -> &BTreeSet<String> {
        self.found.carried.get_or_init(|| self.find_carried())
    }

    fn asked(&self) -> &Keys {
        self.found.asked.get_or_init(|| self.find_asked())
    }

    fn all(&self) -> &Keys {
        self.found.all.get_or_init(|| self.find_all())
    }

    /// What its cells print or wait for and its rules require.
    fn find_asked(&self) -> Keys {
        let Keys { mut required, mut optional } = Keys::default();
        for cell in self.form.field_cells().map(|cell| &cell.value) {
            let Some(path) = cell.field.as_ref().map(|field| &field.value) else { continue };
            let keys = if cell.is_optional() { &mut optional } else { &mut required };
            if let Some(Item::With { name, .. }) = path.selector.as_ref().map(|s| &s.item) {
                keys.insert(format!("{}.{name}", path.base));
            }
            keys.insert(path.key().to_owned());
        }
        optional.extend(self.form.cells().flat_map(|cell| cell.value.keys_read()));
        for field in self.form.fields.iter().map(|field| &field.value) {
            let Some(needed) = &field.needed else { continue };
            let keys = if needed.when.is_some() { &mut optional } else { &mut required };
            keys.insert(field.key.clone());
        }
        for rule in self.form.rules.iter().map(|rule| &rule.value) {
            let Some(key) = &rule.require else { continue };
            // A condition makes the field optional for the rest.
            let keys = if rule.when.is_some() { &mut optional } else { &mut required };
            keys.insert(rule.key(&key.value, None));
        }
        optional.extend(self.form.each.iter().map(|each| each.value.clone()));
        optional.retain(|key| !required.contains(key));
        Keys { required, optional }
    }

    fn find_all(&self) -> Keys {
        let Keys { required, optional } = self.asked();
        let (mut required, mut optional) = (required.clone(), optional.clone());
        optional.extend(self.form.skip.iter().flat_map(|skip| skip.when.keys().clone()));
        for rule in self.form.rules.iter().map(|rule| &rule.value) {
            let conditions = [&rule.when, &rule.check].into_iter().flatten();
            let read = conditions.flat_map(|condition| condition.value.keys());
            let read = read.map(|key| rule.key(&key.clone().into(), None));
            // What a rule compares with in the sections of other forms is theirs to ask for.
            let top = |key: &str| key.split('.').next().unwrap_or_default().to_owned();
            let own: BTreeSet<String> = required.iter().chain(&optional).map(|k| top(k)).collect();
            optional.extend(read.filter(|key| own.contains(&top(key))));
        }
        optional.extend(self.conditions().flat_map(|when| when.keys().clone()));
        for key in required.clone().into_iter().chain(optional.clone()) {
            let Some(field) = self.dictionary.get(&key) else { continue };
            let from = field.derive.iter().flat_map(|derive| derive.keys().clone());
            // What can be written instead of being derived asks for nothing else.
            let needed = field.computed && required.contains(&key);
            (if needed { &mut required } else { &mut optional }).extend(from);
        }
        // A rule may read a whole section, or a variable.
        let is_value = |key: &String| {
            let kind = self.dictionary.get(key).map(|field| field.kind);
            kind.is_some_and(|kind| kind != Kind::Section)
        };
        required.retain(is_value);
        optional.retain(|key| is_value(key) && !required.contains(key));
        Keys { required, optional }
    }

    fn find_computed(&self) -> BTreeSet<String> {
        let asked = self.asked();
        let mut computed: BTreeSet<String> = BTreeSet::new();
        let fields = self.dictionary.fields().iter().filter(|field| field.computed);
        // A computed field may follow from others above it.
        for key in fields.rev().map(|field| &field.key) {
            let follows = |known: &String| {
                let derive = self.dictionary.get(known).and_then(|field| field.derive.as_ref());
                derive.is_some_and(|derive| derive.source().contains(key.as_str()))
            };
            if asked.required.contains(key)
                || asked.optional.contains(key)
                || self.mentions(key)
                || computed.iter().any(follows)
            {
                computed.insert(key.clone());
            }
        }
        computed
    }

    /// Whether its rules or its `skip` speak of a field, in a condition or in what they say.
    fn mentions(&self, key: &str) -> bool {
        let says = |text: &Text| text.ja.contains(key) || text.en.contains(key);
        let skip = self.form.skip.iter().any(|skip| {
            skip.when.source().contains(key) || says(&skip.message) || says(&skip.hint)
        });
        skip || self.form.rules.iter().map(|rule| &rule.value).any(|rule| {
            let mut conditions = [&rule.when, &rule.check].into_iter().flatten();
            conditions.any(|condition| condition.value.source().contains(key))
                || says(&rule.message)
                || says(&rule.hint)
        }) || self.conditions().any(|when| when.source().contains(key))
    }

    /// The conditions under which its fields are needed.
    fn conditions(&self) -> impl Iterator<Item = &Expression> {
        let needed = self.form.fields.iter().filter_map(|field| field.value.needed.as_ref());
        needed.filter_map(|needed| needed.when.as_ref())
    }

    fn find_carried(&self) -> BTreeSet<String> {
        let asked = self.asked();
        let mut ahead: Vec<&String> = asked.required.iter().chain(&asked.optional).collect();
        let (mut keys, mut seen) = (BTreeSet::new(), BTreeSet::new());
        while let Some(key) = ahead.pop() {
            let Some(field) = self.dictionary.get(key).filter(|_| seen.insert(key)) else {
                continue;
            };
            match &field.derive {
                Some(derive) if field.computed => ahead.extend(derive.keys()),
                _ => {
                    keys.insert(key.clone());
                }
            }
        }
        keys
    }
}
