//! What processes have had of the processors, and of memory.
// Each bench has its own copy, and needs a part of it.
#![allow(dead_code)]

use std::time::Duration;

/// User and system time of all threads: of the ended child processes, or of this process. On Unix only.
#[cfg(unix)]
pub fn spent(by_children: bool) -> Option<Duration> {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::{TimeVal, TimeValLike};
    let who = if by_children { UsageWho::RUSAGE_CHILDREN } else { UsageWho::RUSAGE_SELF };
    let usage = getrusage(who).ok()?;
    let micros = |time: TimeVal| time.num_microseconds().unsigned_abs();
    Some(Duration::from_micros(micros(usage.user_time()) + micros(usage.system_time())))
}

/// The most memory that an ended child process had, in kB. On Linux only.
#[cfg(target_os = "linux")]
pub fn peak_of_children() -> Option<u64> {
    use nix::sys::resource::{UsageWho, getrusage};
    u64::try_from(getrusage(UsageWho::RUSAGE_CHILDREN).ok()?.max_rss()).ok()
}

#[cfg(not(target_os = "linux"))]
pub fn peak_of_children() -> Option<u64> {
    None
}

#[cfg(not(unix))]
pub fn spent(_: bool) -> Option<Duration> {
    None
}
