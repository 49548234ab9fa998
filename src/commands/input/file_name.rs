//! What the name of a file says that nobody named: a folder holds much that is not meant for plimsoll.
//!
//! What a file is, its text says. The name only decides how much it matters that it cannot be read.

use std::path::{Path, PathBuf};

/// Endings of files that carry manifests, units, variables or arguments.
const CARRIERS: [&str; 15] = [
    "yaml", "yml", "json", "manifest", "service", "conf", "env", "cfg", "ini", "args", "j2",
    "tmpl", "tpl", "gotmpl", "erb",
];

/// Those of manifests.
const MANIFESTS: [&str; 4] = ["yaml", "yml", "json", "manifest"];

/// Those of templates.
const TEMPLATES: [&str; 6] = ["j2", "jinja", "tmpl", "tpl", "gotmpl", "erb"];

/// Words in the names of files that carry a component.
const WORDS: [&str; 7] = ["kube", "etcd", "k3s", "rke2", "apiserver", "scheduler", "manifest"];

/// Endings of programs' sources, of pages and of prose.
const SOURCES: [&str; 44] = [
    "go", "rs", "py", "rb", "js", "mjs", "cjs", "jsx", "ts", "tsx", "java", "kt", "scala",
    "groovy", "c", "h", "cc", "cpp", "hpp", "cs", "swift", "php", "pl", "lua", "mk", "cmake",
    "proto", "sql", "css", "scss", "html", "htm", "xml", "svg", "md", "markdown", "rst", "adoc",
    "tex", "jsonnet", "rego", "tf", "tfvars", "hcl",
];

/// Names of files of build tools, and of prose, that have no ending.
const SOURCE_NAMES: [&str; 14] = [
    "Makefile",
    "GNUmakefile",
    "makefile",
    "Dockerfile",
    "Containerfile",
    "Jenkinsfile",
    "Vagrantfile",
    "Rakefile",
    "Gemfile",
    "Tiltfile",
    "Earthfile",
    "LICENSE",
    "README",
    "CHANGELOG",
];

fn ends_with_one_of(path: &Path, endings: &[&str]) -> bool {
    let ending = path.extension().map(|it| it.to_string_lossy().to_ascii_lowercase());
    ending.is_some_and(|ending| endings.contains(&&*ending))
}

/// Whether the file may be a manifest: one that cannot be read is then an error.
pub(super) fn is_manifest(path: &Path) -> bool {
    path.extension().is_none() || ends_with_one_of(path, &MANIFESTS)
}

/// Whether the file is a template by its ending.
pub(super) fn is_template(path: &Path) -> bool {
    ends_with_one_of(path, &TEMPLATES)
}

/// Whether the file is a script of a shell by its ending.
pub(super) fn is_script(path: &Path) -> bool {
    ends_with_one_of(path, &["sh", "bash"])
}

/// Whether the file may carry a component: by any of its endings, as in `a.yaml.bak`, by having none, or by a
/// word in its name.
pub(super) fn may_carry(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase());
    let name = name.unwrap_or_default();
    let mut endings = name.split('.').skip(1);
    !name.contains('.')
        || endings.any(|ending| CARRIERS.contains(&ending.trim_end_matches('~')))
        || WORDS.iter().any(|word| name.contains(word))
}

/// Whether the file is the source of a program or a page, whatever its strings hold.
pub(super) fn is_source(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let base = name.split('.').next().unwrap_or_default();
    ends_with_one_of(path, &SOURCES)
        || SOURCE_NAMES.contains(&base) && !ends_with_one_of(path, &CARRIERS)
}

/// The Helm chart whose template the file is.
pub(super) fn chart_of(path: &Path) -> Option<PathBuf> {
    let templates = path.ancestors().skip(1).filter(|folder| folder.ends_with("templates"));
    let mut charts = templates.filter_map(Path::parent);
    charts.find(|chart| chart.join("Chart.yaml").is_file()).map(Path::to_owned)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{is_source, may_carry};

    #[test]
    fn names_say_what_a_file_may_be() {
        for name in ["a.service", "x/10.conf", "b.yaml.bak", "kube-apiserver.txt", "args", "c.yml~"]
        {
            assert!(may_carry(Path::new(name)) && !is_source(Path::new(name)), "{name}");
        }
        for name in ["x_test.go", "Makefile", "Dockerfile.dev", "docs/README.md", "LICENSE"] {
            assert!(is_source(Path::new(name)), "{name}");
        }
        for name in ["notes.txt", "picture.png", "a.tar.gz", "Makefile.yaml"] {
            assert!(!is_source(Path::new(name)), "{name}");
        }
        assert!(!may_carry(Path::new("kind/notes.txt")) && !may_carry(Path::new("p.png")));
    }
}
