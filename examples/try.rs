use onshi::{calendar::Date, check, form::Forms, paint, record, sheet};
fn main() {
    let forms = Forms::built_in();
    let args: Vec<String> = std::env::args().collect();
    let out = &args[2];
    let bytes = std::fs::read(&args[1]).unwrap();
    for f in forms.forms() {
        let text = std::fs::read_to_string(format!("forms/{}.yaml", f.id)).unwrap();
        let r = f.lint(forms.dictionary(), &text);
        eprint!("lint {} {r}", f.id);
        let r = sheet::lint(f, forms, &text);
        eprint!("layout {} {r}", f.id);
    }
    let record = match record::read("r", &bytes) {
        Ok(r) => r,
        Err((_, r)) => {
            eprint!("{r}");
            return;
        }
    };
    let (values, report) = check::values(&record, forms);
    eprint!("{report}");
    for f in forms.forms() {
        eprint!("{}", check::check(f, &values, forms, Date::constant(2026, 11, 22)));
        for (n, mode) in [
            ("blank", sheet::Mode::Blank),
            ("filled", sheet::Mode::Filled(&values)),
            ("example", sheet::Mode::Example),
        ] {
            let (s, r) = sheet::fill(f, mode, forms);
            eprint!("{r}");
            match paint::pdf(&[s], &Default::default()) {
                Ok(b) => std::fs::write(format!("{out}/{}_{n}.pdf", f.id), b).unwrap(),
                Err(e) => eprintln!("{e}"),
            }
        }
    }
}
