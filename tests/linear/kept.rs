//! What three runs take, beside what they took when that was last looked at.
//!
//! `fixtures/counted.tsv` holds a run a line: its arguments and its instructions. A clock differs from run to
//! run and from machine to machine; instructions do not, so that a change which makes every run a little
//! slower shows when it is made. A run that became cheaper fails too: the number kept would hide the next
//! such change. `PLIMSOLL_BLESS=1 cargo test --test linear kept` writes the numbers of today.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::counting::Counter;

/// How far a count may be from the one that is kept, in percent: compilers and C libraries differ a little.
const APART: u64 = 3;

/// How many manifests there are in the folder: too few for a second thread, whose turns are never the same.
const MANY: usize = 50;

fn kept() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/counted.tsv")
}

/// A manifest, the same of a release that is not told, and many of them.
fn lay_out(folder: &Path) {
    let manifest =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/manifests/kubeadm-1.34.yaml");
    let manifest = fs::read_to_string(manifest).expect("a manifest");
    let (tagged, untagged) = ("kube-apiserver:v1.34.2", "kube-apiserver");
    assert!(manifest.contains(tagged), "the manifest has another image");
    let write = |path: &str, text: &str| fs::write(folder.join(path), text).expect("written");
    write("one.yaml", &manifest);
    write("unknown.yaml", &manifest.replace(tagged, untagged));
    fs::create_dir(folder.join("many")).expect("a folder");
    (0..MANY).for_each(|number| write(&format!("many/{number:02}.yaml"), &manifest));
}

#[test]
fn runs_take_the_instructions_that_are_kept() {
    let Some(counter) = Counter::new() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    lay_out(folder.path());
    let text = fs::read_to_string(kept()).expect("the counts that are kept");
    let bless = std::env::var_os("PLIMSOLL_BLESS").is_some();
    let (mut today, mut apart) = (String::new(), Vec::new());
    let mut runs = 0;
    for line in text.lines() {
        let (args, kept) = line.split_once('\t').expect("arguments and a number");
        let kept: u64 = kept.parse().expect("a number");
        let count = counter.count(folder.path(), args.split(' '));
        let _ = writeln!(today, "{args}\t{count}");
        if count.abs_diff(kept) * 100 > kept * APART {
            apart.push(format!("{args}: {kept} instructions are kept, it takes {count}"));
        }
        runs += 1;
    }
    if bless {
        fs::write(kept(), today).expect("written");
        return;
    }
    assert!(runs >= 3, "{runs} runs");
    assert!(
        apart.is_empty(),
        "{}\nPLIMSOLL_BLESS=1 keeps the numbers of today, if they are what they should be",
        apart.join("\n")
    );
}
