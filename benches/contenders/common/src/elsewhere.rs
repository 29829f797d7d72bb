//! Contenders in a program of their own, which take their turns with those of this one. It reads the
//! page, then the name of who is to paint it, a line each, and answers with a line of JSON, for a
//! painting with the PDF behind it.

use std::cell::RefCell;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{ChildStdin, ChildStdout, Command, Stdio};
use std::rc::Rc;
use std::time::Duration;

use serde::de::DeserializeOwned;

use crate::{Contender, Page, Painting};

/// The contenders of a program that reads the [`page`] and calls [`serve`]. It ends with them.
pub fn start(program: &Path, page: &Page) -> Vec<Contender<'static>> {
    let mut command = Command::new(program);
    let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut child = child.unwrap_or_else(|error| panic!("{}: {error}", program.display()));
    let questions = child.stdin.take().expect("it is piped");
    let answers = BufReader::new(child.stdout.take().expect("it is piped"));
    let mut pipes = Pipes { questions, answers };
    let page = serde_json::to_string(page).expect("a page is JSON");
    let names: Vec<String> = pipes.ask(&page);
    let pipes = Rc::new(RefCell::new(pipes));
    let contender = |name: String| {
        let (pipes, asked) = (Rc::clone(&pipes), name.clone());
        Contender { name, paint: Box::new(move || pipes.borrow_mut().painting(&asked)) }
    };
    names.into_iter().map(contender).collect()
}

struct Pipes {
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Pipes {
    fn ask<T: DeserializeOwned>(&mut self, line: &str) -> T {
        writeln!(self.questions, "{line}").expect("it reads");
        let mut answer = String::new();
        self.answers.read_line(&mut answer).expect("it answers");
        serde_json::from_str(&answer).expect("it answers as this program knows it")
    }

    fn painting(&mut self, name: &str) -> Painting {
        let (wall, cpu, length): (Duration, Duration, usize) = self.ask(name);
        let mut pdf = vec![0; length];
        self.answers.read_exact(&mut pdf).expect("it sends the PDF");
        Painting { pdf, wall, cpu }
    }
}

/// The page that whoever [`start`]ed this program sends first.
pub fn page() -> Page {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).expect("standard input is read");
    serde_json::from_str(&line).expect("the page is as this program knows it")
}

/// Paints what is asked for on standard input until it ends.
pub fn serve(mut contenders: Vec<Contender>) {
    let names: Vec<&str> = contenders.iter().map(|contender| &*contender.name).collect();
    let mut out = std::io::stdout().lock();
    let mut answer = |line: serde_json::Value, pdf: &[u8]| {
        writeln!(out, "{line}").expect("standard output is written");
        out.write_all(pdf).and_then(|()| out.flush()).expect("standard output is written");
    };
    answer(serde_json::json!(names), &[]);
    for asked in std::io::stdin().lines() {
        let asked = asked.expect("standard input is read");
        let contender = contenders.iter_mut().find(|contender| contender.name == asked);
        let Painting { pdf, wall, cpu } = (contender.expect("a name it was told").paint)();
        answer(serde_json::json!((wall, cpu, pdf.len())), &pdf);
    }
}
