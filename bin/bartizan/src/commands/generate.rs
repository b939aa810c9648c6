//! `bartizan generate`.

use crate::args::{Cli, GenerateCommand};
use crate::failure::{self, Failure};
use crate::{report, suggest, terminal};
use clap::CommandFactory;

pub fn run(what: &GenerateCommand) -> Result<u8, Failure> {
    match what {
        GenerateCommand::Completions { shell } => {
            // The generator panics when it cannot write, so it writes to memory.
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Cli::command(), "bartizan", &mut script);
            terminal::print(|out| out.write_all(&script))?;
        }
        GenerateCommand::Man { command } => man(command.as_deref())?,
        GenerateCommand::Schema => terminal::print(|out| out.write_all(report::JSON_SCHEMA.as_bytes()))?,
    }
    Ok(failure::OK)
}

fn man(name: Option<&str>) -> Result<(), Failure> {
    let mut program = Cli::command();
    program.build();
    let page = match name {
        None => program,
        Some(name) => {
            let names: Vec<&str> = program.get_subcommands().map(clap::Command::get_name).collect();
            let Some(found) = program.get_subcommands().find(|command| command.get_name() == name) else {
                let hint = suggest::nearest(name, &names).map(|near| format!("; did you mean `{near}`?"));
                return Err(Failure::Usage(format!("no command `{name}`{}", hint.unwrap_or_default())));
            };
            found.clone().display_name(format!("bartizan-{name}"))
        }
    };
    terminal::print(|out| clap_mangen::Man::new(page).render(out))
}
