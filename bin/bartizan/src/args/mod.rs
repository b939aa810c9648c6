//! The command line, as clap reads it.
//!
//! Commands are derived types; settings come from [`crate::config::SETTINGS`], so that flag, environment variable and key
//! cannot drift apart.

mod settings;

pub use settings::{All, ForBaseline, ForDatabase, ForInventory, ForRules, SettingArgs};

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Finds security holes before they ship.
#[derive(Debug, Parser)]
#[command(
    name = "bartizan",
    version,
    max_term_width = 100,
    arg_required_else_help = true,
    disable_help_subcommand = true,
    after_help = "Exit codes: 0 nothing at or over --fail-on; 1 findings; 2 wrong use or configuration; 3 could not finish."
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Scan files, git history, archives or standard input
    #[command(after_help = SCAN_HELP)]
    Scan(ScanArgs),
    /// Record known findings, so that only new ones fail a scan
    #[command(subcommand)]
    Baseline(BaselineCommand),
    /// Fetch, import and look at the advisory database
    #[command(subcommand)]
    Db(DbCommand),
    /// List all packages as a bill of materials
    Sbom(SbomArgs),
    /// Write what is known of holes in packages as an OpenVEX document
    Vex(VexArgs),
    /// List, show, test, look over and begin rules
    #[command(subcommand)]
    Rules(RulesCommand),
    /// Explain a rule, or a finding of the last scan by its fingerprint
    Explain(ExplainArgs),
    /// Write a commented bartizan.toml, and on request a commit hook and a CI workflow
    Init(InitArgs),
    /// Show the configuration in force
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Write shell completions, the manual page or the report's JSON Schema to standard output
    #[command(subcommand)]
    Generate(GenerateCommand),
}

const SCAN_HELP: &str = "Every option can also be set by an environment variable (BARTIZAN_MAX_TIME for --max-time) or in \
bartizan.toml; `bartizan config show` says what is in force and why.\n\n\
Examples:\n  \
bartizan scan                                  this folder\n  \
bartizan scan --history                        every blob of the git history\n  \
bartizan scan https://git.example/team/app     a remote repository\n  \
bartizan scan --staged --fail-on high          before a commit\n  \
bartizan scan -f text -f sarif=out.sarif -f html=out.html\n  \
cat app.log | bartizan scan - --stdin-name app.log\n\n\
Exit codes: 0 nothing at or over --fail-on; 1 findings; 2 wrong use or configuration; 3 could not finish.";

/// `scan`.
#[derive(Debug, Args)]
pub struct ScanArgs {
    /// Folder, file, archive, git URL, or - for standard input
    #[arg(value_name = "TARGET", default_value = ".")]
    pub targets: Vec<String>,
    /// Search the code for this pattern alone, in Semgrep's syntax
    #[arg(short = 'e', long, value_name = "PATTERN", help_heading = "Code", requires = "lang")]
    pub pattern: Option<String>,
    /// The language of --pattern
    #[arg(long, value_name = "LANGUAGE", help_heading = "Code", requires = "pattern")]
    pub lang: Option<String>,
    /// Make the changes that rules of code propose, then report what is left
    #[arg(long, help_heading = "Code")]
    pub autofix: bool,
    /// With --autofix: print the changes as a diff and make none
    #[arg(long, help_heading = "Code", requires = "autofix")]
    pub dryrun: bool,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the help text would show it")]
    pub config: ConfigArg,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the help text would show it")]
    pub settings: SettingArgs<All>,
}

/// `--config`.
#[derive(Clone, Debug, Args)]
pub struct ConfigArg {
    /// Configuration file [default: bartizan.toml in the target's folder or above]
    #[arg(long, value_name = "FILE", env = "BARTIZAN_CONFIG", hide_env = true)]
    pub config: Option<PathBuf>,
}

/// `baseline …`.
#[derive(Debug, Subcommand)]
pub enum BaselineCommand {
    /// Scan and write all findings to a baseline file
    Write(BaselineWriteArgs),
}

/// `baseline write`.
#[derive(Debug, Args)]
pub struct BaselineWriteArgs {
    /// Folder, file, archive, git URL, or - for standard input
    #[arg(value_name = "TARGET", default_value = ".")]
    pub targets: Vec<String>,
    /// The baseline file
    #[arg(short, long, value_name = "FILE", default_value = "bartizan-baseline.json")]
    pub output: PathBuf,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the help text would show it")]
    pub config: ConfigArg,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the help text would show it")]
    pub settings: SettingArgs<ForBaseline>,
}

/// `db …`.
#[derive(Debug, Subcommand)]
pub enum DbCommand {
    /// Fetch advisories, the catalogue of exploited holes and exploit probabilities, and compile them
    Update(DbUpdateArgs),
    /// Compile advisories from files: OSV archives or folders, the KEV catalogue, EPSS tables
    Import(DbImportArgs),
    /// Show what the database has and how old it is
    Status(DbStatusArgs),
}

/// `db update`.
#[derive(Debug, Args)]
pub struct DbUpdateArgs {
    /// Ecosystems in OSV's words, such as npm, PyPI, crates.io; also kev and epss [default: those of common languages]
    #[arg(value_name = "ECOSYSTEM")]
    pub ecosystems: Vec<String>,
    /// Where archives lie, in the layout of OSV's public bucket: URL/ECOSYSTEM/all.zip
    #[arg(long, value_name = "URL", default_value = crate::commands::db::OSV_BUCKET)]
    pub from: String,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the help text would show it")]
    pub config: ConfigArg,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the help text would show it")]
    pub settings: SettingArgs<ForDatabase>,
}

/// `db import`.
#[derive(Debug, Args)]
pub struct DbImportArgs {
    /// Files, folders or addresses
    #[arg(required = true, value_name = "PATH|URL")]
    pub sources: Vec<String>,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the help text would show it")]
    pub config: ConfigArg,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the help text would show it")]
    pub settings: SettingArgs<ForDatabase>,
}

/// `db status`.
#[derive(Debug, Args)]
pub struct DbStatusArgs {
    #[command(flatten)]
    #[expect(missing_docs, reason = "the help text would show it")]
    pub config: ConfigArg,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the help text would show it")]
    pub settings: SettingArgs<ForDatabase>,
}

/// Forms of a bill of materials.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum SbomFormat {
    /// CycloneDX 1.6 JSON
    #[default]
    Cyclonedx,
    /// SPDX 2.3 JSON
    Spdx,
}

/// `sbom`.
#[derive(Debug, Args)]
pub struct SbomArgs {
    /// Folder, file or archive
    #[arg(value_name = "TARGET", default_value = ".")]
    pub targets: Vec<String>,
    /// The form
    #[arg(short, long, value_name = "FORM", default_value = "cyclonedx")]
    pub format: SbomFormat,
    /// Write to FILE; - is standard output
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    pub output: PathBuf,
    /// Name of what is described [default: the target folder's]
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Its version
    #[arg(long = "described-version", value_name = "VERSION")]
    pub described_version: Option<String>,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the help text would show it")]
    pub config: ConfigArg,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the help text would show it")]
    pub settings: SettingArgs<ForInventory>,
}

/// `vex`.
#[derive(Debug, Args)]
pub struct VexArgs {
    /// Folder, file or archive
    #[arg(value_name = "TARGET", default_value = ".")]
    pub targets: Vec<String>,
    /// The product that the statements are about: a package URL or other address
    #[arg(long, value_name = "IRI")]
    pub product: String,
    /// Who says so
    #[arg(long, value_name = "NAME")]
    pub author: String,
    /// The document's own address [default: product and time]
    #[arg(long, value_name = "IRI")]
    pub id: Option<String>,
    /// Write to FILE; - is standard output
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    pub output: PathBuf,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the help text would show it")]
    pub config: ConfigArg,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the help text would show it")]
    pub settings: SettingArgs<ForInventory>,
}

/// `rules …`.
#[derive(Debug, Subcommand)]
pub enum RulesCommand {
    /// List the rules in force
    List(RulesListArgs),
    /// Show one rule
    Show(RulesShowArgs),
    /// Test rules against the examples in them (TOML) or the annotated files beside them (YAML)
    Test(RulesTestArgs),
    /// Look over code rules: what can never match, what is said twice, slow or missing
    #[command(
        after_help = "Exit codes: 0 no errors and no warnings; 1 some; 2 wrong use; 3 could not finish."
    )]
    Lint(RulesLintArgs),
    /// Write a new rule file from a template
    New(RulesNewArgs),
}

/// How `rules` answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Answer {
    /// For people
    #[default]
    Text,
    /// For programs
    Json,
}

/// `rules list`.
#[derive(Debug, Args)]
pub struct RulesListArgs {
    /// Only rules whose id, title or tags contain this
    pub filter: Option<String>,
    /// How to answer
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    pub format: Answer,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the help text would show it")]
    pub config: ConfigArg,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the help text would show it")]
    pub settings: SettingArgs<ForRules>,
}

/// `rules show`.
#[derive(Debug, Args)]
pub struct RulesShowArgs {
    /// The rule's id
    pub id: String,
    /// How to answer
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    pub format: Answer,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the help text would show it")]
    pub config: ConfigArg,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the help text would show it")]
    pub settings: SettingArgs<ForRules>,
}

/// How `rules test` answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum TestFormat {
    /// For people
    #[default]
    Text,
    /// For programs: each rule with pass or fail
    Json,
    /// JUnit XML, for CI test views
    Junit,
}

/// `rules test`.
#[derive(Debug, Args)]
pub struct RulesTestArgs {
    /// Rule files, or folders of them
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// How to answer
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    pub format: TestFormat,
    /// Secrets: test each file alone, not among the built-in rules
    #[arg(long)]
    pub alone: bool,
    /// Secrets: varies the fresh samples
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
}

/// `rules lint`.
#[derive(Debug, Args)]
pub struct RulesLintArgs {
    /// Rule files, or folders of them
    #[arg(value_name = "PATH", default_value = ".")]
    pub paths: Vec<PathBuf>,
    /// How to answer
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    pub format: Answer,
    /// Let notes fail too
    #[arg(long)]
    pub strict: bool,
}

/// `rules new`.
#[derive(Debug, Args)]
pub struct RulesNewArgs {
    /// The new rule's id: secrets/PROVIDER or secrets/PROVIDER/NAME
    pub id: String,
    /// Folder to write into
    #[arg(long, value_name = "DIR", default_value = "rules/secrets")]
    pub dir: PathBuf,
}

/// `explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// A rule's id, or a finding's or place's fingerprint (its first digits suffice)
    #[arg(value_name = "RULE|FINGERPRINT")]
    pub what: String,
    /// The JSON report to look the fingerprint up in; without one, the target is scanned
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// What to scan when a fingerprint is asked for and there is no report
    #[arg(long, value_name = "TARGET", default_value = ".")]
    pub target: Vec<String>,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the help text would show it")]
    pub config: ConfigArg,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the help text would show it")]
    pub settings: SettingArgs<ForBaseline>,
}

/// CI systems that `init` knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Ci {
    /// .github/workflows/bartizan.yml
    Github,
    /// .gitlab/bartizan.yml
    Gitlab,
}

/// `init`.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// The project's folder
    #[arg(value_name = "DIR", default_value = ".")]
    pub dir: PathBuf,
    /// Add a commit hook: to .pre-commit-config.yaml if there is one, else .git/hooks/pre-commit
    #[arg(long)]
    pub pre_commit: bool,
    /// Add a CI workflow; repeatable
    #[arg(long, value_name = "SYSTEM")]
    pub ci: Vec<Ci>,
    /// Overwrite files that are there
    #[arg(long)]
    pub force: bool,
}

/// `config …`.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Print every setting, its value, and where the value came from
    Show(ConfigShowArgs),
}

/// `config show`.
#[derive(Debug, Args)]
pub struct ConfigShowArgs {
    /// The target whose configuration is meant
    #[arg(value_name = "TARGET", default_value = ".")]
    pub target: String,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the help text would show it")]
    pub config: ConfigArg,
    #[command(flatten)]
    #[expect(missing_docs, reason = "the help text would show it")]
    pub settings: SettingArgs<All>,
}

/// `generate …`.
#[derive(Debug, Subcommand)]
pub enum GenerateCommand {
    /// Shell completions
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// A manual page
    Man {
        /// The command; without one, the program's own page
        command: Option<String>,
    },
    /// The JSON Schema of `--format json`
    Schema,
}
