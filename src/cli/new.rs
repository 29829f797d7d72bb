//! `onshi new`: an empty record.

use onshi::check::Text;

use super::args::New;
use super::context::{Context, Stop};
use super::failure::Failure;
use super::output::{File, Output};

pub fn run(args: &New, context: &Context) -> Result<(), Stop> {
    let forms = context.forms()?;
    let named = context.named_or_all(&forms, &args.form)?;
    let text = forms.dictionary().skeleton(&named, context.terminal.lang);
    if let Some(path) = args.output.as_deref().filter(|path| path.exists()) {
        let path = path.display();
        return Err(Failure::new(Text::new(
            format!("{path} はもうあります。上書きしません"),
            format!("{path} is there already and is not overwritten"),
        ))
        .with_hint(Text::new("別の名前を指定してください", "give another name"))
        .into());
    }
    let output = Output::file(args.output.as_deref());
    context.write(&output, vec![File::new("record.yaml", text)])
}
