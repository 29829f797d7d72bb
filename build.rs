//! Lists the forms of `forms/`, so that a new one is built in by being there, and writes every definition
//! as JSON, which is read at each start in a tenth of the time of YAML.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use serde_json::Value;

fn main() {
    println!("cargo::rerun-if-changed=forms");
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("forms");
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it"));
    let entries = fs::read_dir(&folder).expect("the package has its forms");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("a readable folder").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "yaml"));
    paths.sort();
    let (mut list, mut count) = (String::new(), 0);
    for path in paths {
        let text = fs::read_to_string(&path).expect("a readable definition");
        let definition: Value = match serde_saphyr::from_str(&text) {
            Ok(definition) => definition,
            Err(error) => panic!("{}: {error}", path.display()),
        };
        let json = out.join(path.with_extension("json").file_name().expect("it has a name"));
        fs::write(&json, definition.to_string()).expect("cargo's folder is writable");
        // The other definitions there have no id.
        if definition.get("id").is_some() {
            let head = json.with_extension("head.json");
            fs::write(&head, self::head(definition)).expect("cargo's folder is writable");
            let new = "BuiltIn::new(include_str!";
            count += 1;
            writeln!(list, "    {new}({path:?}), include_str!({head:?}), include_str!({json:?})),")
                .expect("a string takes it");
        }
    }
    let list = format!("static BUILT_IN: [BuiltIn; {count}] = [\n{list}];\n");
    fs::write(out.join("forms.rs"), list).expect("cargo's folder is writable");
}

/// What of a form is read to choose among forms.
fn head(mut form: Value) -> String {
    if let Value::Object(entries) = &mut form {
        const HEAD: [&str; 5] = ["id", "order", "alias", "section", "fields"];
        entries.retain(|key, _| HEAD.contains(&key.as_str()));
    }
    form.to_string()
}
