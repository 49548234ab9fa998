//! The shapes of texts, and the folders that runs read them in.

use std::fs;
use std::ops::Range;
use std::path::Path;

use serde::Deserialize;

/// A text that is made of the same again and again, and how it is read.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Shape {
    pub(crate) name: String,
    args: String,
    file: String,
    #[serde(default)]
    head: String,
    unit: String,
    #[serde(default)]
    middle: String,
    #[serde(default)]
    closing: String,
    #[serde(default)]
    tail: String,
    server: Option<String>,
    #[serde(default)]
    pub(crate) always: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shapes {
    shape: Vec<Shape>,
}

const MANIFEST: &str = "\
apiVersion: v1
kind: Pod
metadata: {name: kube-apiserver}
spec:
  containers:
  - name: kube-apiserver
    image: registry.k8s.io/kube-apiserver:v1.34.2
    command: [kube-apiserver, --profiling=true]
";

const KUBEADM: &str = "\
apiVersion: kubeadm.k8s.io/v1beta4
kind: InitConfiguration
patches: {directory: patches}
---
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
";

/// Every shape, by the names of the files that hold them.
pub(crate) fn all() -> Vec<Shape> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/linear");
    let files = fs::read_dir(folder).expect("a folder");
    let mut files: Vec<_> = files.map(|file| file.expect("a file").path()).collect();
    files.sort();
    let read = |path| {
        let text = fs::read_to_string(path).expect("a text");
        toml::from_str::<Shapes>(&text).unwrap_or_else(|error| panic!("{error}")).shape
    };
    files.iter().flat_map(read).collect()
}

impl Shape {
    /// A run that reads one small manifest.
    pub(crate) fn nothing() -> Self {
        let text = String::new;
        Self {
            name: "nothing".to_owned(),
            args: "check --only profiling good.yaml".to_owned(),
            file: "nothing".to_owned(),
            head: text(),
            unit: "\n".to_owned(),
            middle: text(),
            closing: text(),
            tail: text(),
            server: None,
            always: true,
        }
    }

    /// The arguments of plimsoll.
    pub(crate) fn args(&self) -> impl Iterator<Item = &str> {
        self.args.split_whitespace()
    }

    /// Whether `check` reads it, of which all runs have the same beginning.
    pub(crate) fn is_of_check(&self) -> bool {
        self.args().next() == Some("check")
    }

    /// Whether the text is one of rules or waivers.
    pub(crate) fn is_of_pack(&self) -> bool {
        self.file == "w.toml"
    }

    /// The files with the text, with about so many bytes of units: one, or one a unit.
    fn files(&self, length: usize) -> Vec<(String, String)> {
        let units = length / (numbered(&self.unit, 0).len() + numbered(&self.closing, 0).len());
        if self.file.contains("{n}") {
            let one = |number| (numbered(&self.file, number), self.text(number..number + 1));
            return (0..units).map(one).collect();
        }
        vec![(self.file.clone(), self.text(0..units))]
    }

    /// The text of these units.
    fn text(&self, units: Range<usize>) -> String {
        let all = |part: &str| units.clone().map(|it| numbered(part, it)).collect::<String>();
        [&self.head, &*all(&self.unit), &self.middle, &*all(&self.closing), &self.tail].concat()
    }

    /// Fills a folder with the text and what else a run may name: a manifest, one in a folder, a
    /// configuration of kubeadm that names a folder of patches, two processes.
    pub(crate) fn lay_out(&self, folder: &Path, length: usize) {
        let write = |path: &str, text: &str| {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            fs::write(path, text).expect("written");
        };
        write("good.yaml", MANIFEST);
        write("folder/good.yaml", MANIFEST);
        write("kubeadm/kubeadm.yaml", KUBEADM);
        for (pid, name) in [(8, "sh"), (9, "kube-apiserver")] {
            write(&format!("proc/{pid}/cmdline"), &format!("{name}\0--v=1\0"));
            write(&format!("proc/{pid}/stat"), &format!("{pid} ({name}) S 1 0 0 0 -1 4194560 0"));
            let exe = folder.join(format!("proc/{pid}/exe"));
            std::os::unix::fs::symlink(Path::new("/usr/bin").join(name), exe).expect("linked");
        }
        if let Some(server) = &self.server {
            write("server.service", &format!("[Service]\nExecStart=/usr/bin/{server}\n"));
        }
        for (path, text) in self.files(length) {
            write(&path, &text);
        }
    }
}

/// A part of a text with its number.
fn numbered(part: &str, number: usize) -> String {
    part.replace("{n}", &format!("{number:06}"))
}
