//! How far a batch is: a bar on a terminal, plain lines elsewhere.

use std::io::IsTerminal as _;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use onshi::batch::Watch;
use onshi::report::{Lang, Text};

use super::interrupt;
use super::terminal::Terminal;

/// After how many facilities a plain line is written.
const LINE_EVERY: u64 = 1_000;

pub struct Progress<'a> {
    terminal: &'a Terminal,
    bar: OnceLock<ProgressBar>,
    done: AtomicU64,
    total: AtomicU64,
}

impl<'a> Progress<'a> {
    /// Listens to Ctrl-C: the first one stops the run in order, the second one at once.
    pub fn start(terminal: &'a Terminal) -> Self {
        interrupt::listen(true);
        let (bar, done, total) = (OnceLock::new(), AtomicU64::new(0), AtomicU64::new(0));
        Progress { terminal, bar, done, total }
    }

    /// Takes the bar away.
    pub fn end(&self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }

    fn shows_bar(&self) -> bool {
        !self.terminal.quiet && std::io::stderr().is_terminal()
    }
}

impl Watch for Progress<'_> {
    fn say(&self, note: &Text) {
        self.terminal.note(note);
    }

    fn begin(&self, facilities: u64) {
        self.done.store(0, Ordering::Relaxed);
        self.total.store(facilities, Ordering::Relaxed);
        if self.shows_bar() {
            let bar = self.bar.get_or_init(|| {
                let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
                bar.with_style(style(self.terminal.lang))
            });
            bar.set_length(facilities);
            bar.reset();
        }
    }

    fn advance(&self, facilities: u64) {
        let before = self.done.fetch_add(facilities, Ordering::Relaxed);
        let now = before + facilities;
        if let Some(bar) = self.bar.get() {
            bar.inc(facilities);
        } else if before / LINE_EVERY < now / LINE_EVERY {
            let total = self.total.load(Ordering::Relaxed);
            self.terminal.note(&Text::new(
                format!("{now} / {total} 施設"),
                format!("{now} / {total} facilities"),
            ));
        }
    }

    fn is_stopped(&self) -> bool {
        interrupt::is_stopped()
    }
}

fn style(lang: Lang) -> ProgressStyle {
    let template = match lang {
        Lang::Ja => "{bar:30} {pos}/{len} 施設  {per_sec}  残り {eta}",
        Lang::En => "{bar:30} {pos}/{len} facilities  {per_sec}  {eta} left",
    };
    // The template is the program's own; a wrong one would show the plain bar.
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
