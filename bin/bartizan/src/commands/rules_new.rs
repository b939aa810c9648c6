//! `bartizan rules new`.

use super::template;
use crate::args::RulesNewArgs;
use crate::failure::{self, Failure};
use crate::terminal::say;
use std::fs;

pub fn run(args: &RulesNewArgs) -> Result<u8, Failure> {
    let wrong = || {
        Failure::Usage(format!(
            "`{}` is no rule id: expected secrets/PROVIDER or secrets/PROVIDER/NAME in lower case letters, digits and dashes",
            args.id
        ))
    };
    let parts: Vec<&str> = args.id.split('/').collect();
    let (provider, name) = match parts.as_slice() {
        ["secrets", provider] => (*provider, "api-token"),
        ["secrets", provider, name] => (*provider, *name),
        _ => return Err(wrong()),
    };
    if ![provider, name].iter().all(|part| is_word(part)) {
        return Err(wrong());
    }
    let path = args.dir.join(format!("{provider}.toml"));
    if path.exists() {
        return Err(Failure::Usage(format!(
            "{} is there already: add a [[rule]] to it (docs/secret-rules.md has the keys)",
            path.display()
        )));
    }
    fs::create_dir_all(&args.dir)
        .and_then(|()| fs::write(&path, template::rule(provider, name)))
        .map_err(|error| Failure::Write { what: path.display().to_string(), error })?;
    say(&format!("wrote {}: edit it, then run `bartizan rules test {0}`", path.display()));
    Ok(failure::OK)
}

fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}
