//! `docker run` and its like, as units and scripts use it: the server's arguments stand behind the
//! image.

use crate::command_line::{Arg, Certainty, Mount, MountSource, Variable};

/// What a container is made of.
#[derive(Clone, Debug, Default)]
pub(in crate::document) struct Run {
    pub(in crate::document) image: String,
    /// Its name, and where its image is written.
    pub(in crate::document) name: Option<String>,
    pub(in crate::document) place: Option<Arg>,
    /// Whether the program is given, which the image chooses otherwise.
    pub(in crate::document) has_entrypoint: bool,
    /// The program and its arguments.
    pub(in crate::document) argv: Vec<Arg>,
    pub(in crate::document) mounts: Vec<Mount>,
    pub(in crate::document) environment: Vec<Variable>,
}

/// Options of `run` that take no value; every other one takes the next word, or one behind `=`.
const SWITCHES: [&str; 18] = [
    "--detach",
    "--disable-content-trust",
    "--help",
    "--init",
    "--interactive",
    "--no-healthcheck",
    "--no-hosts",
    "--oom-kill-disable",
    "--privileged",
    "--publish-all",
    "--quiet",
    "--read-only",
    "--replace",
    "--rm",
    "--rmi",
    "--rootfs",
    "--sig-proxy",
    "--tty",
];

/// The container that the words start, if they do.
pub(in crate::document) fn run(argv: &[Arg]) -> Option<Run> {
    let (program, mut rest) = argv.split_first()?;
    if !["docker", "podman", "nerdctl"]
        .contains(&program.text.rsplit('/').next().unwrap_or_default())
    {
        return None;
    }
    let verb = rest.iter().position(|arg| arg.text == "run" || arg.text == "create")?;
    rest = rest.get(verb + 1..)?;
    let mut run = Run::default();
    let mut entrypoint = None;
    while let Some((first, tail)) = rest.split_first() {
        let option = first.text.as_str();
        rest = tail;
        // A variable that stands alone in front of the image gives more options.
        if first.certainty != Certainty::Known && option.starts_with('$') {
            continue;
        }
        if !option.starts_with('-') {
            option.clone_into(&mut run.image);
            run.place = Some(first.clone());
            run.has_entrypoint = entrypoint.is_some();
            run.argv = entrypoint.into_iter().chain(rest.iter().cloned()).collect();
            return Some(run);
        }
        let (name, value) = match option.split_once('=') {
            Some((name, value)) => (name, Some((value, first))),
            None if takes_nothing(option) => continue,
            // `-p80:80`
            None if !option.starts_with("--") && option.len() > 2 => {
                (option.get(..2)?, option.get(2..).map(|value| (value, first)))
            }
            None => {
                let (value, tail) = rest.split_first()?;
                rest = tail;
                (option, Some((value.text.as_str(), value)))
            }
        };
        let Some((value, at)) = value else { continue };
        match name {
            "-v" | "--volume" => run.mounts.extend(mount(value)),
            "--mount" => run.mounts.extend(long_mount(value)),
            "-e" | "--env" => run.environment.extend(variable(value, at)),
            "--name" => run.name = Some(value.to_owned()),
            "--entrypoint" => entrypoint = Some(Arg { text: value.to_owned(), ..at.clone() }),
            _ => {}
        }
    }
    None
}

/// Short options may stand together: `-it`.
fn takes_nothing(option: &str) -> bool {
    match option.strip_prefix('-').filter(|short| !short.starts_with('-')) {
        Some(short) => short.chars().all(|c| "ditPq".contains(c)),
        None => SWITCHES.contains(&option),
    }
}

/// `NAME=value` at a place; without a value it is taken from where docker runs.
pub(in crate::document) fn variable(text: &str, at: &Arg) -> Option<Variable> {
    let (name, value) = text.split_once('=').unwrap_or((text, ""));
    let certainty = match &at.certainty {
        Certainty::Known if !text.contains('=') => {
            Certainty::Unresolved(format!("{name} comes from the environment of docker"))
        }
        other => other.clone(),
    };
    let value = Arg { text: value.to_owned(), certainty, ..at.clone() };
    (!name.is_empty()).then(|| Variable { name: name.to_owned(), value })
}

/// `source:target:options`.
pub(in crate::document) fn mount(text: &str) -> Option<Mount> {
    let mut parts = text.split(':');
    let (source, path) = (parts.next()?, parts.next()?);
    Some(Mount { path: path.to_owned(), source: volume(source) })
}

/// A path of the node, or what a volume's name stands for.
pub(in crate::document) fn volume(source: &str) -> MountSource {
    if source.starts_with('/') && !source.contains('$') {
        MountSource::Host(source.to_owned())
    } else {
        MountSource::Other(format!("the volume {source}"))
    }
}

/// `type=bind,source=/a,target=/b`.
fn long_mount(text: &str) -> Option<Mount> {
    let field = |names: &[&str]| {
        let mut fields = text.split(',').filter_map(|field| field.split_once('='));
        fields.find(|(name, _)| names.contains(name)).map(|(_, value)| value)
    };
    let path = field(&["target", "destination", "dst"])?.to_owned();
    Some(Mount { path, source: volume(field(&["source", "src"])?) })
}

#[cfg(test)]
mod tests {
    use super::run;
    use crate::command_line::Arg;

    #[test]
    fn the_servers_arguments_stand_behind_the_image() {
        let cases = [
            ("docker run -d --net=host -v /a:/b:ro i:1 /hyperkube apiserver --x", 3, 1),
            ("/usr/bin/podman --log-level info run --rm -it --name x -e A=b i:1 kubelet --x", 2, 0),
            ("docker run --mount type=bind,source=/a,target=/b k8s.gcr.io/etcd:3.5 --x", 1, 1),
            ("docker run --entrypoint kube-apiserver i:1 --x", 2, 0),
        ];
        for (line, argv, mounts) in cases {
            let words: Vec<Arg> =
                line.split(' ').map(|word| Arg::given(0, word.to_owned())).collect();
            let run = run(&words).expect("a container");
            assert_eq!((run.argv.len(), run.mounts.len()), (argv, mounts), "{line}");
            assert_eq!(run.argv.last().map(|arg| arg.text.as_str()), Some("--x"), "{line}");
        }
        assert!(run(&[Arg::given(0, "docker".into()), Arg::given(1, "ps".into())]).is_none());
    }
}
