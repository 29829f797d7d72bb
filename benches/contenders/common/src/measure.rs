//! Interleaved rounds, medians, ratios.

use std::path::Path;
use std::time::{Duration, Instant};

use cpu_time::ProcessTime;

/// Something that paints the page.
pub struct Contender<'a> {
    pub name: String,
    pub paint: Box<dyn FnMut() -> Painting + 'a>,
}

/// A painted page and what it took.
pub struct Painting {
    pub pdf: Vec<u8>,
    pub wall: Duration,
    /// Of all threads of the process that painted.
    pub cpu: Duration,
}

impl<'a> Contender<'a> {
    pub fn new(name: &str, paint: impl Fn() -> Vec<u8> + 'a) -> Self {
        Self::after(name, || {}, paint)
    }

    /// One that wants something done before each painting, outside the clock.
    pub fn after(name: &str, before: impl Fn() + 'a, paint: impl Fn() -> Vec<u8> + 'a) -> Self {
        let paint = Box::new(move || {
            before();
            let (started, cpu) = (Instant::now(), ProcessTime::now());
            let pdf = paint();
            Painting { pdf, wall: started.elapsed(), cpu: cpu.elapsed() }
        });
        Self { name: name.to_owned(), paint }
    }
}

/// Prints a line a contender; the first is what the others are measured by. Arguments of the
/// program: `[ROUNDS] [FOLDER for the files] [PAINTER…]`.
pub fn measure(contenders: Vec<Contender>) {
    let mut arguments = std::env::args().skip(1).peekable();
    let rounds = arguments.next_if(|a| a.parse::<usize>().is_ok());
    let rounds = rounds.and_then(|rounds| rounds.parse().ok()).unwrap_or(60_usize);
    let folder = arguments.next_if(|a| Path::new(a).is_dir());
    let only: Vec<String> = arguments.collect();
    let is_asked = |c: &Contender| only.is_empty() || only.contains(&c.name);
    let mut contenders: Vec<Contender> = contenders.into_iter().filter(is_asked).collect();
    // The first painting parses the fonts, which a process does once.
    let mut sizes = Vec::new();
    for contender in &mut contenders {
        let Painting { pdf, .. } = (contender.paint)();
        sizes.push(pdf.len());
        if let Some(folder) = &folder {
            let file = Path::new(folder).join(&contender.name).with_extension("pdf");
            std::fs::write(file, pdf).expect("it is written");
        }
    }
    let mut times: Vec<Vec<(Duration, Duration)>> = vec![vec![]; contenders.len()];
    for _ in 0..rounds {
        for (contender, times) in contenders.iter_mut().zip(&mut times) {
            let Painting { wall, cpu, .. } = (contender.paint)();
            times.push((wall, cpu));
        }
    }
    println!("{:<14} {:>9} {:>9} {:>7} {:>9}", "painter", "CPU ms", "wall ms", "ratio", "kB");
    for ((contender, own), size) in contenders.iter().zip(&times).zip(sizes) {
        let wall = median(own.iter().map(|(wall, _)| wall.as_secs_f64() * 1e3));
        let cpu = median(own.iter().map(|(_, cpu)| cpu.as_secs_f64() * 1e3));
        let rounds = own.iter().zip(&times[0]);
        let ratio = median(rounds.map(|((_, cpu), (_, first))| cpu.div_duration_f64(*first)));
        let kb = size as f64 / 1e3;
        println!("{:<14} {cpu:>9.2} {wall:>9.2} {ratio:>7.2} {kb:>9.1}", contender.name);
    }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
