//! What processes have had of the processors.

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

#[cfg(not(unix))]
pub fn spent(_: bool) -> Option<Duration> {
    None
}
