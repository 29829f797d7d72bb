//! Faults on demand: programs built for tests can be told to fail, or to die, at the N-th step that
//! changes a disk. `ONSHI_FAULT=5` fails the fifth with a full disk, `ONSHI_FAULT=kill:5` ends the program
//! there as a power cut would. Release builds have no such steps.

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

    static FAULT: LazyLock<Option<(bool, u64)>> = LazyLock::new(|| {
        let asked = std::env::var("ONSHI_FAULT").ok()?;
        match asked.strip_prefix("kill:") {
            Some(step) => Some((true, step.parse().ok()?)),
            None => Some((false, asked.parse().ok()?)),
        }
    });
    static STEPS: AtomicU64 = AtomicU64::new(0);
    let Some((kills, fault)) = *FAULT else { return Ok(()) };
    if STEPS.fetch_add(1, Ordering::Relaxed) + 1 != fault {
        return Ok(());
    }
    if kills {
        std::process::abort();
    }
    Err(io::ErrorKind::StorageFull.into())
}
