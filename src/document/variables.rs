//! `$(NAME)` in a container's command and args, as the kubelet fills it in.
//!
//! Source: kubernetes `third_party/forked/golang/expansion`: `$$` is a dollar sign, a name that the
//! container does not define stays as it is written.

use std::cell::Cell;
use std::collections::{HashMap, HashSet};

use super::environment::Change;
use crate::command_line::{Certainty, LENGTH_LIMIT};
use crate::yaml::{Node, ScalarKind};

/// The variables that a container defines.
#[derive(Clone, Debug, Default)]
pub(super) struct Variables {
    /// By name; the last of a name counts.
    known: HashMap<String, Option<String>>,
    /// Those that the cluster fills in with a text without blanks: an address, a name, a number.
    one_word: HashSet<String>,
    /// Those whose value is no string, and what it is: the pod is refused.
    refused: HashMap<String, String>,
    /// `envFrom` may define any name.
    open: bool,
    /// How many bytes were filled in. A variable can hold another twice, and so on: forty lines would
    /// fill the memory of any machine.
    filled_in: Cell<usize>,
}

/// A text after its variables were filled in.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Expanded {
    pub(super) text: String,
    /// The first variable whose value cannot be seen here.
    pub(super) unresolved: Option<String>,
    /// Whether what was to be filled in is more than a command line may hold.
    pub(super) too_long: bool,
    /// Why the pod is refused for a variable that was to be filled in.
    pub(super) refused: Option<String>,
}

impl Variables {
    /// The variables of a container, each seeing those before it.
    pub(super) fn of(container: &Node) -> Self {
        let mut variables = Self {
            open: container.get("envFrom").and_then(Node::items).is_some_and(|i| !i.is_empty()),
            ..Self::default()
        };
        for entry in container.get("env").and_then(Node::items).unwrap_or_default() {
            let Some(name) = entry.get("name").and_then(Node::as_str) else {
                continue;
            };
            let (written, from) = (entry.get("value"), value_from(entry));
            // Any name may stand twice, and the last counts.
            variables.one_word.remove(name);
            variables.refused.remove(name);
            let value = match (written.map(text), from) {
                (_, Some(from)) => {
                    if is_one_word(from) {
                        variables.one_word.insert(name.to_owned());
                    }
                    None
                }
                (Some(Ok(text)), None) => {
                    let expanded = variables.expand(text);
                    let known = expanded.unresolved.is_none() && !expanded.too_long;
                    known.then_some(expanded.text)
                }
                (Some(Err(what)), None) => {
                    let why = format!("the value of {name} {}", not_a_string(what));
                    variables.refused.insert(name.to_owned(), why);
                    None
                }
                (None, None) => Some(String::new()),
            };
            variables.known.insert(name.to_owned(), value);
        }
        variables
    }

    /// Those that a program sees which is started behind these changes.
    pub(super) fn changed(&self, changes: &[Change]) -> Self {
        let mut variables = self.clone();
        for change in changes {
            match change {
                Change::Clear => variables = Self::default(),
                Change::Unset(name) => {
                    variables.known.remove(name);
                    variables.one_word.remove(name);
                }
                Change::Set(variable) => {
                    let known = variable.value.certainty == Certainty::Known;
                    let value = known.then(|| variable.value.text.clone());
                    variables.one_word.remove(&variable.name);
                    variables.known.insert(variable.name.clone(), value);
                }
                Change::Any(_) => {
                    variables.one_word.clear();
                    variables.known.values_mut().for_each(|value| *value = None);
                }
            }
        }
        variables
    }

    /// The value of a variable as a shell in the container would see it.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.known.get(name)?.as_deref().filter(|value| self.may_fill_in(value))
    }

    /// Whether a variable that is not known is at any rate a text without blanks.
    pub(super) fn is_one_word(&self, name: &str) -> bool {
        self.one_word.contains(name)
    }

    /// Whether there are any whose value cannot be seen here.
    pub(super) fn may_fill_in_unknown(&self) -> bool {
        self.open || self.known.values().any(Option::is_none)
    }

    /// Of a variable whose value cannot be seen here: whether it is a text without blanks.
    pub(super) fn fills_in_unknown(&self, name: &str) -> Option<bool> {
        match self.known.get(name) {
            Some(None) => Some(self.is_one_word(name)),
            None if self.open => Some(false),
            _ => None,
        }
    }

    /// Takes note of a value that is filled in. False if it is one too many.
    fn may_fill_in(&self, value: &str) -> bool {
        self.filled_in.set(self.filled_in.get().saturating_add(value.len()));
        self.filled_in.get() <= LENGTH_LIMIT
    }

    /// Fills in `$(NAME)`.
    pub(super) fn expand(&self, text: &str) -> Expanded {
        let text_of_it = String::with_capacity(text.len());
        let mut out =
            Expanded { text: text_of_it, unresolved: None, too_long: false, refused: None };
        let mut rest = text;
        while let Some((before, tail)) = rest.split_once('$') {
            out.text.push_str(before);
            if let Some(escaped) = tail.strip_prefix('$') {
                out.text.push('$');
                rest = escaped;
            } else if let Some((name, after)) =
                tail.strip_prefix('(').and_then(|inner| inner.split_once(')'))
            {
                self.fill(name, &mut out);
                rest = after;
            } else {
                out.text.push('$');
                rest = tail;
            }
        }
        out.text.push_str(rest);
        out
    }

    fn fill(&self, name: &str, out: &mut Expanded) {
        match self.known.get(name) {
            Some(Some(value)) if self.may_fill_in(value) => out.text.push_str(value),
            // What is not known of a full container may be what filled it.
            Some(_) if self.filled_in.get() > LENGTH_LIMIT => out.too_long = true,
            None if !self.open => {
                out.text.push_str("$(");
                out.text.push_str(name);
                out.text.push(')');
            }
            Some(_) | None => {
                out.text.push_str("$(");
                out.text.push_str(name);
                out.text.push(')');
                out.unresolved.get_or_insert_with(|| name.to_owned());
                out.refused = out.refused.take().or_else(|| self.refused.get(name).cloned());
            }
        }
    }
}

/// The text of a string of the API, or what stands there instead. Go reads `null` as an empty one.
pub(super) fn text<'n>(node: &'n Node<'_>) -> Result<&'n str, &'static str> {
    let Some(scalar) = node.scalar() else { return Err("a list or a mapping") };
    match scalar.kind() {
        ScalarKind::String => Ok(&scalar.text),
        ScalarKind::Null => Ok(""),
        kind @ (ScalarKind::Bool | ScalarKind::Number) => Err(kind.described()),
    }
}

/// Where a variable's value comes from, if not from `value`.
pub(super) fn value_from<'n>(entry: &'n Node<'n>) -> Option<&'n Node<'n>> {
    entry.get("valueFrom").filter(|from| !is_null(from))
}

/// Go reads `null` as if the field were not there.
pub(super) fn is_null(node: &Node) -> bool {
    node.scalar().is_some_and(|scalar| scalar.kind() == ScalarKind::Null)
}

/// What is wrong with something that is no string.
pub(super) fn not_a_string(what: &str) -> String {
    format!("is {what}, not a string: the kubelet refuses the pod; put it in quotes")
}

/// Whether the cluster fills in a text without blanks: what a field of the pod holds, but for the
/// annotations, and the resources of a container.
fn is_one_word(from: &Node) -> bool {
    let field = from.at(&["fieldRef", "fieldPath"]).and_then(Node::as_str);
    from.get("resourceFieldRef").is_some()
        || field.is_some_and(|field| !field.starts_with("metadata.annotations"))
}

#[cfg(test)]
mod tests {
    use super::Variables;
    use crate::yaml::parse;

    #[test]
    fn variables_are_filled_in_as_the_kubelet_does() {
        let text = "env:\n- {name: A, value: x}\n- {name: B, value: $(A)y}\n\
                    - {name: IP, valueFrom: {fieldRef: {fieldPath: status.hostIP}}}\n";
        let document = parse(text).remove(0).expect("YAML");
        let variables = Variables::of(&document.root);
        let cases = [
            ("--a=$(A)", "--a=x", None),
            ("$(B)", "xy", None),
            ("$$(A) $x $", "$(A) $x $", None),
            ("$(NONE)", "$(NONE)", None),
            ("$(A", "$(A", None),
            ("--ip=$(IP)", "--ip=$(IP)", Some("IP")),
        ];
        for (text, expected, unresolved) in cases {
            let expanded = variables.expand(text);
            assert_eq!(
                (expanded.text.as_str(), expanded.unresolved.as_deref()),
                (expected, unresolved)
            );
        }
    }

    #[test]
    fn a_value_that_is_no_string_is_refused_and_null_is_an_empty_one() {
        let text = "env:\n- {name: A, value: false}\n- {name: B, value: $(A)}\n- {name: C, value: null}\n\
                    - {name: D, value: 1}\n- {name: D, value: x}\n- {name: E, value: [x]}\n\
                    - {name: F, value: x, valueFrom: null}\n";
        let document = parse(text).remove(0).expect("YAML");
        let variables = Variables::of(&document.root);
        let refused = |text: &str| variables.expand(text).refused.is_some();
        assert!(refused("--a=$(A)") && refused("$(E)"));
        assert!(!refused("$(B)") && !refused("$(C)") && !refused("$(D)"));
        assert_eq!(variables.expand("$(C)$(D)").text, "x");
        assert_eq!(variables.get("A"), None);
        assert_eq!(variables.get("F"), Some("x"));
    }

    #[test]
    fn what_the_cluster_fills_in_may_be_known_to_have_no_blanks() {
        let text = "env:\n\
                    - {name: IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}\n\
                    - {name: NOTE, valueFrom: {fieldRef: {fieldPath: \"metadata.annotations['a']\"}}}\n\
                    - {name: CPU, valueFrom: {resourceFieldRef: {resource: limits.cpu}}}\n\
                    - {name: KEY, valueFrom: {secretKeyRef: {name: a, key: b}}}\n";
        let document = parse(text).remove(0).expect("YAML");
        let variables = Variables::of(&document.root);
        let known = ["IP", "NOTE", "CPU", "KEY", "NONE"].map(|name| variables.is_one_word(name));
        assert_eq!(known, [true, false, true, false, false]);
    }

    #[test]
    fn variables_that_double_forty_times_are_too_long_and_fill_no_memory() {
        use std::fmt::Write as _;
        let mut text = String::from("env:\n- {name: A0, value: '0123456789'}\n");
        for at in 0..40 {
            let _ = writeln!(text, "- {{name: A{}, value: $(A{at})$(A{at})}}", at + 1);
        }
        let document = parse(&text).remove(0).expect("YAML");
        let variables = Variables::of(&document.root);
        let expanded = variables.expand("$(A5)");
        assert!(expanded.too_long && expanded.text.is_empty(), "{expanded:?}");
        assert_eq!(variables.get("A0"), None);
    }
}
