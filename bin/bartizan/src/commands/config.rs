//! `bartizan config show`.

use super::session;
use crate::args::ConfigShowArgs;
use crate::config::show;
use crate::failure::{self, Failure};
use crate::terminal;

pub fn show(args: &ConfigShowArgs) -> Result<u8, Failure> {
    let layers = session::layers(&args.config, std::slice::from_ref(&args.target), args.settings.matches())?;
    terminal::print(|out| show::write(&layers, out))?;
    Ok(failure::OK)
}
