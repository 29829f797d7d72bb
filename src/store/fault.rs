//! Faults on demand: programs built for tests can be told to fail, or to die, at the N-th step that
//! changes a disk. `ONSHI_FAULT=5` fails the fifth with a full disk, `ONSHI_FAULT=kill:5` ends the program
//! there as a power cut would, `ONSHI_FAULT=end:5` as Ctrl-C would. Release builds have no such steps.

use std::io;

/// Counts a step, and fails if it is the one that shall fail.
#[cfg(not(debug_assertions))]
#[inline(always)]
pub(crate) fn step() -> io::Result<()> {
    Ok(())
}

/// Counts a step, and fails if it is the one that shall fail.
#[cfg(debug_assertions)]
pub(crate) fn step() -> io::Result<()> {
    use std::sync::LazyLock;
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::Duration;

    static FAULT: LazyLock<Option<(String, u64)>> = LazyLock::new(|| {
        let asked = std::env::var("ONSHI_FAULT").ok()?;
        let (how, step) = asked.split_once(':').unwrap_or(("fail", &asked));
        Some((how.to_owned(), step.parse().ok()?))
    });
    static STEPS: AtomicU64 = AtomicU64::new(0);
    let Some((how, fault)) = &*FAULT else { return Ok(()) };
    if STEPS.fetch_add(1, Ordering::Relaxed) + 1 != *fault {
        return Ok(());
    }
    match how.as_str() {
        "kill" => std::process::abort(),
        "end" => {
            // Beside the command, as Ctrl-C is.
            std::thread::spawn(|| {
                let _ended = super::abandon();
                std::process::exit(130);
            });
            std::thread::sleep(Duration::from_millis(100));
            Ok(())
        }
        _ => Err(io::ErrorKind::StorageFull.into()),
    }
}
