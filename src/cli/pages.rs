//! In: nothing. Out: memory from Linux in small pages, or in large ones as usual.

/// Takes memory 4 kB at a time. Linux gives 2 MB and clears them where a program may want more: filling in one form
/// takes a twelfth longer so, and half as much memory again.
pub fn small() {
    thp_disabled(true);
}

/// Takes it as other programs do: for what is started from here, which would take it as this program does.
#[cfg(feature = "serve")]
pub fn usual() {
    thp_disabled(false);
}

fn thp_disabled(is_disabled: bool) {
    // A kernel that does not know of it gives memory as it always does.
    #[cfg(target_os = "linux")]
    let _ = nix::sys::prctl::set_thp_disable(is_disabled);
    #[cfg(not(target_os = "linux"))]
    let _ = is_disabled;
}
