//! Outputs that would take the place of what the run reads.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use clap::ValueEnum;
use plimsoll::report::Format;

use crate::program::{Outcome, manifest, run};

/// A folder with a manifest, waivers, rules, a report of an earlier run and links to them.
fn laid_out() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    for name in ["pods", "units", "units/kubelet.service.d", "k3s", "k3s/config.yaml.d"] {
        fs::create_dir(at(name)).expect("made");
    }
    let pod = manifest(
        "registry.k8s.io/kube-apiserver:v1.34.0",
        "    command: [kube-apiserver, --profiling=true]\n",
    );
    let files = [
        ("pod.yaml", &*pod),
        ("pods/a.yaml", &pod),
        ("pods/notes.txt", "notes\n"),
        ("written.yaml", &pod),
        ("w.toml", "[[waiver]]\nrule = \"profiling\"\nreason = \"known\"\n"),
        ("rules.toml", ""),
        ("units/kubelet.service", "[Service]\nExecStart=/usr/bin/kubelet --v=1\n"),
        ("units/kubelet.service.d/1.conf", "[Service]\nEnvironment=A=b\n"),
        ("k3s/config.yaml", "kube-apiserver-arg: [profiling=false]\n"),
        ("k3s/config.yaml.d/1.yaml", "debug: true\n"),
    ];
    for (name, text) in files {
        fs::write(at(name), text).expect("written");
    }
    let before = run(["check", "--output=json=before.json", "pod.yaml"], None, folder.path());
    assert_eq!(before.status, 1, "{}", before.stderr);
    symlink("pod.yaml", at("link.yaml")).expect("linked");
    fs::hard_link(at("pod.yaml"), at("other.yaml")).expect("linked");
    folder
}

fn contents(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("listed") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(contents(&path));
        } else {
            found.push((path.display().to_string(), fs::read(&path).expect("read")));
        }
    }
    found.sort();
    found
}

#[test]
fn an_output_that_is_an_input_is_refused_before_anything_is_written() {
    let folder = laid_out();
    let before = contents(folder.path());
    let check = ["check", "--waivers=w.toml", "--rules=rules.toml", "--baseline=before.json"];
    let check: Vec<&str> = check.into_iter().chain(["--against=written.yaml"]).collect();
    let cases: [(&[&str], &str); 19] = [
        (&["pod.yaml"], "pod.yaml"),
        (&["pod.yaml"], "./pods/../pod.yaml"),
        (&["pod.yaml"], "link.yaml"),
        (&["link.yaml"], "pod.yaml"),
        (&["pod.yaml"], "other.yaml"),
        (&["pods"], "pods/a.yaml"),
        (&["."], "pods/a.yaml"),
        (&["."], "other.yaml"),
        (&["pod.yaml"], "w.toml"),
        (&["pod.yaml"], "rules.toml"),
        (&["pod.yaml"], "before.json"),
        (&["pod.yaml"], "written.yaml"),
        (&["units"], "units/kubelet.service"),
        (&["units"], "units/kubelet.service.d/1.conf"),
        (&["units/kubelet.service"], "units/kubelet.service.d/1.conf"),
        (&["k3s"], "k3s/config.yaml"),
        (&["k3s"], "k3s/config.yaml.d/1.yaml"),
        (&["pod.yaml", "-"], "pod.yaml"),
        (&["pod.yaml", "pods"], "pods/a.yaml"),
    ];
    for (inputs, path) in cases {
        let outputs = ["--output=json=new.json".to_owned(), format!("--output=html={path}")];
        let words = check.iter().map(|word| (*word).to_owned()).chain(outputs);
        let words = words.chain(inputs.iter().map(|input| (*input).to_owned()));
        let Outcome { status, stdout, stderr } = run(words, None, folder.path());
        assert_eq!((status, &*stdout), (2, ""), "{inputs:?} {path}: {stderr}");
        assert!(
            stderr.contains(path) && stderr.contains("which this run reads"),
            "{path}: {stderr}"
        );
    }
    let others: [&[&str]; 4] = [
        &["flags", "--output=json=pod.yaml", "pod.yaml"],
        &["diff", "--output=json=before.json", "before.json", "before.json"],
        &["history", "--output=json=before.json", "."],
        &["waive", "--from=before.json", "--rule=profiling", "--reason=r", "--waivers=before.json"],
    ];
    for words in others {
        let Outcome { status, stdout, stderr } = run(words, None, folder.path());
        assert_eq!((status, &*stdout), (2, ""), "{words:?}: {stderr}");
        assert!(stderr.contains("which this run reads"), "{words:?}: {stderr}");
    }
    assert_eq!(contents(folder.path()), before);
}

#[test]
fn an_earlier_report_in_the_checked_folder_is_replaced() {
    let folder = laid_out();
    for ending in ["json", "yaml", "txt", "report"] {
        let outputs = Format::value_variants().iter().map(|format| {
            let name = format.to_possible_value().expect("a name").get_name().to_owned();
            format!("--output={name}=pods/{name}.{ending}")
        });
        let words: Vec<String> =
            ["check", "-q", "pods"].map(str::to_owned).into_iter().chain(outputs).collect();
        for time in ["first", "second"] {
            let outcome = run(&words, None, folder.path());
            assert_eq!(outcome.status, 1, "{ending}, {time}: {}", outcome.stderr);
        }
    }
    // Neither is any other file that plimsoll passes over there.
    let outcome = run(["check", "-q", "--output=text=pods/notes.txt", "pods"], None, folder.path());
    assert_eq!(outcome.status, 1, "{}", outcome.stderr);
}

#[test]
fn two_outputs_of_one_name_are_refused_however_it_is_spelled() {
    let folder = laid_out();
    for path in ["new.json", "./new.json", "pods/../new.json"] {
        let outputs = ["--output=json=new.json".to_owned(), format!("--output=html={path}")];
        let words = ["check", "pod.yaml"].map(str::to_owned).into_iter().chain(outputs);
        let Outcome { status, stderr, .. } = run(words, None, folder.path());
        assert!(status == 2 && stderr.contains("names it twice"), "{path}: {stderr}");
    }
    assert!(!folder.path().join("new.json").exists());
}
