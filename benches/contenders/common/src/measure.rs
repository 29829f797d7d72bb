//! Interleaved rounds, medians, ratios.

use std::path::Path;
use std::time::{Duration, Instant};

use cpu_time::ProcessTime;

/// Something that paints the page.
pub struct Contender<'a> {
    pub name: &'a str,
    /// The bytes of a PDF.
    pub paint: &'a dyn Fn() -> Vec<u8>,
    /// Run before each painting, outside the clock.
    pub before: &'a dyn Fn(),
}

#[derive(Clone, Copy)]
struct Times {
    wall: Duration,
    /// Of all threads.
    cpu: Duration,
}

/// Prints a line a contender; the first is what the others are measured by. Arguments of the
/// program: `[ROUNDS] [FOLDER for the files] [PAINTER…]`.
pub fn measure(contenders: &[Contender]) {
    let mut arguments = std::env::args().skip(1).peekable();
    let rounds = arguments.next_if(|a| a.parse::<usize>().is_ok());
    let rounds = rounds.and_then(|rounds| rounds.parse().ok()).unwrap_or(60_usize);
    let folder = arguments.next_if(|a| Path::new(a).is_dir());
    let only: Vec<String> = arguments.collect();
    let is_asked = |c: &&Contender| only.is_empty() || only.iter().any(|only| only == c.name);
    let contenders: Vec<&Contender> = contenders.iter().filter(is_asked).collect();
    // The first painting parses the fonts, which a process does once.
    let mut sizes = Vec::new();
    for contender in &contenders {
        let bytes = (contender.paint)();
        sizes.push(bytes.len());
        if let Some(folder) = &folder {
            let file = Path::new(folder).join(contender.name).with_extension("pdf");
            std::fs::write(file, bytes).expect("it is written");
        }
    }
    let mut times: Vec<Vec<Times>> = vec![vec![]; contenders.len()];
    for _ in 0..rounds {
        for (contender, times) in contenders.iter().zip(&mut times) {
            (contender.before)();
            let (started, cpu) = (Instant::now(), ProcessTime::now());
            std::hint::black_box((contender.paint)());
            times.push(Times { wall: started.elapsed(), cpu: cpu.elapsed() });
        }
    }
    println!("{:<14} {:>9} {:>9} {:>7} {:>9}", "painter", "CPU ms", "wall ms", "ratio", "kB");
    for ((contender, own), size) in contenders.iter().zip(&times).zip(sizes) {
        let cpu = median(own.iter().map(|t| t.cpu.as_secs_f64() * 1e3));
        let wall = median(own.iter().map(|t| t.wall.as_secs_f64() * 1e3));
        let pairs = own.iter().zip(&times[0]);
        let ratio = median(pairs.map(|(t, first)| t.cpu.as_secs_f64() / first.cpu.as_secs_f64()));
        let kb = size as f64 / 1e3;
        println!("{:<14} {cpu:>9.2} {wall:>9.2} {ratio:>7.2} {kb:>9.1}", contender.name);
    }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
