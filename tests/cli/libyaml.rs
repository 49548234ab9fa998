//! YAML beside libyaml, from which Kubernetes' reader descends: PyYAML's C loader reads thousands of
//! damaged manifests, and no argument is there for one reader and not for the other.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::thread;

use plimsoll::yaml::{self, Node, Value};
use serde_json::Value as Json;

const SCRIPT: &str = include_str!("libyaml.py");

/// How many texts are read by both.
const TEXTS: usize = 20_000;

const MANIFESTS: [&str; 3] = [
    "apiVersion: v1\nkind: Pod\nmetadata: {name: a, labels: {tier: \"control-plane\"}}\nspec:\n  containers:\n  \
     - name: a # the server\n    image: registry.k8s.io/kube-apiserver:v1.34.2\n    command:\n    \
     - kube-apiserver\n    - --profiling=false # safe\n    - \"--v=2\"\n    - '--tls-min-version=x'\n    args: [--a=b, \"--c\"]\n",
    "# kube-apiserver\n---\nx: &x\n  command: &c [kube-apiserver, --profiling=false]\nspec:\n  containers:\n    \
     - <<: *x\n      args:\n      - |\n        --a=b\n        # no comment\n      - >-\n        --c=d\n        e\n      \
     - !!binary LS1wcm9maWxpbmc9dHJ1ZQ==\n      - !!str 3\n    - command: *c\n...\n---\nkind: List\nitems: []\n",
    "{\"kind\": \"Pod\", \"spec\": {\"containers\": [{\"command\": [\"kube-apiserver\", \"--profiling=false\"],\n\
     \t\"args\": [\"--a\\u003db\", \"--c\\td\"]}]}}\n",
];

/// What a mutation puts in.
const PIECES: [&str; 62] = [
    "\n",
    "\r",
    "\r\n",
    "\u{85}",
    "\u{2028}",
    "\u{2029}",
    " ",
    "  ",
    "    ",
    "\t",
    "#",
    " # ",
    ":",
    ": ",
    "-",
    "- ",
    "? ",
    "|",
    "|-\n",
    ">",
    ">+2\n",
    "'",
    "\"",
    "\\",
    "\\\n",
    "&a ",
    "*a",
    "*c ",
    "!!binary ",
    "!!str ",
    "! ",
    "!foo ",
    "!!int ",
    "<<: *x\n",
    "<<: ",
    "{",
    "}",
    "[",
    "]",
    ",",
    ", ",
    "%",
    "%YAML 1.1\n---\n",
    "@",
    "`",
    "---\n",
    "--- ",
    "...\n",
    "\u{feff}",
    "é",
    "LS1hPWI=",
    "=",
    "~",
    "\0",
    "\u{a0}",
    "\u{7f}",
    "\u{1b}",
    "--profiling=true",
    "\n    - --x=y\n",
    "command: [x]\n",
    "\\x41",
    "''",
];

/// Numbers that are the same in every run: xorshift.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).expect("small")
    }
}

/// A manifest with one to four changes.
fn mutated(numbers: &mut Numbers) -> String {
    let mut text: Vec<char> = MANIFESTS[numbers.below(MANIFESTS.len())].chars().collect();
    for _ in 0..=numbers.below(3) {
        let at = numbers.below(text.len());
        let piece = PIECES[numbers.below(PIECES.len())].chars();
        let until = (at + numbers.below(4)).min(text.len());
        match numbers.below(4) {
            0 => drop(text.splice(at..until, piece)),
            1 => {
                let some: Vec<char> = text[at..(at + numbers.below(30)).min(text.len())].to_vec();
                let to = numbers.below(text.len());
                text.splice(to..to, some);
            }
            _ => drop(text.splice(at..at, piece)),
        }
    }
    text.into_iter().collect()
}

/// A tree of texts, as the script prints it.
fn tree(node: &Node) -> Json {
    match &node.value {
        Value::Scalar(scalar) => Json::from(&*scalar.text),
        Value::Sequence(items) => items.iter().map(tree).collect(),
        Value::Mapping(entries) => {
            let entries: BTreeMap<_, _> = entries
                .iter()
                .map(|(key, value)| (key.as_str().expect("a scalar").to_owned(), tree(value)))
                .collect();
            Json::Object(entries.into_iter().collect())
        }
    }
}

/// PyYAML's C loader; `None`, with a message, where there is none.
fn reader() -> Option<Child> {
    let has_it = Command::new("python3").args(["-c", "import yaml; yaml.CLoader"]).output();
    if !has_it.is_ok_and(|output| output.status.success()) {
        let required = std::env::var("PLIMSOLL_LIBYAML").is_ok_and(|word| word == "required");
        assert!(!required, "PLIMSOLL_LIBYAML=required, and python3 has no yaml.CLoader");
        let _ = writeln!(io::stderr(), "skipped: python3 has no yaml.CLoader");
        return None;
    }
    let mut python = Command::new("python3");
    python.args(["-c", SCRIPT]).stdin(Stdio::piped()).stdout(Stdio::piped());
    Some(python.env("PYTHONIOENCODING", "utf-8").spawn().expect("python3 starts"))
}

#[test]
fn no_argument_is_there_for_libyaml_alone_or_for_plimsoll_alone() {
    let Some(mut reader) = reader() else { return };
    let mut numbers = Numbers(0x9E37_79B9_7F4A_7C15);
    let texts: Vec<String> = (0..TEXTS).map(|_| mutated(&mut numbers)).collect();
    let mut stdin = reader.stdin.take().expect("a pipe");
    let lines: Vec<String> =
        texts.iter().map(|text| Json::from(text.as_str()).to_string() + "\n").collect();
    let writer = thread::spawn(move || stdin.write_all(lines.concat().as_bytes()));
    let stdout = BufReader::new(reader.stdout.take().expect("a pipe"));
    let (mut both, mut differ) = (0, Vec::new());
    let mut answers = stdout.lines();
    for text in &texts {
        let answer = answers.next().expect("an answer").expect("UTF-8");
        let answer: Json = serde_json::from_str(&answer).expect("JSON");
        let theirs = answer["documents"].as_array().expect("a list");
        let ours = yaml::parse(text);
        let ours: Vec<Json> =
            ours.iter().map_while(|it| it.as_ref().ok()).map(|it| tree(&it.root)).collect();
        both += usize::from(!theirs.is_empty() && !ours.is_empty());
        if let Some((ours, theirs)) = ours.iter().zip(theirs).find(|(ours, theirs)| ours != theirs)
        {
            differ.push(format!("{text:?}\n  plimsoll {ours}\n  libyaml  {theirs}"));
        }
    }
    writer.join().expect("a thread").expect("written");
    assert!(reader.wait().expect("python3 ends").success());
    let _ = writeln!(io::stderr(), "{both} of {TEXTS} texts were read by both");
    assert!(
        differ.is_empty(),
        "{} differ:\n{}",
        differ.len(),
        differ[..differ.len().min(20)].join("\n")
    );
    assert!(both > TEXTS / 4, "{both}");
}
