//! The size of the memory pages that Linux gives the program.

/// Asks for pages of 4 kB, as mimalloc does before the program begins if it was built with `.cargo/config.toml`. With
/// pages of 2 MB, which Linux gives otherwise and clears first, `fill` takes 8 % more CPU time and half as much memory
/// again.
pub fn small() {
    thp_disabled(true);
}

/// Goes back to the system's default, since a program started from here inherits the choice: the browser.
#[cfg(feature = "serve")]
pub fn usual() {
    thp_disabled(false);
}

fn thp_disabled(is_disabled: bool) {
    // An old kernel does not know the request and keeps its default.
    #[cfg(target_os = "linux")]
    let _ = nix::sys::prctl::set_thp_disable(is_disabled);
    #[cfg(not(target_os = "linux"))]
    let _ = is_disabled;
}
