//! The command line's one definition: parser, help, completions and man pages come from it.
//! The words of the help are in `help/words.rs`.

use std::error::Error;
use std::fmt;
use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{
    Arg, ArgAction, ArgGroup, ColorChoice, CommandFactory, Parser, Subcommand, ValueEnum, ValueHint,
};
use onshi::Format;
use onshi::calendar::Date;
use onshi::report::{Lang, Text};
use onshi::table::Encoding;

#[derive(Debug, Parser)]
#[command(name = "onshi", bin_name = "onshi", version, arg_required_else_help = true)]
#[command(disable_help_flag = true, disable_version_flag = true)]
pub struct Args {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

/// What every command takes.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Global {
    #[arg(long, global = true, value_name = "LANG")]
    pub lang: Option<Language>,
    #[arg(long, global = true, value_name = "DATE", value_parser = date)]
    pub today: Option<Date>,
    #[arg(long, global = true, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub forms: Option<PathBuf>,
    #[arg(long, global = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub gaiji: Option<PathBuf>,
    #[arg(long, global = true)]
    pub deny_warnings: bool,
    #[arg(short, long, global = true)]
    pub quiet: bool,
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: ColorChoice,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    Fill(Fill),
    Blank(Blank),
    Example(Example),
    Check(Check),
    Import(Import),
    New(New),
    Roster(Roster),
    Map(Map),
    Batch(Box<Batch>),
    Forms,
    Schema(Schema),
    Schedule(Schedule),
    Attach(Attach),
    Extract(Extract),
    Draft(Draft),
    Lint(Lint),
    #[cfg(feature = "serve")]
    Serve(Serve),
    Completions(Completions),
    Man(Man),
    /// A file alone, without a command.
    #[command(skip)]
    Told(PathBuf),
}

#[derive(Debug, clap::Args)]
pub struct Fill {
    /// A file, or `-`.
    #[arg(value_hint = ValueHint::FilePath)]
    pub record: PathBuf,
    /// Ids or aliases; empty for every form the record has a value for.
    #[arg(long, value_name = "FORM")]
    pub form: Vec<String>,
    #[arg(long)]
    pub carry_record: bool,
    #[arg(long)]
    pub one_file: bool,
    #[command(flatten)]
    pub to: To,
}

#[derive(Debug, clap::Args)]
pub struct Blank {
    /// Ids or aliases.
    #[arg(required = true)]
    pub form: Vec<String>,
    #[arg(long)]
    pub one_file: bool,
    #[command(flatten)]
    pub to: To,
}

#[derive(Debug, clap::Args)]
pub struct Example {
    pub form: String,
    #[command(flatten)]
    pub to: To,
}

/// Where forms are written to, and as what.
#[derive(Debug, clap::Args)]
pub struct To {
    /// A file, a folder, or `-`.
    #[arg(short, long, value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub output: Option<PathBuf>,
    /// None: what the ending of `output` says.
    #[arg(long, value_name = "FORMAT", value_parser = formats())]
    pub format: Option<Format>,
    /// Overwrites what is there.
    #[arg(long)]
    pub force: bool,
}

#[derive(Debug, clap::Args)]
pub struct Check {
    /// A file, or `-`.
    #[arg(value_hint = ValueHint::FilePath)]
    pub record: PathBuf,
    /// Ids or aliases; empty for every form the record has a value for.
    #[arg(long, value_name = "FORM")]
    pub form: Vec<String>,
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: ReportFormat,
}

#[derive(Debug, clap::Args)]
pub struct Import {
    /// A workbook, or `-`.
    #[arg(value_name = "FILLED.xlsx", value_hint = ValueHint::FilePath)]
    pub workbook: PathBuf,
    #[arg(short, long, value_name = "RECORD", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
    /// Overwrites what is there.
    #[arg(long)]
    pub force: bool,
}

#[derive(Debug, clap::Args)]
pub struct New {
    /// Ids or aliases; empty for all.
    pub form: Vec<String>,
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
    /// Overwrites what is there.
    #[arg(long)]
    pub force: bool,
}

#[derive(Debug, clap::Args)]
pub struct Roster {
    /// Ids or aliases; empty for all.
    pub form: Vec<String>,
    /// Its ending says whether it is a workbook or CSV.
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: PathBuf,
    /// How many rows a workbook has.
    #[arg(long, value_name = "N", value_parser = rows)]
    pub split: Option<u32>,
    /// A list or a folder of records, whose facilities are in the workbooks.
    #[arg(long, value_name = "LIST|DIR", requires = "split", value_hint = ValueHint::AnyPath)]
    pub from: Option<PathBuf>,
    #[arg(long, value_name = "MAP.yaml", requires = "from", value_hint = ValueHint::FilePath)]
    pub map: Option<PathBuf>,
    #[arg(long, value_name = "ENCODING", requires = "from")]
    pub encoding: Option<CsvEncoding>,
    #[arg(long, value_name = "SHEET", requires = "from")]
    pub sheet: Option<String>,
    #[arg(long, requires = "from")]
    pub ignore_unknown: bool,
    /// Overwrites what is there.
    #[arg(long)]
    pub force: bool,
}

#[derive(Debug, clap::Args)]
pub struct Map {
    /// A workbook, CSV or TSV.
    #[arg(value_name = "LIST", value_hint = ValueHint::FilePath)]
    pub list: PathBuf,
    /// Ids or aliases; empty for all.
    pub form: Vec<String>,
    #[arg(short, long, value_name = "MAP.yaml", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
    #[arg(long, value_name = "ENCODING")]
    pub encoding: Option<CsvEncoding>,
    #[arg(long, value_name = "SHEET")]
    pub sheet: Option<String>,
    /// Overwrites what is there.
    #[arg(long)]
    pub force: bool,
}

#[derive(Debug, clap::Args)]
#[command(group = ArgGroup::new("to")
    .args(["output", "merge", "letters", "labels", "cover"]).required(true).multiple(true))]
pub struct Batch {
    /// A workbook, CSV or TSV, or a folder of records.
    #[arg(value_name = "ROSTER|DIR", value_hint = ValueHint::AnyPath)]
    pub source: PathBuf,
    /// Ids or aliases; empty for every form the row has a value for.
    #[arg(long, value_name = "FORM")]
    pub form: Vec<String>,
    #[arg(short, long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub output: Option<PathBuf>,
    /// What is in braces makes a file for each value.
    #[arg(long, value_name = "FILE.pdf", value_hint = ValueHint::FilePath)]
    pub merge: Option<PathBuf>,
    #[arg(long, value_name = "PATTERN", requires = "output")]
    pub name: Option<String>,
    #[arg(long, value_name = "FILE.pdf", value_hint = ValueHint::FilePath)]
    pub letters: Option<PathBuf>,
    #[arg(long, value_name = "FILE.pdf", value_hint = ValueHint::FilePath)]
    pub labels: Option<PathBuf>,
    #[arg(long, value_name = "FILE.pdf", value_hint = ValueHint::FilePath)]
    pub cover: Option<PathBuf>,
    #[arg(long, value_name = "RECORD", value_hint = ValueHint::FilePath)]
    pub sender: Option<PathBuf>,
    #[arg(long, value_name = "HEADING")]
    pub label: Option<String>,
    #[arg(long = "where", value_name = "HEADING=VALUE", value_parser = filter)]
    pub r#where: Vec<(String, String)>,
    #[arg(long, value_name = "HEADING")]
    pub sort: Option<String>,
    #[arg(long)]
    pub visible_only: bool,
    #[arg(long)]
    pub unfilled: bool,
    #[arg(long, value_name = "SUMMARY.xlsx", value_hint = ValueHint::FilePath)]
    pub since: Option<PathBuf>,
    #[arg(long, requires = "since")]
    pub changed: bool,
    #[arg(long, value_name = "FORMAT", value_parser = formats())]
    pub format: Option<Format>,
    #[arg(long, value_name = "MAP.yaml", value_hint = ValueHint::FilePath)]
    pub map: Option<PathBuf>,
    #[arg(long, value_name = "KEY=VALUE", value_parser = setting)]
    pub set: Vec<(String, String)>,
    #[arg(long, value_name = "ENCODING")]
    pub encoding: Option<CsvEncoding>,
    #[arg(long, value_name = "SHEET")]
    pub sheet: Option<String>,
    #[arg(long)]
    pub ignore_unknown: bool,
    #[arg(long)]
    pub allow_duplicates: bool,
    #[arg(long)]
    pub strict: bool,
    #[arg(long)]
    pub force: bool,
    #[arg(long, value_name = "N", value_parser = jobs)]
    pub jobs: Option<usize>,
}

#[derive(Debug, clap::Args)]
pub struct Schema {
    /// Ids or aliases; empty for all.
    pub form: Vec<String>,
    #[arg(long, conflicts_with = "form")]
    pub definition: bool,
}

#[derive(Debug, clap::Args)]
pub struct Schedule {
    /// A file, or `-`.
    #[arg(value_hint = ValueHint::FilePath)]
    pub record: PathBuf,
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
    /// None: what the ending of `output` says.
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<ScheduleFormat>,
    /// Overwrites what is there.
    #[arg(long)]
    pub force: bool,
}

#[derive(Debug, clap::Args)]
pub struct Attach {
    /// Files; at most one of them is `-`.
    #[arg(required = true, value_hint = ValueHint::FilePath)]
    pub record: Vec<PathBuf>,
    #[arg(long, value_name = "APPLICATION.pdf", value_hint = ValueHint::FilePath)]
    pub to: PathBuf,
    /// A file, or `-`.
    #[arg(short, long, value_name = "OUT.pdf", value_hint = ValueHint::FilePath)]
    pub output: PathBuf,
    /// Ids or aliases; empty for 別紙2.
    #[arg(long, value_name = "FORM")]
    pub form: Vec<String>,
    #[arg(long)]
    pub break_signature: bool,
    /// Overwrites what is there.
    #[arg(long)]
    pub force: bool,
}

#[derive(Debug, clap::Args)]
pub struct Extract {
    #[arg(value_name = "FILLED.pdf", value_hint = ValueHint::FilePath)]
    pub file: PathBuf,
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
    /// Overwrites what is there.
    #[arg(long)]
    pub force: bool,
}

#[derive(Debug, clap::Args)]
pub struct Draft {
    #[arg(value_name = "PAPER.pdf", value_hint = ValueHint::FilePath)]
    pub paper: PathBuf,
    /// A copy of the PDF goes beside it.
    #[arg(short, long, value_name = "FORM.yaml", value_hint = ValueHint::FilePath)]
    pub output: PathBuf,
    #[arg(long, value_name = "PICTURE.png", value_hint = ValueHint::FilePath)]
    pub picture: Option<PathBuf>,
    /// Overwrites what is there.
    #[arg(long)]
    pub force: bool,
}

#[derive(Debug, clap::Args)]
pub struct Lint {
    #[arg(required = true, value_name = "FORM.yaml", value_hint = ValueHint::FilePath)]
    pub file: Vec<PathBuf>,
    #[arg(long, requires = "output")]
    pub watch: bool,
    #[arg(short, long, value_name = "PICTURE", requires = "watch", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
}

#[cfg(feature = "serve")]
#[derive(Debug, clap::Args)]
pub struct Serve {
    /// Any free one when absent.
    #[arg(long, value_name = "N")]
    pub port: Option<u16>,
    #[arg(long)]
    pub no_open: bool,
    #[arg(long, value_name = "ADDR", requires = "token_file")]
    pub listen: Option<std::net::IpAddr>,
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub token_file: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub struct Completions {
    pub shell: clap_complete::Shell,
}

#[derive(Debug, clap::Args)]
pub struct Man {
    #[arg(short, long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub output: Option<PathBuf>,
    /// Overwrites what is there.
    #[arg(long)]
    pub force: bool,
}

/// What a report is printed as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    Text,
    Json,
}

/// What a schedule is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ScheduleFormat {
    Text,
    Json,
    Ics,
    Pdf,
}

impl ScheduleFormat {
    /// What the name of such a file ends in.
    pub fn endings(self) -> &'static [&'static str] {
        match self {
            ScheduleFormat::Text => &["txt"],
            ScheduleFormat::Json => &["json"],
            ScheduleFormat::Ics => &["ics"],
            ScheduleFormat::Pdf => &["pdf"],
        }
    }
}

/// The encoding of a CSV file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CsvEncoding {
    #[value(name = "utf-8", alias = "utf8")]
    Utf8,
    #[value(name = "cp932", aliases = ["windows-31j", "shift_jis", "shift-jis", "sjis"])]
    Cp932,
}

impl From<CsvEncoding> for Encoding {
    fn from(encoding: CsvEncoding) -> Self {
        match encoding {
            CsvEncoding::Utf8 => Encoding::Utf8,
            CsvEncoding::Cp932 => Encoding::Cp932,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Language {
    Ja,
    En,
}

impl From<Language> for Lang {
    fn from(language: Language) -> Self {
        match language {
            Language::Ja => Lang::Ja,
            Language::En => Lang::En,
        }
    }
}

/// Why a value on the command line was refused, in both languages.
#[derive(Debug)]
pub struct Refused(pub Text);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.en)
    }
}

impl Error for Refused {}

/// One of the formats, by its name.
fn formats() -> impl TypedValueParser<Value = Format> {
    let names = Format::ALL.iter().map(|format| format.extension());
    // Only these names come through.
    PossibleValuesParser::new(names).map(|name| Format::named(&name).unwrap_or_default())
}

fn date(value: &str) -> Result<Date, Refused> {
    onshi::calendar::parse_date(value).map_err(|fault| Refused(fault.message()))
}

fn setting(value: &str) -> Result<(String, String), Refused> {
    let text = || {
        Text::new("bureau=関東信越厚生局 のように書きます", "write it like bureau=関東信越厚生局")
    };
    match value.split_once('=') {
        Some((key, value)) if !key.trim().is_empty() && !value.trim().is_empty() => {
            Ok((key.trim().to_owned(), value.to_owned()))
        }
        _ => Err(Refused(text())),
    }
}

/// A heading and the value a row must have there, which may be nothing.
fn filter(value: &str) -> Result<(String, String), Refused> {
    match value.split_once(['=', '＝']) {
        Some((heading, value)) if !heading.trim().is_empty() => {
            Ok((heading.trim().to_owned(), value.trim().to_owned()))
        }
        _ => Err(Refused(Text::new(
            "都道府県=東京都 のように、見出しと値を書きます（空欄を選ぶときは 回答= ）",
            "write a heading and its value like prefecture=東京都 (prefecture= for empty cells)",
        ))),
    }
}

fn rows(value: &str) -> Result<u32, Refused> {
    let rows = value.parse().ok().filter(|rows| (1..=19_999).contains(rows));
    rows.ok_or_else(|| Refused(Text::new("1 から 19999 までの数です", "a number from 1 to 19999")))
}

fn jobs(value: &str) -> Result<usize, Refused> {
    let jobs = value.parse().ok().filter(|jobs| (1..=256).contains(jobs));
    jobs.ok_or_else(|| Refused(Text::new("1 から 256 までの数です", "a number from 1 to 256")))
}

/// The definition without any words.
pub fn definition() -> clap::Command {
    // After the options of a command itself.
    let mut order = 100..;
    Args::command()
        .arg(Arg::new("help").short('h').long("help").global(true).action(ArgAction::Help))
        .arg(Arg::new("version").short('V').long("version").action(ArgAction::Version))
        .mut_args(|arg| arg.display_order(order.next().unwrap_or_default()))
}
