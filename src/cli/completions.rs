//! `onshi completions`

use clap_complete::Shell;
use onshi::report::Lang;

use super::help;

/// The completion script for a shell.
pub fn script(shell: Shell, lang: Lang) -> Vec<u8> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut help::command(lang), "onshi", &mut script);
    script
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::*;

    #[test]
    fn every_shell_completes_every_command() {
        for &shell in Shell::value_variants() {
            let script = String::from_utf8(script(shell, Lang::En)).unwrap();
            for command in help::command(Lang::En).get_subcommands() {
                assert!(script.contains(command.get_name()), "{shell} {command}");
            }
        }
    }
}
