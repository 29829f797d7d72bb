//! Lists the forms of `forms/`, so that a new one is built in by being there.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-changed=forms");
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("forms");
    let entries = fs::read_dir(&folder).expect("the package has its forms");
    let mut forms: Vec<_> = entries.map(|entry| entry.expect("a readable folder").path()).collect();
    // The other definitions there have no id.
    forms.retain(|path| {
        let is_form = |text: String| text.lines().any(|line| line.starts_with("id:"));
        path.extension().is_some_and(|e| e == "yaml") && fs::read_to_string(path).is_ok_and(is_form)
    });
    forms.sort();
    let mut list = format!("static BUILT_IN: [BuiltIn; {}] = [\n", forms.len());
    for form in forms {
        writeln!(list, "    BuiltIn::new(include_str!({form:?})),").expect("a string takes it");
    }
    let out = Path::new(&env::var("OUT_DIR").expect("cargo sets it")).join("forms.rs");
    fs::write(out, list + "];\n").expect("cargo's folder is writable");
}
