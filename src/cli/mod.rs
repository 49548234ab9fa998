//! plimsoll's own command line: what may be typed, and nothing about what it means.

mod later;
mod output;
mod value;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::component::Component;
use crate::document;
use crate::report::Format;
use crate::source;
use crate::version::Minor;
pub use later::Later;
use value::{component, input_format, minor};

pub use output::{
    DiffFormat, FailOn, FormatName, HistoryFormat, ListingFormat, OutputArgs, SayArgs, Show, When,
};

/// Audits the flags of a Kubernetes control plane, reading them as the servers read them.
#[derive(Debug, Parser)]
#[command(
    name = "plimsoll",
    version,
    max_term_width = 100,
    arg_required_else_help = true,
    after_help = "Exit status: 0 everything was checked and nothing failed, 1 findings, \
                  2 usage, or something could not be checked."
)]
pub struct App {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// When to use colour.
    #[arg(long, global = true, value_name = "WHEN", value_enum, default_value_t = When::Auto)]
    pub color: When,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check command lines against a benchmark and print pass or fail per rule.
    Check(Later<CheckArgs>),
    /// Print the flags as the server sees them.
    Flags(Later<FlagsArgs>),
    /// Compare two JSON reports: what is new, fixed, unchanged and no longer checked.
    Diff(Later<DiffArgs>),
    /// Summarise a folder of JSON reports over time.
    History(Later<HistoryArgs>),
    /// Accept a failure of a JSON report: append a waiver to a file.
    Waive(Later<WaiveArgs>),
    /// Explain a rule or a control: what it demands, why, what changing it does, how to fix it.
    Explain(Later<ExplainArgs>),
    /// List the benchmarks.
    Benchmarks(Later<ListArgs>),
    /// List the rules, or check rule files of your own.
    Rules(Later<RulesArgs>),
}

/// Where command lines are read from.
#[derive(Debug, Args)]
#[command(next_help_heading = "Input")]
pub struct InputArgs {
    /// Manifests or folders of them; `-` is standard input. Without any: the running processes.
    #[arg(value_name = "INPUT")]
    pub inputs: Vec<PathBuf>,
    /// A command line given directly, program name first.
    #[arg(last = true, value_name = "ARGV", conflicts_with = "inputs")]
    pub argv: Vec<String>,
    /// Look at this process only, besides the inputs named.
    #[arg(long, value_name = "N", conflicts_with = "argv")]
    pub pid: Option<u32>,
    /// Read processes from this folder, such as a host's /proc mounted in a container.
    #[arg(long, value_name = "DIR", conflicts_with = "argv")]
    pub proc: Option<PathBuf>,
    /// The node's files are below this folder: a mounted disk or an unpacked image. `/etc/kubernetes=DIR` is a
    /// copy of that folder alone; repeat it for others. Without it files that flags name are read for
    /// running processes and for manifests in /etc/kubernetes/manifests only.
    #[arg(long, value_name = "DIR|PATH=DIR")]
    pub root: Vec<source::RootPart>,
    /// Leave out what this pattern names below a folder, files or whole folders: `charts`, `**/*.tpl`. It
    /// is relative to the folder; `*` stops at a slash, `**` does not.
    #[arg(long, value_name = "GLOB")]
    pub exclude: Vec<source::Glob>,
    /// Read what git ignores as well: without it a folder is read without what `.gitignore` names.
    #[arg(long)]
    pub no_ignore: bool,
    /// Exit with 0 if no component is found, instead of with 2.
    #[arg(long)]
    pub if_any: bool,
    /// What the texts are, instead of telling it by what they hold.
    #[arg(long, value_name = "F", value_parser = input_format)]
    pub input_format: Option<document::Format>,
    /// Look at these components only.
    #[arg(long, value_name = "NAME", value_delimiter = ',', value_parser = component)]
    pub component: Vec<Component>,
    /// The Kubernetes minor, such as 1.34, instead of the one the image tag tells.
    #[arg(long, value_name = "MINOR", value_parser = minor)]
    pub kubernetes_version: Option<Minor>,
}

/// Which rules there are.
#[derive(Debug, Args)]
#[command(next_help_heading = "Rules")]
pub struct PackArgs {
    /// A file of rules and benchmarks of your own; those with a known id replace it.
    #[arg(long = "rules", value_name = "FILE")]
    pub files: Vec<PathBuf>,
}

/// What is checked.
#[derive(Debug, Args)]
#[command(next_help_heading = "Rules")]
pub struct SelectionArgs {
    /// The benchmark, or `auto`: the CIS edition made for the target's minor.
    #[arg(long, value_name = "ID", value_delimiter = ',', default_value = "auto")]
    pub benchmark: Vec<String>,
    /// Controls up to this profile level; those without a level are always checked.
    #[arg(long, value_name = "1|2", value_parser = clap::value_parser!(u8).range(1..=2))]
    pub level: Option<u8>,
    /// Only these rules, controls or sections: `profiling`, `1.2.15`, or `cis-1.12:1.2.15`, as a number may
    /// mean another rule in another edition.
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub only: Vec<String>,
    /// Not these rules, controls or sections.
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub skip: Vec<String>,
}

/// Arguments of `check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says it")]
    pub input: InputArgs,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says it")]
    pub selection: SelectionArgs,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says it")]
    pub packs: PackArgs,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says it")]
    pub output: OutputArgs<Format>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says it")]
    pub say: SayArgs,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says it")]
    pub accepted: AcceptedArgs,
    /// Compare what is checked with what is written here, a manifest or a folder of them: a server that
    /// was edited and not restarted fails. Adds the benchmark drift.
    #[arg(long, value_name = "FILE", help_heading = "Rules")]
    pub against: Vec<PathBuf>,
    /// Exit with 1 if a rule of this severity or above fails.
    #[arg(long, value_name = "SEVERITY", value_enum, default_value_t = FailOn::Low, help_heading = "Output")]
    pub fail_on: FailOn,
    /// Count what is unknown as a finding: what decides is not in the input, or is not understood.
    #[arg(long, help_heading = "Output")]
    pub fail_on_unknown: bool,
    /// What text and SARIF list: every result, or only those that need somebody, which a terminal and
    /// SARIF get if nothing else is asked for. Other formats have every result.
    #[arg(long, value_name = "WHICH", value_enum, help_heading = "Output")]
    pub show: Option<Show>,
    /// Make places in files links that a terminal opens.
    #[arg(long, help_heading = "Output")]
    pub hyperlinks: bool,
}

/// Which failures are accepted.
#[derive(Debug, Args)]
#[command(next_help_heading = "Accepted failures")]
pub struct AcceptedArgs {
    /// A file of waivers: failures that somebody accepts, with the reason and how long.
    #[arg(long, value_name = "FILE")]
    pub waivers: Vec<PathBuf>,
    /// A JSON report of an earlier run: what failed in it does not count; what was decided in it and is
    /// unknown now does.
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
}

/// Arguments of `flags`.
#[derive(Debug, Args)]
pub struct FlagsArgs {
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says it")]
    pub input: InputArgs,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says it")]
    pub output: OutputArgs<ListingFormat>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says it")]
    pub say: SayArgs,
    /// Print the flags that are not set too, with their defaults, and the names that stand for another.
    #[arg(long)]
    pub all: bool,
    /// Tell what another minor makes of the same command line: what it refuses, what it calls
    /// deprecated, which effective values, admission plugins and feature gates of the API server change.
    #[arg(long, value_name = "MINOR", value_parser = minor)]
    pub compare: Option<Minor>,
}

/// Arguments of `diff`.
#[derive(Debug, Args)]
pub struct DiffArgs {
    /// The earlier report, of `check --format json`.
    #[arg(value_name = "OLD")]
    pub old: PathBuf,
    /// The later report.
    #[arg(value_name = "NEW")]
    pub new: PathBuf,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says it")]
    pub output: OutputArgs<DiffFormat>,
}

/// Arguments of `history`.
#[derive(Debug, Args)]
pub struct HistoryArgs {
    /// A folder of reports of `check --format json`, named *.json.
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says it")]
    pub output: OutputArgs<HistoryFormat>,
}

/// Arguments of `waive`.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("demand").required(true).args(["rule", "control"]))]
pub struct WaiveArgs {
    /// The report with the failure, of `check --format json`.
    #[arg(long, value_name = "REPORT")]
    pub from: PathBuf,
    /// The file that the waiver is appended to; it is made if it is not there.
    #[arg(long, value_name = "FILE")]
    pub waivers: PathBuf,
    /// The rule whose failure is accepted.
    #[arg(long, value_name = "ID")]
    pub rule: Option<String>,
    /// The rule by the number that a benchmark gives it: `1.2.15` or `cis-1.12:1.2.15`. The waiver names the
    /// rule.
    #[arg(long, value_name = "NUMBER")]
    pub control: Option<String>,
    /// The benchmark that the control is one of.
    #[arg(long, value_name = "ID", requires = "control")]
    pub benchmark: Option<String>,
    /// Why it is accepted.
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// Who accepts it.
    #[arg(long, value_name = "NAME")]
    pub owner: Option<String>,
    /// The last day on which it is accepted, such as 2027-03-31.
    #[arg(long, value_name = "DAY")]
    pub expires: Option<jiff::civil::Date>,
    /// The files it is accepted in: a pattern with * and **. Without it, and without --host, that of
    /// the only target that fails.
    #[arg(long, value_name = "GLOB")]
    pub path: Option<String>,
    /// The machines it is accepted on.
    #[arg(long, value_name = "GLOB")]
    pub host: Option<String>,
    /// The component it is accepted for.
    #[arg(long, value_name = "NAME", value_parser = component)]
    pub component: Option<Component>,
    /// Accept it only while the value is what it is in the report.
    #[arg(long)]
    pub pin: bool,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says it")]
    pub packs: PackArgs,
}

/// Arguments of `explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// A rule such as anonymous-auth, a control such as 1.2.1, or what DISA STIG, checkov, trivy or
    /// kubescape call it: V-242390, CKV_K8S_68, AVD-KCV-0001, C-0113.
    #[arg(value_name = "RULE|CONTROL")]
    pub name: String,
    /// The benchmark that a control's number belongs to.
    #[arg(long, value_name = "ID")]
    pub benchmark: Option<String>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says it")]
    pub packs: PackArgs,
}

/// Arguments of `benchmarks`.
#[derive(Debug, Args)]
pub struct ListArgs {
    /// List this benchmark's controls.
    #[arg(value_name = "ID")]
    pub id: Option<String>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says it")]
    pub packs: PackArgs,
}

/// Arguments of `rules`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct RulesArgs {
    /// What to do with rules; without it they are listed.
    #[command(subcommand)]
    pub command: Option<RulesCommand>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says it")]
    pub packs: PackArgs,
}

/// What to do with rules.
#[derive(Debug, Subcommand)]
pub enum RulesCommand {
    /// Read rule files, report every mistake, and run every rule's examples.
    Check {
        /// The files; without any: the rules that come with plimsoll.
        #[arg(value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Print the JSON Schema of rule files, for editors.
    Schema,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        super::App::command().debug_assert();
    }
}
