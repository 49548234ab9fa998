//! Every format of one run over a mixed folder: files, a process, an input that cannot be read,
//! waivers of every kind, a baseline, and text that tries to break out of whatever quotes it.

mod counts;
mod csv;
mod github;
mod gitlab;
mod html;
mod junit;
mod kube_bench_json;
mod markdown;
mod ocsf;
mod oscal;
mod places;
mod policyreport;
mod prometheus;
mod sarif;
mod schemas;
mod shape;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use clap::ValueEnum;
use plimsoll::report::Format;
use serde_json::Value;

use crate::live::Proc;
use crate::program::{fixture, manifest, run};

/// One run with a file for every format.
pub(crate) struct Mixed {
    folder: tempfile::TempDir,
    /// Its exit status.
    pub(crate) status: i32,
}

/// Text that a careless renderer lets through.
const HOSTILE: &str = "<script>alert(1)</script>]]>\"'`|&é😀\u{1b}[31m\u{202e}%0A::error::=1+1";

/// The same as every report has it: without what a terminal or an editor would act on.
pub(crate) fn hostile_as_shown() -> String {
    HOSTILE.replace('\u{1b}', "\\u{1b}").replace('\u{202e}', "\\u{202e}")
}

/// A published schema out of the folder that `.ci/schemas` filled; none where there is no such folder.
#[allow(clippy::print_stdout, reason = "a test that looks at nothing says so")]
pub(crate) fn published(name: &str) -> Option<jsonschema::Validator> {
    let Some(folder) = std::env::var_os("PLIMSOLL_SCHEMAS") else {
        println!("skipped: PLIMSOLL_SCHEMAS does not say where {name} is");
        return None;
    };
    let text = fs::read_to_string(Path::new(&folder).join(name)).expect(name);
    let schema = serde_json::from_str(&text).expect(name);
    Some(jsonschema::validator_for(&schema).expect(name))
}

/// The run, made once for all tests.
pub(crate) fn mixed() -> &'static Mixed {
    static MIXED: OnceLock<Mixed> = OnceLock::new();
    MIXED.get_or_init(Mixed::make)
}

/// The name of a format on the command line.
pub(crate) fn name(format: Format) -> String {
    format.to_possible_value().expect("a name").get_name().to_owned()
}

impl Mixed {
    /// What the run wrote in a format.
    pub(crate) fn text(&self, format: &str) -> String {
        fs::read_to_string(self.path(format)).expect(format)
    }

    /// Where it is.
    pub(crate) fn path(&self, format: &str) -> PathBuf {
        self.folder.path().join(format!("report.{format}"))
    }

    /// The folder that the run was made in: relative names in its reports are below it.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The line of an input that a place such as `manifests/kubeadm.yaml:17` means.
    pub(crate) fn line(&self, place: &str) -> Option<String> {
        let (path, number) = place.rsplit_once(':')?;
        let text = fs::read_to_string(self.folder().join(path)).ok()?;
        text.lines().nth(number.parse::<usize>().ok()?.checked_sub(1)?).map(str::to_owned)
    }

    /// What it wrote in a format that is JSON.
    pub(crate) fn json(&self, format: &str) -> Value {
        serde_json::from_str(&self.text(format)).expect(format)
    }

    /// Every result of the JSON report, with its target.
    pub(crate) fn results(&self) -> Vec<(Value, Value)> {
        let report = self.json("json");
        let targets = report["targets"].as_array().expect("targets").clone();
        let pairs = targets.into_iter().flat_map(|target| {
            let results = target["results"].as_array().expect("results").clone();
            results.into_iter().map(move |result| (target.clone(), result))
        });
        pairs.collect()
    }

    fn make() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path();
        let inputs = path.join("manifests");
        fs::create_dir(&inputs).expect("made");
        let kubeadm = fixture("manifests/kubeadm-1.34.yaml");
        fs::copy(kubeadm, inputs.join("kubeadm.yaml")).expect("copied");
        fs::write(inputs.join("we\"ird <b>&]]> é😀.yaml"), hostile()).expect("written");
        fs::write(
            inputs.join("broken.yaml"),
            "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - command: [kube-apiserver\n",
        )
        .expect("written");
        fs::write(inputs.join("twins.yaml"), twins()).expect("written");
        fs::write(path.join("waivers.toml"), waivers()).expect("written");
        let before = ["check", "--benchmark=cis-1.12", "--only=1.2.16,1.2.17"];
        let before =
            before.into_iter().chain(["--output=json=before.json", "manifests/kubeadm.yaml"]);
        assert_eq!(run(before, None, path).status, 1);
        let table = Proc::new();
        let line = format!("kube-apiserver\0--profiling=true\0--audit-log-path={HOSTILE}\0");
        table.add(4242, 1, 0, Some("/usr/bin/kube-apiserver"), line.as_bytes());
        let mut words: Vec<String> = ["check", "--benchmark=cis-1.12,hardening", "--pid=4242"]
            .into_iter()
            .chain(["--waivers=waivers.toml", "--baseline=before.json", "--show=all"])
            .map(str::to_owned)
            .collect();
        words.push(format!("--proc={}", table.path()));
        for format in Format::value_variants() {
            let name = name(*format);
            words.push(format!("--output={name}=report.{name}"));
        }
        words.push("manifests".to_owned());
        let outcome = run(words, None, path);
        assert!(outcome.stderr.contains("broken.yaml"), "{}", outcome.stderr);
        Self { status: outcome.status, folder }
    }
}

/// A manifest whose values, names and file name are hostile, one of them long.
fn hostile() -> String {
    let pod = serde_json::json!({
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": HOSTILE, "namespace": "a\nb\tc"},
        "spec": {"containers": [{
            "name": HOSTILE,
            "image": "registry.example/kube-apiserver:v1.34.1",
            "command": [
                "kube-apiserver",
                format!("--authorization-mode={HOSTILE}"),
                format!("--tls-cipher-suites={HOSTILE}"),
                format!("--audit-log-path={}", "x😀".repeat(2048)),
                format!("--encryption-provider-config=/etc/{HOSTILE}\nsecond line"),
                format!("--{HOSTILE}"),
                "--profiling",
            ],
        }]},
    });
    serde_json::to_string_pretty(&pod).expect("JSON")
}

/// Two servers that nothing but their place tells apart.
fn twins() -> String {
    let pod = manifest(
        "registry.k8s.io/kube-apiserver:v1.33.2",
        "    command:\n    - kube-apiserver\n    - --profiling=true\n    - --anonymous-auth=true\n",
    );
    format!("{pod}---\n{pod}")
}

/// One that holds, one that is over, one for another value and one that is of no use.
fn waivers() -> String {
    let reason = toml::Value::String(HOSTILE.to_owned());
    format!(
        r#"[[waiver]]
rule = "anonymous-auth"
path = "manifests/twins.yaml"
reason = {reason}
owner = "platform | team"
expires = 2999-12-31

[[waiver]]
rule = "profiling"
path = "manifests/twins.yaml"
reason = "until the upgrade"
expires = 2020-02-29

[[waiver]]
control = "1.2.16"
benchmark = "cis-1.12"
host = "*"
reason = "another value"
value = "/var/log/accepted"

[[waiver]]
rule = "always-admit"
component = "kube-apiserver"
reason = "nothing fails"
"#
    )
}

#[test]
fn the_run_could_not_be_done_in_full() {
    assert_eq!(mixed().status, 2, "broken.yaml cannot be checked");
}

#[test]
fn the_run_has_every_kind_of_result() {
    let results: Vec<Value> = mixed().results().into_iter().map(|(_, result)| result).collect();
    for status in ["pass", "fail", "manual", "unknown", "not-applicable", "error"] {
        assert!(results.iter().any(|result| result["status"] == status), "{status}");
    }
    for field in ["waiver", "lapsed_waiver", "baseline", "fix", "level"] {
        assert!(results.iter().any(|result| !result[field].is_null()), "{field}");
    }
}
