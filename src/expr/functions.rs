//! The functions that expressions call. Dates are texts such as `2024-04-01`, which compare as dates do.

use std::fmt;
use std::sync::{Arc, LazyLock};

use cel::common::value::Val;
use cel::context::VariableResolver;
use cel::{Context, Env, ExecutionError};

use super::Expression;
use crate::calendar::{self, Date};
use crate::office::{self, Bureaus, Municipality, check_digit_holds, networks};
use crate::report::Text;

/// The variables an expression can read besides the record.
pub(crate) const VARIABLES: [&str; 2] = ["today", "copies"];

/// The functions an expression can call.
pub const FUNCTIONS: [&str; 33] = [
    "add_months",
    "add_days",
    "step_date",
    "is_certain",
    "year_month",
    "months_after",
    "event_day",
    "times_inside",
    "is_closed",
    "receipt_number_deadline",
    "receipt_number_deadline_rule",
    "application_date",
    "reply_date",
    "portal_date",
    "bureau_of",
    "bureau_of_code",
    "prefecture_code_of_postal_code",
    "assumed_prefecture_code",
    "prefecture_of_code",
    "prefecture_code",
    "address_gap",
    "network_type_of",
    "network_line",
    "network_unsupported",
    "network_ended",
    "check_digit",
    "size",
    "int",
    "string",
    "contains",
    "startsWith",
    "endsWith",
    "double",
];

static ENV: LazyLock<Arc<Env>> = LazyLock::new(|| Arc::new(Env::stdlib()));

/// The functions of expressions, without values.
#[derive(Clone)]
pub(crate) struct Functions(Arc<Context<'static, 'static>>);

/// What expressions can see: values and functions.
pub(crate) struct Scope<'a> {
    context: Context<'a, 'a>,
}

impl<'a> Scope<'a> {
    /// These functions, and the values that `resolver` finds.
    pub fn new(functions: &'a Functions, resolver: &'a dyn VariableResolver) -> Self {
        let mut context = functions.0.new_inner_scope();
        context.set_variable_resolver(resolver);
        Scope { context }
    }

    /// From now on this name stands for this value.
    pub fn set(&mut self, name: &str, value: impl Into<cel::Value>) {
        self.context.add_variable_from_value(name, value);
    }

    /// As [`Scope::set`], for what computes its parts when they are read.
    pub fn set_val(&mut self, name: &str, value: Box<dyn Val + 'a>) {
        self.context.add_variable_as_val(name, value);
    }

    /// What an expression comes to.
    pub fn value(&self, expression: &Expression) -> Option<cel::Value> {
        cel::Value::resolve(expression.parsed().ok()?, &self.context).ok()
    }

    /// Whether an expression is true; none where what it reads is absent, or a function cannot take it.
    ///
    /// # Errors
    /// What is wrong with its types.
    pub fn judge(&self, expression: &Expression) -> Result<Option<bool>, Text> {
        // What cannot be parsed is found before.
        let Ok(parsed) = expression.parsed() else { return Ok(None) };
        match cel::Value::resolve(parsed, &self.context) {
            Ok(cel::Value::Bool(is)) => Ok(Some(is)),
            Ok(_) => Err(Text::new("真偽になりません", "its value is not true or false")),
            Err(
                ExecutionError::NoSuchKey(_)
                | ExecutionError::UndeclaredReference(_)
                | ExecutionError::FunctionError { .. },
            ) => Ok(None),
            Err(_) => Err(Text::new(
                "文字・数・真偽の組み合わせが合わず、評価できません",
                "its texts, numbers and truth values do not go together",
            )),
        }
    }

    /// The value of an expression as text; none when a field it reads is absent.
    pub fn text(&self, expression: &Expression) -> Option<String> {
        match self.value(expression)? {
            cel::Value::String(text) => Some(text.to_string()),
            cel::Value::Int(number) => Some(number.to_string()),
            cel::Value::Bool(value) => Some(value.to_string()),
            _ => None,
        }
    }
}

impl Functions {
    /// With these bureaus, or the built-in ones, which are read when a function first needs them.
    pub fn new(bureaus: Option<Arc<Bureaus>>) -> Self {
        let mut context = Context::with_env(ENV.clone());
        add_functions(&mut context, bureaus);
        Functions(Arc::new(context))
    }
}

impl fmt::Debug for Functions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Functions")
    }
}

type Str = Arc<String>;

fn add_functions(context: &mut Context<'static, 'static>, bureaus: Option<Arc<Bureaus>>) {
    let added =
        add_dates(context) && add_offices(context, bureaus.as_ref()) && add_networks(context);
    debug_assert!(added, "a function is named like one of CEL's");
}

fn date(text: &str) -> Result<Date, ExecutionError> {
    text.parse().map_err(|_| ExecutionError::function_error("date", text))
}

fn on_date(
    f: fn(Date) -> Date,
) -> impl Fn(Str) -> Result<cel::Value, ExecutionError> + Send + Sync {
    move |text: Str| Ok(f(date(&text)?).to_string().into())
}

fn deadline(
    bureaus: &Bureaus,
    name: &str,
    designation: &str,
) -> Result<office::Deadline, ExecutionError> {
    let bureau = bureaus.by_name(name);
    let bureau = bureau.ok_or_else(|| ExecutionError::function_error("bureau", name))?;
    Ok(bureau.receipt_number_deadline(date(designation)?))
}

/// Functions of days alone.
fn add_dates(context: &mut Context<'static, 'static>) -> bool {
    let results = [
        context.add_function("add_months", |day: Str, months: i64| {
            let span = jiff::Span::new().try_months(months);
            let sum = span.ok().and_then(|span| date(&day).ok()?.checked_add(span).ok());
            sum.map(|d| cel::Value::from(d.to_string()))
                .ok_or_else(|| ExecutionError::function_error("add_months", day))
        }),
        context.add_function("add_days", |day: Str, days: i64| {
            let span = jiff::Span::new().try_days(days);
            let sum = span.ok().and_then(|span| date(&day).ok()?.checked_add(span).ok());
            sum.map(|d| cel::Value::from(d.to_string()))
                .ok_or_else(|| ExecutionError::function_error("add_days", day))
        }),
        context.add_function("year_month", |day: Str| {
            date(&day).map(|d| cel::Value::from(format!("{:04}-{:02}", d.year(), d.month())))
        }),
        context.add_function("months_after", |month: i64, day: Str| {
            // A month without a year is the one nearest to the day: six back, five on.
            date(&day)
                .map(|d| cel::Value::from((month - i64::from(d.month()) + 6).rem_euclid(12) - 6))
        }),
        context.add_function("event_day", |text: Str, today: Str| {
            calendar::event_day(&text, date(&today)?)
                .map(|d| cel::Value::from(d.to_string()))
                .ok_or_else(|| ExecutionError::function_error("event_day", text))
        }),
        context.add_function("times_inside", |inner: Str, outer: Str| {
            calendar::times_inside(&inner, &outer)
                .map(cel::Value::from)
                .ok_or_else(|| ExecutionError::function_error("times_inside", inner))
        }),
        context.add_function("is_closed", |day: Str| {
            date(&day).map(|d| cel::Value::from(calendar::is_closed(d)))
        }),
        context.add_function("is_certain", |day: Str| {
            date(&day).map(|d| cel::Value::from(calendar::is_certain(d)))
        }),
    ];
    results.iter().all(Result::is_ok)
}

/// Functions of the offices, their days and numbers.
fn add_offices(context: &mut Context<'static, 'static>, bureaus: Option<&Arc<Bureaus>>) -> bool {
    let [b1, b2, b3, b4, b5, b6, b7, b8, b9] = [(); 9].map(|()| bureaus.cloned());
    let results = [
        context.add_function("step_date", |step: i64, day: Str| {
            let span = u8::try_from(step).ok().zip(Some(date(&day)?));
            span.and_then(|(step, day)| office::step_span(step, day))
                .map(|(_, due)| cel::Value::from(due.to_string()))
                .ok_or_else(|| ExecutionError::function_error("step_date", step.to_string()))
        }),
        context.add_function("reply_date", on_date(office::reply_date)),
        context.add_function("portal_date", on_date(office::portal_date)),
        context.add_function("receipt_number_deadline", move |bureau: Str, day: Str| {
            deadline(Bureaus::chosen(&b1), &bureau, &day)
                .map(|d| cel::Value::from(d.date.to_string()))
        }),
        context.add_function("receipt_number_deadline_rule", move |bureau: Str, lang: Str| {
            // The rule does not depend on the day; any will do.
            deadline(Bureaus::chosen(&b2), &bureau, "2024-04-01").map(|d| match lang.as_str() {
                "ja" => cel::Value::from(d.rule.ja),
                _ => cel::Value::from(d.rule.en),
            })
        }),
        context.add_function("application_date", move |address: Str, day: Str| {
            let day = date(&day)?;
            let place = Bureaus::chosen(&b7).of_address(&address);
            let date = place.map_or_else(
                || office::designation_application_date(day),
                |(bureau, prefecture)| bureau.application_deadline(prefecture, day).date,
            );
            Ok::<_, ExecutionError>(cel::Value::from(date.to_string()))
        }),
        context.add_function("bureau_of", move |address: Str| {
            let bureaus = Bureaus::chosen(&b3);
            let prefecture = bureaus.prefecture_of_address(&address);
            let bureau = prefecture.and_then(|p| bureaus.by_prefecture(&p.name));
            bureau.map_or(String::new(), |b| b.name.clone())
        }),
        context.add_function("prefecture_code", move |address: Str| {
            Bureaus::chosen(&b4)
                .prefecture_of_address(&address)
                .map_or(String::new(), |p| p.code.clone())
        }),
        context.add_function("bureau_of_code", move |code: Str| {
            let bureau = Bureaus::chosen(&b5).by_prefecture(&code);
            bureau.map_or(String::new(), |bureau| bureau.name.clone())
        }),
        context.add_function("prefecture_of_code", move |code: Str| {
            Bureaus::chosen(&b8).prefecture_name(&code).unwrap_or_default().to_owned()
        }),
        context.add_function("prefecture_code_of_postal_code", move |code: Str| {
            prefecture_code_of(Bureaus::chosen(&b6), &code)
        }),
        context.add_function("assumed_prefecture_code", move |code: Str, address: Str| {
            match Municipality::beside_code(&code, &address) {
                Some(_) => String::new(),
                None => prefecture_code_of(Bureaus::chosen(&b9), &code),
            }
        }),
        context.add_function("address_gap", |one: Str, other: Str| {
            office::address_gap(&one, &other).map_or("", office::AddressGap::as_str).to_owned()
        }),
        context.add_function("check_digit", |prefecture: Str, table: Str, code: Str| {
            check_digit_holds(&prefecture, &table, &code)
        }),
    ];
    results.iter().all(Result::is_ok)
}

/// The code of the prefecture that a postal code is in. One that two prefectures share tells neither.
fn prefecture_code_of(bureaus: &Bureaus, postal_code: &str) -> String {
    let [name] = office::postal_prefectures(postal_code) else { return String::new() };
    bureaus.prefecture_code(name).unwrap_or_default().to_owned()
}

/// Functions of network services.
fn add_networks(context: &mut Context<'static, 'static>) -> bool {
    let results = [
        context.add_function("network_type_of", |provider: Str| {
            networks::network_type_of(&provider).map_or(String::new(), |t| t.to_string())
        }),
        context.add_function("network_line", |provider: Str| {
            match networks::is_ntt_line(&provider) {
                Some(true) => "NTT・光コラボ",
                Some(false) => "その他",
                None => "",
            }
            .to_owned()
        }),
        context.add_function("network_unsupported", |provider: Str| {
            networks::is_unsupported(&provider)
        }),
        context.add_function("network_ended", |provider: Str| networks::is_ended(&provider)),
    ];
    results.iter().all(Result::is_ok)
}
