//! `$(NAME)` in a container's command and args, as the kubelet fills it in.
//!
//! Source: kubernetes `third_party/forked/golang/expansion`: `$$` is a dollar sign, a name that the
//! container does not define stays as it is written.

use crate::yaml::Node;

/// The variables that a container defines.
#[derive(Debug, Default)]
pub(super) struct Variables {
    known: Vec<(String, Option<String>)>,
    /// `envFrom` may define any name.
    open: bool,
}

/// A text after its variables were filled in.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Expanded {
    pub(super) text: String,
    /// The first variable whose value cannot be seen here.
    pub(super) unresolved: Option<String>,
}

impl Variables {
    /// The variables of a container, each seeing those before it.
    pub(super) fn of(container: &Node) -> Self {
        let mut variables = Self {
            known: Vec::new(),
            open: container.get("envFrom").and_then(Node::items).is_some_and(|i| !i.is_empty()),
        };
        for entry in container.get("env").and_then(Node::items).unwrap_or_default() {
            let Some(name) = entry.get("name").and_then(Node::as_str) else {
                continue;
            };
            let value = match (entry.get("value").and_then(Node::as_str), entry.get("valueFrom")) {
                (_, Some(_)) => None,
                (Some(text), None) => {
                    let expanded = variables.expand(text);
                    expanded.unresolved.is_none().then_some(expanded.text)
                }
                (None, None) => Some(String::new()),
            };
            variables.known.push((name.to_owned(), value));
        }
        variables
    }

    /// The value of a variable as a shell in the container would see it.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let entry = self.known.iter().rfind(|(known, _)| known == name)?;
        entry.1.as_deref()
    }

    /// Fills in `$(NAME)`.
    pub(super) fn expand(&self, text: &str) -> Expanded {
        let mut out = Expanded { text: String::with_capacity(text.len()), unresolved: None };
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
        match self.known.iter().rfind(|(known, _)| known == name) {
            Some((_, Some(value))) => out.text.push_str(value),
            None if !self.open => {
                out.text.push_str("$(");
                out.text.push_str(name);
                out.text.push(')');
            }
            Some((_, None)) | None => {
                out.text.push_str("$(");
                out.text.push_str(name);
                out.text.push(')');
                out.unresolved.get_or_insert_with(|| name.to_owned());
            }
        }
    }
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
}
