//! Characters that a reader does not see or that turn text around, in everything that plimsoll prints.

use std::fs;
use std::ops::RangeInclusive;
use std::path::Path;

use crate::outputs::{Output, Printed, printed};
use crate::program::manifest;

/// Unicode 14.0: Cc, Zl, Zp, Bidi_Control and Default_Ignorable_Code_Point, and the annotation
/// characters. Of long ranges the ends and one between them are tried.
const CHARACTERS: [RangeInclusive<u32>; 20] = [
    0x01..=0x09,
    0x0b..=0x1f,
    0x7f..=0x9f,
    0xad..=0xad,
    0x34f..=0x34f,
    0x61c..=0x61c,
    0x115f..=0x1160,
    0x17b4..=0x17b5,
    0x180b..=0x180f,
    0x200b..=0x200f,
    0x2028..=0x202e,
    0x2060..=0x206f,
    0x3164..=0x3164,
    0xfe00..=0xfe0f,
    0xfeff..=0xfeff,
    0xffa0..=0xffa0,
    0xfff0..=0xfffb,
    0x1bca0..=0x1bca3,
    0x1d173..=0x1d17a,
    0xe0000..=0xe0fff,
];

fn characters() -> Vec<char> {
    let tried = CHARACTERS.iter().flat_map(|range| {
        let (first, last) = (*range.start(), *range.end());
        let step = if last - first > 64 { (last - first) / 64 } else { 1 };
        (first..=last).step_by(step as usize).chain([last])
    });
    tried.filter_map(char::from_u32).collect()
}

/// All of them as a double-quoted YAML or JSON text holds them.
fn escaped(characters: &[char]) -> String {
    let mut units = [0; 2];
    let escape = |c: &char| -> String {
        let escapes: Vec<String> =
            c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")).collect();
        escapes.concat()
    };
    characters.iter().map(escape).collect()
}

/// What stands before each character that an output holds although it has no use for it itself, as for
/// colours and the line ends of CSV.
fn raw<'o>(output: &'o Output, characters: &[char]) -> Vec<&'o str> {
    let colored = output.name.contains("colours");
    let csv = output.name.ends_with(" csv");
    let own = |c: char| (colored && matches!(c, '\u{1b}' | '\u{7}')) || (csv && c == '\r');
    let text = &output.text;
    let found = text.char_indices().filter(|(_, c)| characters.contains(c) && !own(*c));
    found.map(|(at, _)| text.get(at.saturating_sub(40)..at).unwrap_or_default()).collect()
}

fn assert_none(printed: &Printed<'_>, characters: &[char]) {
    let leaks: Vec<String> = printed
        .outputs
        .iter()
        .filter_map(|it| Some(format!("{}: …{:?}", it.name, raw(it, characters).first()?)))
        .collect();
    assert!(leaks.is_empty(), "{}", leaks.join("\n"));
}

fn write_inputs(folder: &Path, characters: &[char]) {
    let odd = escaped(characters);
    fs::create_dir_all(folder.join("inputs")).expect("made");
    fs::create_dir_all(folder.join("root/k")).expect("made");
    let args = format!(
        "    command: [kube-apiserver, \"--audit-log-path=/{odd}\", \"--{odd}=1\", \"{odd}\", \
         \"--anonymous-auth={odd}\", \"--etcd-servers=https://{odd}\", --encryption-provider-config=/k/e]\n\
         \x20   volumeMounts: [{{name: k, mountPath: /k}}]\n  volumes: [{{name: k, hostPath: {{path: /k}}}}]\n"
    );
    let pod = manifest("registry.k8s.io/kube-apiserver:v1.34.0", &args);
    let named = pod.replace("name: kube-apiserver\n", &format!("name: \"{odd}\"\n"));
    fs::write(folder.join("inputs/a.yaml"), named).expect("written");
    let encryption = format!("kind: \"{odd}\"\n\"{odd}\": \"{odd}\"\n");
    fs::write(folder.join("root/k/e"), encryption).expect("written");
    let etcd = format!(
        "[Service]\nExecStart=/usr/bin/etcd --listen-client-urls=https://{0} {0}\nNonsense{0}\n",
        characters.iter().filter(|c| !matches!(c, '\u{b}'..='\r')).collect::<String>()
    );
    fs::write(folder.join("inputs/etcd.service"), etcd).expect("written");
    // A file system takes a name of 255 bytes; two ranges are enough for a name.
    let name: String = characters.iter().filter(|c| u32::from(**c) > 0x2000).take(40).collect();
    fs::write(folder.join(format!("inputs/{name}.yaml")), pod).expect("written");
    fs::write(folder.join(format!("inputs/broken{name}.yaml")), "kind: Pod # kube-apiserver\n[")
        .expect("written");
}

/// Reports that somebody has written for plimsoll to read again.
fn write_reports(folder: &Path, characters: &[char]) {
    let report = fs::read_to_string(folder.join("kept/a.json")).expect("a report");
    let odd = escaped(characters);
    let own: String = characters.iter().filter(|c| !c.is_control()).collect();
    for (name, odd) in [("escaped", odd), ("raw", own)] {
        let crafted = report
            .replace("Requests", &format!("Requests{odd}"))
            .replace("not set", &format!("not set{odd}"))
            .replace("kube-apiserver@", &format!("kube-apiserver{odd}@"))
            .replace("\"section\":\"", &format!("\"section\":\"{odd}"))
            .replace("CIS Kubernetes", &format!("CIS{odd} Kubernetes"));
        assert!(crafted.len() > report.len());
        fs::write(folder.join(format!("kept/{name}.json")), crafted).expect("written");
    }
}

#[test]
#[allow(clippy::print_stdout, reason = "the size of the table is part of the result")]
fn no_character_that_hides_or_turns_text_is_printed_by_anything() {
    let folder = tempfile::tempdir().expect("a folder");
    let characters = characters();
    write_inputs(folder.path(), &characters);
    let mut printed = printed(folder.path());
    write_reports(folder.path(), &characters);
    printed.crafted_reports(&["kept/escaped.json", "kept/raw.json"]);
    assert_none(&printed, &characters);
    let shown = |c: &str| printed.outputs.iter().filter(|it| it.text.contains(c)).count();
    assert!(shown("u{202e}") > 20 && shown("u{ad}") > 20 && shown("u{e0fff}") > 20);
    println!("{} characters × {} outputs", characters.len(), printed.outputs.len());
}
