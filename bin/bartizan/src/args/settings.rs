//! Settings as clap arguments, made from their table.

use crate::config::{Kind, SETTINGS, Setting};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, ArgMatches, Args, Command, Error, FromArgMatches};
use std::ffi::OsStr;
use std::fmt;
use std::marker::PhantomData;

/// Which settings a command has.
pub trait Choice: Clone + Send + Sync + 'static {
    /// Whether `setting` is one of them.
    fn has(setting: &Setting) -> bool;
}

/// All.
#[derive(Clone, Debug)]
pub struct All;

impl Choice for All {
    fn has(_: &Setting) -> bool {
        true
    }
}

/// Those of a scan whose report is not printed.
#[derive(Clone, Debug)]
pub struct ForBaseline;

impl Choice for ForBaseline {
    fn has(setting: &Setting) -> bool {
        !matches!(setting.name, "format" | "output" | "fail-on" | "baseline" | "show-secrets")
    }
}

/// Those of a scan for packages alone, whose report is not printed.
#[derive(Clone, Debug)]
pub struct ForInventory;

impl Choice for ForInventory {
    fn has(setting: &Setting) -> bool {
        matches!(setting.section, "limits" | "cache" | "packages")
            || matches!(setting.name, "no-ignore" | "exclude" | "color" | "quiet")
    }
}

/// Those about the advisory database.
#[derive(Clone, Debug)]
pub struct ForDatabase;

impl Choice for ForDatabase {
    fn has(setting: &Setting) -> bool {
        matches!(setting.name, "db-dir" | "color" | "quiet")
    }
}

/// Those that choose rules.
#[derive(Clone, Debug)]
pub struct ForRules;

impl Choice for ForRules {
    fn has(setting: &Setting) -> bool {
        matches!(setting.name, "rules" | "no-builtin-rules" | "exclude-rule" | "color")
    }
}

/// The settings given as flags.
pub struct SettingArgs<C> {
    matches: ArgMatches,
    choice: PhantomData<C>,
}

impl<C> SettingArgs<C> {
    /// What clap found.
    pub fn matches(&self) -> &ArgMatches {
        &self.matches
    }
}

impl<C> fmt::Debug for SettingArgs<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SettingArgs").finish_non_exhaustive()
    }
}

impl<C: Choice> FromArgMatches for SettingArgs<C> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        Ok(Self { matches: matches.clone(), choice: PhantomData })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        self.matches = matches.clone();
        Ok(())
    }
}

impl<C: Choice> Args for SettingArgs<C> {
    fn augment_args(command: Command) -> Command {
        SETTINGS.iter().filter(|setting| C::has(setting)).map(arg).fold(command, Command::arg)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

fn arg(setting: &'static Setting) -> Arg {
    let mut help = setting.help.to_owned();
    if !setting.default.is_empty() && !matches!(setting.kind, Kind::Flag) {
        help.push_str(&format!(" [default: {}]", setting.default));
    }
    let arg = Arg::new(setting.name).long(setting.name).help(help).help_heading(heading(setting.section));
    let arg = match setting.name {
        "format" => arg.short('f'),
        "output" => arg.short('o'),
        "quiet" => arg.short('q'),
        "verbose" => arg.short('v'),
        "exclude" => arg.short('x'),
        _ => arg,
    };
    match &setting.kind {
        // `--flag=false` undoes what a file or variable says.
        Kind::Flag => arg
            .num_args(0..=1)
            .require_equals(true)
            .default_missing_value("true")
            .hide_possible_values(true)
            .value_parser(Checked(setting))
            .value_name("BOOL")
            .action(ArgAction::Set),
        Kind::One { value, .. } => {
            arg.value_name(*value).value_parser(Checked(setting)).action(ArgAction::Set)
        }
        Kind::Word(words) => {
            arg.value_name("WORD").value_parser(PossibleValuesParser::new(*words)).action(ArgAction::Set)
        }
        Kind::List { value, .. } => {
            arg.value_name(*value).value_parser(Checked(setting)).action(ArgAction::Append)
        }
    }
}

fn heading(section: &str) -> &'static str {
    match section {
        "scan" => "What is scanned, and what fails",
        "secrets" => "Secrets",
        "packages" => "Packages",
        "limits" => "Limits",
        "cache" => "Cache",
        _ => "Output",
    }
}

/// Lets the table judge a value.
#[derive(Clone, Copy)]
struct Checked(&'static Setting);

impl TypedValueParser for Checked {
    type Value = String;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<String, Error> {
        let Some(text) = value.to_str() else {
            return Err(Error::new(ErrorKind::InvalidUtf8).with_cmd(command));
        };
        match self.0.check(text) {
            Ok(()) => Ok(text.to_owned()),
            Err(reason) => {
                let name = arg.map_or_else(|| format!("--{}", self.0.name), ToString::to_string);
                let mut error = Error::raw(
                    ErrorKind::ValueValidation,
                    format!("invalid value for '{name}': {}\n", crate::plain::visible(&reason)),
                )
                .with_cmd(command);
                error.insert(ContextKind::InvalidArg, ContextValue::String(name));
                Err(error)
            }
        }
    }
}
