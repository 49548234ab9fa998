//! The shapes of texts, and the folders that runs read them in.

use std::fs;
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

    /// The text, with about so many bytes of units.
    fn text(&self, length: usize) -> String {
        let unit = |number: usize| self.unit.replace("{n}", &format!("{number:06}"));
        let units = length / (unit(0).len() + self.closing.len());
        let mut text = self.head.clone();
        for number in 0..units {
            text.push_str(&unit(number));
        }
        text.push_str(&self.middle);
        text.push_str(&self.closing.repeat(units));
        text.push_str(&self.tail);
        text
    }

    /// Fills a folder with the text and what else a run may name: a manifest, one in a folder, two
    /// processes.
    pub(crate) fn lay_out(&self, folder: &Path, length: usize) {
        let write = |path: &str, text: &str| {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            fs::write(path, text).expect("written");
        };
        write("good.yaml", MANIFEST);
        write("folder/good.yaml", MANIFEST);
        for (pid, name) in [(8, "sh"), (9, "kube-apiserver")] {
            write(&format!("proc/{pid}/cmdline"), &format!("{name}\0--v=1\0"));
            write(&format!("proc/{pid}/stat"), &format!("{pid} ({name}) S 1 0 0 0 -1 4194560 0"));
            let exe = folder.join(format!("proc/{pid}/exe"));
            std::os::unix::fs::symlink(Path::new("/usr/bin").join(name), exe).expect("linked");
        }
        if let Some(server) = &self.server {
            write("server.service", &format!("[Service]\nExecStart=/usr/bin/{server}\n"));
        }
        write(&self.file, &self.text(length));
    }
}
