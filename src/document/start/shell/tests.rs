use super::{distinct, starts};
use crate::command_line::{Arg, Certainty};
use crate::document::environment::changed;
use crate::document::start::program::Container;
use crate::document::variables::Variables;

/// The first command line that a script starts; what is not known is marked.
fn started(script: &str) -> Vec<String> {
    all_started(script, None).into_iter().next().unwrap_or_else(|| vec!["nothing".to_owned()])
}

/// The arguments of all command lines that a script starts.
fn all_started(script: &str, container: Option<&Container<'_>>) -> Vec<Vec<String>> {
    let shown = |arg: Arg| match arg.certainty {
        Certainty::Known => arg.text,
        _ => format!("?{}", arg.text),
    };
    let starts = distinct(&Arg::given(0, script.to_owned()), container);
    starts.into_iter().map(|start| start.args.into_iter().map(shown).collect()).collect()
}

/// The same, in one text, in a container that sets P, Q and ADDRESS.
fn in_container(script: &str) -> String {
    let text = "env: [{name: P, value: 'false'}, {name: Q, value: 'a b'}, {name: IP, valueFrom: \
                {fieldRef: {fieldPath: status.podIP}}}]";
    let document = crate::yaml::parse(text).remove(0).expect("YAML");
    let variables = Variables::of(&document.root);
    let container =
        Container { image: "", variables: &variables, source: &|_| None, changes: None, depth: 0 };
    let all = all_started(script, Some(&container));
    all.iter().map(|args| args.join(" ")).collect::<Vec<_>>().join(" | ")
}

#[test]
fn words_are_split_as_a_shell_splits_them() {
    let cases: &[(&str, &[&str])] = &[
        ("exec kube-apiserver --a=b 1>>/var/log/x 2>&1", &["--a=b"]),
        ("kube-apiserver --a=\"b c\" '--d=$e' --f\\ g", &["--a=b c", "--d=$e", "--f g"]),
        ("kube-apiserver \\\n    --a \\\n    --b\n", &["--a", "--b"]),
        ("mkfifo /p; tee < /p & kube-apiserver --a > /p", &["--a"]),
        ("kube-apiserver --a # --b\n--c", &["--a"]),
        ("X=1 /usr/bin/kube-apiserver --a=$X \"--b=${Y:-z}\"", &["?--a=$X", "?", "?--b=${Y:-z}"]),
        ("kube-apiserver $(cat /etc/args) `x`", &["?$(cat /etc/args)", "?`x`"]),
        ("if true; then kube-apiserver --a; fi", &["--a"]),
        ("kube-apiserver --a &>/dev/null", &["--a"]),
        ("kube-apiserver --a='x'\"y\"z", &["--a=xyz"]),
        ("echo kube-apiserver --a", &["nothing"]),
        ("# kube-apiserver --a", &["nothing"]),
        ("hyperkube apiserver --a", &["--a"]),
    ];
    for (script, expected) in cases {
        assert_eq!(started(script), *expected, "{script}");
    }
}

#[test]
fn unfinished_scripts_end() {
    for script in ["kube-apiserver '", "kube-apiserver \"a", "kube-apiserver $(", "a\\", "${"] {
        let _ = started(script);
    }
}

#[test]
fn every_command_that_starts_a_server_is_one() {
    let cases: &[(&str, &[&str])] = &[
        (
            "if [ -f /h ]; then\n exec kube-apiserver --a\nfi\nexec kube-apiserver --b",
            &["--a", "--b"],
        ),
        ("kube-apiserver --a || kube-apiserver --b && kube-apiserver --a", &["--a", "--b"]),
        (
            "case $1 in kube-apiserver|etcd) kube-apiserver --a;; (etcd) kube-apiserver --b;; esac",
            &["--a", "--b"],
        ),
        ("kube-apiserver --version\nkube-apiserver -h; exec kube-apiserver --a", &["--a"]),
        ("kube-apiserver --version=false --a", &["--version=false --a"]),
        ("kube-apiserver --version", &[]),
        (
            "kube-apiserver --cert-dir -h --a; kube-apiserver --a -- --version",
            &["--cert-dir -h --a", "--a -- --version"],
        ),
        ("timeout 9 kube-apiserver --a || eval \"kube-apiserver --b\"", &["--a", "--b"]),
        ("kube-apiserver {--profiling=true,--v=1} --a", &["?{--profiling=true,--v=1} --a"]),
        ("kube-apiserver '{--a,--b}' --c={x}", &["{--a,--b} --c={x}"]),
        ("kube-apiserv${x} --profiling=true", &["?"]),
        ("$BIN --etcd-servers=https://e --service-account-issuer=x", &["?"]),
        ("sh <<EOF\nkube-apiserver --profiling=true\nEOF", &["?"]),
        ("echo kube-apiserver --profiling=true | sh", &["?"]),
        ("bash -c \"$APP/launch/kube-apiserver\"", &["?"]),
        ("kube-apiserver --help >/dev/null", &[]),
        ("command -v kube-apiserver && exec -a x kube-apiserver --a", &["--a"]),
        ("exec sh -c 'exec kube-apiserver --a'", &["--a"]),
        ("exec -c nohup kube-apiserver --a", &["--a"]),
        ("case a in b) ;; esac; (kube-apiserver --a)", &["--a"]),
    ];
    for (script, expected) in cases {
        let all: Vec<String> =
            all_started(script, None).iter().map(|args| args.join(" ")).collect();
        assert_eq!(all, *expected, "{script}");
    }
}

#[test]
fn the_text_of_a_here_document_is_no_command() {
    for (opening, body) in [
        ("cat >/e <<EOF", "kube-apiserver --x\nEOF"),
        ("cat >/e << 'E F' # more", "kube-apiserver --x\nE F"),
        ("cat <<-EOF | tee /e", "\tkube-apiserver --x\n\tEOF"),
        ("cat <<A <<B", "kube-apiserver --x\nA\nkube-apiserver --y\nB"),
    ] {
        let script = format!("{opening}\n{body}\nkube-apiserver --a");
        assert_eq!(started(&script), ["--a"], "{script}");
    }
    assert_eq!(started("kube-apiserver --a <<< EOF\n"), ["--a"]);
    assert_eq!(started("cat <<EOF\nkube-apiserver --a"), ["nothing"]);
    assert_eq!(started("((x = 1 << 2))\nkube-apiserver --a"), ["--a"]);
    assert_eq!(started("((kube-apiserver --a); (x))"), ["--a"]);
}

#[test]
fn a_function_or_an_alias_goes_before_a_program() {
    let function = "kube-apiserver() { command kube-apiserver \"$@\" --t; }\nkube-apiserver --a";
    assert_eq!(all_started(function, None), [["?$@", "--t"]]);
    let other = "function run { kube-apiserver --a \"$@\"; }\nrun --b";
    assert_eq!(all_started(other, None), [["--a", "?$@", "?"]]);
    assert!(all_started("alias kube-apiserver=x\nkube-apiserver --a", None).is_empty());
    assert_eq!(started("args=(kube-apiserver --x)\nkube-apiserver --a"), ["--a"]);
}

#[test]
fn a_variable_holds_what_the_script_has_set() {
    let cases = [
        ("kube-apiserver --p=$P", "--p=false"),
        ("P=true; exec kube-apiserver --p=$P", "--p=true"),
        ("export P=true\nexec kube-apiserver --p=${P}", "--p=true"),
        ("P=true && exec kube-apiserver --p=\"$P\"", "--p=true"),
        ("P=true; P=$P$P; kube-apiserver --p=$P", "--p=truetrue"),
        ("kube-apiserver --p=$P & P=true; kube-apiserver --p=$P", "--p=false | --p=true"),
        ("if x; then y; fi; P=true; kube-apiserver --p=$P", "--p=true"),
        ("export P; set -e; kube-apiserver --p=$P", "--p=false"),
        ("kube-apiserver --p=\"$Q\"", "--p=a b"),
        ("X=; kube-apiserver $X --p", "--p"),
        ("X=; kube-apiserver \"$X\" --p", " --p"),
    ];
    for (script, expected) in cases {
        assert_eq!(in_container(script), expected, "{script}");
    }
}

#[test]
fn a_variable_that_may_have_changed_is_not_known() {
    for change in [
        "for P in true; do :; done",
        "read P </p",
        "read -r X P",
        ". /etc/env.sh",
        "source /e",
        "eval \"$(x)\"",
        "unset P",
        "P=$(cat /p)",
        "P=`cat /p`",
        "export $(cat /e)",
        "[ -f /x ] && P=true",
        "[ -f /x ] &&\nP=true",
        "if x; then P=true; fi",
        "while x; do P=true; done",
        "case x in y) P=true;; esac",
        "f() { P=true; }; f",
        "function f { P=true; }; f",
        "(P=true)",
        "P=true | x",
        "P+=x",
        "P=(a b)",
        "A=1 P=$A",
        "P=true :",
        "declare -u P=x",
        "printf -v P x",
        "getopts p P",
        "mapfile P </p",
        ": ${P:=true}",
        ": $((P = 1))",
        "((P = 1 << 2))",
        "command . /e",
        "IFS=a",
    ] {
        let script = format!("{change}\nkube-apiserver --p=\"$P\"");
        assert_eq!(in_container(&script), "?--p=$P", "{script}");
    }
    // A loop comes back to what was set behind, and a function runs after it.
    let later = "f() { kube-apiserver --p=\"$P\"; }; P=true; f";
    assert_eq!(in_container(later), "?--p=$P");
    let inner = "P=true; sh -c 'kube-apiserver --p=\"$P\"'";
    assert_eq!(in_container(inner), "?--p=$P");
}

#[test]
fn what_may_be_several_words_hides_more_arguments() {
    let cases = [
        ("kube-apiserver --v=$X --p", "?--v=$X ? --p"),
        ("kube-apiserver --v $X --p", "--v ?$X ? --p"),
        ("kube-apiserver --v=$Q", "?--v=$Q ?"),
        ("kube-apiserver --v=$(x)", "?--v=$(x) ?"),
        ("kube-apiserver --v=`x`", "?--v=`x` ?"),
        ("kube-apiserver --v=\"$X\" --w=\"`x`\"", "?--v=$X ?--w=`x`"),
        ("kube-apiserver --v=$IP $X", "?--v=$IP ?$X"),
        ("kube-apiserver --v=$?", "?--v=$?"),
        ("kube-apiserver $'--p' $\"--q\"", "?$'--p' ?$--q"),
    ];
    for (script, expected) in cases {
        assert_eq!(in_container(script), expected, "{script}");
    }
}

#[test]
fn variables_that_double_fill_no_memory() {
    let mut script = String::from("A=0123456789\n");
    for _ in 0..60 {
        script.push_str("A=$A$A\n");
    }
    assert_eq!(started(&format!("{script}etcd --a=\"$A\"")), ["?--a=$A"]);
}

#[test]
fn variables_that_a_server_reads_for_itself_are_not_known_once_a_script_sets_them() {
    let reset = |script: &str| -> Vec<String> {
        let starts = starts(&Arg::given(0, script.to_owned()), None);
        let changes: Vec<_> = starts.into_iter().flat_map(|start| start.changes).collect();
        changed(Vec::new(), &changes).into_iter().map(|variable| variable.name).collect()
    };
    assert_eq!(reset("export ETCD_NAME=a X=b; exec etcd"), ["ETCD_NAME"]);
    assert_eq!(reset("ETCD_NAME=a GODEBUG=x=1 etcd"), ["ETCD_NAME", "GODEBUG"]);
    assert_eq!(reset(". /e; etcd"), [""]);
    assert!(reset("X=1; etcd").is_empty());
}

#[test]
fn quotes_and_here_documents_hide_what_closes_a_substitution() {
    for before in [
        "V=$(sed 's/(//' /x)",
        "V=$(grep -o \"(.*\" /x)",
        "A=$(echo \")\")",
        "A=$(echo \\))",
        "A=${X:-'}'}",
        "A=\"${X:-\"}\"}\"",
        "A=\"${X:-'}\"",
        "A=\"${X#'}'}\"",
        "A=${X:-$(echo '}')}",
        "A=${X:-`echo }`}",
        "A=${X:-\\}}",
        "C=$(cat <<EOF\nan (unbalanced\nEOF\n)",
        "C=$(cat <<EOF\n1) it's\nEOF\n)",
        "D=$(date # it's :)\n)",
        "V=$(case $X in a) echo 1;; (b) echo 2;; *) echo 3;; esac)",
        "V=$(if x; then case y in y) z; esac; fi)",
        "V=\"$(echo \"$(echo ')')\")\"",
        "V=$((1 + (2)))",
        "V=$((echo ')'); (echo))",
        "V=`echo \\`date\\``",
        "V=$(x; (y; z))",
        "V=${X#a'}",
    ] {
        let script = format!("{before}\nexec kube-apiserver --a");
        assert_eq!(all_started(&script, None), [["--a"]], "{script}");
    }
}

#[test]
fn brackets_that_nothing_closes_are_read_in_time() {
    for piece in ["$(", "${", "$((", "$( ( x) ", "`", "((", "\"$(", "${a:-$(", "$(case x in "] {
        let _ = started(&piece.repeat(20_000));
    }
}

#[test]
fn a_list_within_quotes_is_any_number_of_words() {
    let cases = [
        ("kube-apiserver --v=\"$@\" --p", "?--v=$@ ? --p"),
        ("kube-apiserver --v=\"${@}\"", "?--v=${@} ?"),
        ("kube-apiserver --v \"${@:2}\"", "--v ?${@:2} ?"),
        ("kube-apiserver --v=\"${A[@]}\"", "?--v=${A[@]} ?"),
        ("kube-apiserver --v=\"${!A@}\"", "?--v=${!A@} ?"),
        ("kube-apiserver --v=\"${X:-$@}\"", "?--v=${X:-$@} ?"),
        ("kube-apiserver --v=\"$*\" --w=\"${A[*]}\"", "?--v=$* ?--w=${A[*]}"),
        ("kube-apiserver --v=\"${#A[@]}\"", "?--v=${#A[@]}"),
    ];
    for (script, expected) in cases {
        assert_eq!(in_container(script), expected, "{script}");
    }
}

/// What a script starts that the kubelet has filled variables into, in a container of this environment.
fn filled(environment: &str, script: &str) -> String {
    let document = crate::yaml::parse(environment).remove(0).expect("YAML");
    let variables = Variables::of(&document.root);
    let container =
        Container { image: "", variables: &variables, source: &|_| None, changes: None, depth: 0 };
    let expanded = variables.expand(script);
    let certainty = match (expanded.unresolved, script.contains("{{")) {
        (None, false) => Certainty::Known,
        _ => Certainty::Unresolved("filled in".to_owned()),
    };
    let script = Arg { certainty, ..Arg::given(0, expanded.text) };
    let shown = |arg: &Arg| match arg.certainty {
        Certainty::Known => arg.text.clone(),
        _ => format!("?{}", arg.text),
    };
    let starts = distinct(&script, Some(&container));
    let lines = starts.iter().map(|start| start.args.iter().map(shown).collect::<Vec<_>>());
    lines.map(|args| args.join(" ")).collect::<Vec<_>>().join(" | ")
}

#[test]
fn what_the_kubelet_fills_in_unseen_makes_no_script_vanish() {
    let env = "env: [{name: P, value: 'false'}, {name: IP, valueFrom: {fieldRef: {fieldPath: \
               status.hostIP}}}, {name: KEY, valueFrom: {configMapKeyRef: {name: a, key: b}}}]";
    for (script, expected) in [
        ("exec kube-apiserver --a=$(IP) --b=$P", "?--a=$(IP) --b=false"),
        (
            "exec kube-apiserver --a=https://$(IP):2379 --b=$(P)",
            "?--a=https://$(IP):2379 --b=false",
        ),
        ("exec kube-apiserver --a=$(KEY) --b", "?--a=$(KEY) ? --b"),
        ("exec kube-apiserver --a=\"$(KEY)\" --b", "?--a=$(KEY) --b"),
        ("exec kube-apiserver '--a=$(KEY)' '--b=$x'", "?--a=$(KEY) --b=$x"),
        ("exec kube-apiserver --a=\\$(IP) --b", "?--a=$(IP) --b"),
        ("exec kube-apiserver --a=$(KEY) $(x)", "?--a=$(KEY) ? ?$(x)"),
        ("A=$(IP); exec kube-apiserver --a=$A --b", "?--a=$A ? --b"),
        ("$(KEY) kube-apiserver --a", "--a ?"),
        ("$(KEY); kube-apiserver --b=$P", "?--b=$P ?"),
        ("sh -c 'kube-apiserver --a=$(IP) --b=$P'", "?--a=$(IP) ?--b=$P ?"),
        ("kube-apiserver --a={{ .x }} {{ .y }} --b", "?--a={{ .x }} ? ?{{ .y }} --b"),
    ] {
        assert_eq!(filled(env, script), expected, "{script}");
    }
    let from = "envFrom: [{configMapRef: {name: x}}]";
    assert_eq!(filled(from, "kube-apiserver $(FLAGS) --a=$(cat /x)"), "?$(FLAGS) ?--a=$(cat /x) ?");
}

#[test]
fn a_script_that_another_shell_has_filled_in_is_read() {
    for (script, expected) in [
        ("sh -c \"kube-apiserver --a=$X --b\"", "?--a=$X ? --b"),
        ("sh -c \"kube-apiserver '--a=$X' --b\"", "?--a=$X --b"),
        ("sh -c \"kube-apiserver --b=$P\"", "--b=false"),
        ("sh -c \"X=1; kube-apiserver --a=$X\"", "?--a=$X ?"),
    ] {
        assert_eq!(in_container(script), expected, "{script}");
    }
    let why = Certainty::Refused("no".to_owned());
    let script = Arg { certainty: why.clone(), ..Arg::given(0, "etcd --a".to_owned()) };
    let found = starts(&script, None);
    assert_eq!(found[0].args.last().map(|arg| &arg.certainty), Some(&why));
}
