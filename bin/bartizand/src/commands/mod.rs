//! What the program does.

mod detect;
mod rules_test;

pub(crate) use detect::highest;

use crate::args::{Arguments, Command, Rules};
use crate::{Failure, Outcome};

/// Runs a command.
pub(crate) fn run(arguments: Arguments) -> Result<Outcome, Failure> {
    match arguments.command {
        Command::Detect(options) => detect::run(&options),
        Command::Rules(Rules::Test(options)) => rules_test::run(&options),
    }
}
