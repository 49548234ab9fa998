//! Templates: texts that become configuration once a program has filled them in.
//!
//! What a template starts decides nothing before it is rendered: a condition may leave any line out, and what
//! is filled in may hold more. Here is only told that it starts something. For that its tags are taken out,
//! and what is left is read; where that is no YAML, a program's name in the place of one is enough.

use std::sync::Arc;

use super::own_flags::names_flag_of;
use crate::component::Component;

/// How tags begin and end: Go's and Jinja's, Jinja's and Liquid's, ERB's, Terraform's.
const TAGS: [(&str, &str); 4] = [("{{", "}}"), ("{%", "%}"), ("<%", "%>"), ("%{", "}")];

/// What stands for a value that is filled in.
const FILLED: &str = "x";

/// What stands for a tag for the time being: no text that a server reads has this character.
const MARK: char = '\u{1}';

/// Words of which one is in each configuration from which kubeadm makes a control plane.
const KUBEADM: [&str; 3] = ["kubeadm.k8s.io/", "KubeadmControlPlane", "kind: ClusterConfiguration"];

/// Whether a text has tags of a template.
pub fn is_template(text: &str) -> bool {
    TAGS.iter()
        .any(|(open, close)| text.split_once(open).is_some_and(|(_, rest)| rest.contains(close)))
}

/// The components that a template starts, as far as can be told before it is rendered.
pub fn started_by_template(text: &str, path: &Arc<str>) -> Vec<Component> {
    let bare = without_tags(text);
    let contents = super::read(&bare, path);
    let starts = |component: &Component| {
        contents.found.iter().any(|found| found.line.component == *component)
            || (!contents.errors.is_empty() && seems_to_start(&bare, *component))
    };
    Component::ALL.into_iter().filter(starts).collect()
}

/// Whether a text has a program's name where a program stands: as an item of a list, first in a list of words,
/// or at the end of an image's or a program's path; or flags or variables that only the component has.
fn seems_to_start(text: &str, component: Component) -> bool {
    let is_end = |c: char| c.is_whitespace() || "\"'[](){},;=:@".contains(c);
    // What begins with two slashes is the rest of a URL.
    let is_path =
        |word: &str| word.contains('/') && !word.starts_with("//") && is_program_path(word);
    let names = |word: &str| word.rsplit('/').next() == Some(component.name()) && is_path(word);
    let begins = |line: &str| {
        let item =
            line.trim_start().strip_prefix("- ").map(|item| item.trim_matches(['"', '\'', ' ']));
        let words = line.split_once("command: [").map(|(_, words)| words);
        let first = words.and_then(|words| words.split(',').next());
        let first = first.map(|word| word.trim_matches(['"', '\'', ' ', ']']));
        item == Some(component.name()) || first == Some(component.name())
    };
    let variable = |line: &str| component == Component::Etcd && line.starts_with("ETCD_");
    let uncommented = |line: &&str| !line.trim_start().starts_with('#');
    let lines = || text.lines().filter(uncommented);
    let by_kubeadm = component == Component::KubeApiserver
        && lines().any(|line| KUBEADM.iter().any(|word| line.contains(word)));
    let by_line = |line: &str| begins(line) || variable(line) || line.split(is_end).any(names);
    by_kubeadm || names_flag_of(component, text) || lines().any(by_line)
}

/// Whether a path may be that of a program: below these folders, files and folders have the names of
/// components.
fn is_program_path(path: &str) -> bool {
    const OTHERS: [&str; 6] = ["/etc/", "/var/", "/run/", "/proc/", "/sys/", "/dev/"];
    path.contains("/bin/")
        || path.contains("/sbin/")
        || !OTHERS.iter().any(|it| path.starts_with(it))
}

/// The text without tags. A line of tags alone goes as a whole, any other tag leaves a value behind.
fn without_tags(text: &str) -> String {
    let mut marked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, tag, after)) = next_tag(rest) {
        marked.push_str(before);
        marked.push(MARK);
        marked.extend(std::iter::repeat_n('\n', tag.matches('\n').count()));
        rest = after;
    }
    marked.push_str(rest);
    let mut bare = String::with_capacity(marked.len());
    for line in marked.split_inclusive('\n') {
        if !line.contains(MARK) {
            bare.push_str(line);
        } else if line.trim_matches(|c: char| c.is_whitespace() || c == MARK).is_empty() {
            bare.extend(line.ends_with('\n').then_some('\n'));
        } else {
            bare.push_str(&line.replace(MARK, FILLED));
        }
    }
    bare
}

/// The first tag, and what stands before and behind it.
fn next_tag(text: &str) -> Option<(&str, &str, &str)> {
    let opened = |at: usize| {
        let tag = text.get(at..)?;
        TAGS.iter().find(|(open, _)| tag.starts_with(open)).map(|(open, close)| (at, open, close))
    };
    let (at, open, close) =
        memchr::memchr3_iter(b'{', b'<', b'%', text.as_bytes()).find_map(opened)?;
    let (before, tag) = (text.get(..at)?, text.get(at..)?);
    let end = tag.get(open.len()..)?.find(close)? + open.len() + close.len();
    Some((before, tag.get(..end)?, tag.get(end..)?))
}

#[cfg(test)]
mod tests {
    use super::{is_template, started_by_template, without_tags};
    use crate::component::Component;

    #[test]
    fn tags_are_taken_out_and_lines_keep_their_numbers() {
        for (text, bare) in [
            ("a: {{ .x }}\nb: 1\n", "a: x\nb: 1\n"),
            ("  {{- if .x }}\nb: 1\n  {{- end }}\n", "\nb: 1\n\n"),
            ("{% if a %}{% endif %}\nb: <%= c %>-d\n", "\nb: x-d\n"),
            ("{{/* a\nb */}}\nc: 1\n", "\n\nc: 1\n"),
            ("a: {{ open\n", "a: {{ open\n"),
        ] {
            assert_eq!(without_tags(text), bare, "{text}");
        }
    }

    #[test]
    fn a_template_starts_what_it_would_start_or_seems_to() {
        let pod = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: a\n    image: x\n";
        let helm = format!("{pod}    command:\n    - {{{{ .program }}}}\n");
        for (text, started) in [
            (
                format!("{pod}    command: [kube-apiserver]\n    {{{{- x }}}}\n"),
                &[Component::KubeApiserver][..],
            ),
            (helm.clone(), &[]),
            (format!("{helm}# kube-apiserver\n"), &[]),
            // What is left is no YAML.
            (format!("{pod}    command:\n  {{{{ if }}}}\n\t- /usr/bin/etcd\n"), &[Component::Etcd]),
            (format!("{pod}  {{{{ if }}}}\n\t- /var/lib/kubelet\n"), &[]),
            ("kind: ClusterConfiguration\n{% x %}\n\tb\n".to_owned(), &[Component::KubeApiserver]),
        ] {
            assert!(is_template(&text), "{text}");
            assert_eq!(started_by_template(&text, &"f".into()), started, "{text}");
        }
        assert!(!is_template("a: {{ b") && !is_template("a: }} {{"));
    }
}
