//! What a patch of kubeadm's configuration does to the flags of a section, such as
//! `apiServer.extraArgs`.

use super::operation::Operation;
use crate::command_line::ARGUMENT_LIMIT;
use crate::document::distribution::declared::Declared;
use crate::yaml::{Node, ScalarKind, Value};

/// Who reads what a patch leaves, and refuses what is no text.
const BY: &str = "kubeadm";

const COMPUTED: &str = "the ClusterClass computes it for each cluster";
const SOMETIMES: &str = "a patch sets it in some clusters only";

/// Where kubeadm's documents keep the flags of a component.
pub(in crate::document::distribution) struct Section<'s> {
    /// The keys above them.
    pub(in crate::document::distribution) path: &'s [&'s str],
    /// Their own key.
    pub(in crate::document::distribution) args: &'s str,
}

/// One change of a document.
pub(in crate::document::distribution) enum Change<'p> {
    /// What a merge patch holds.
    Merge(&'p Node<'p>),
    /// An operation of a JSON patch.
    Operation(Operation<'p>),
    /// It could not be read, and may do anything; says why.
    Unread(&'static str),
}

impl<'p> Change<'p> {
    /// An item of a list of operations.
    pub(in crate::document::distribution) fn of(item: &'p Node<'p>) -> Self {
        let unread = Self::Unread("an operation of a patch is not understood");
        Operation::of(item).map_or(unread, Self::Operation)
    }

    /// The operation, if it is one that touches a section.
    pub(in crate::document::distribution) fn item_in(
        &self,
        section: &Section<'_>,
    ) -> Option<&'p Node<'p>> {
        match self {
            Self::Operation(operation) => operation.touches(section).then_some(operation.item),
            Self::Merge(_) | Self::Unread(_) => None,
        }
    }

    /// Makes the change.
    pub(in crate::document::distribution) fn apply(
        &self,
        section: &Section<'_>,
        declared: &mut Declared<'_>,
    ) {
        if declared.count() > ARGUMENT_LIMIT {
            return;
        }
        match self {
            Self::Merge(root) => {
                if let Some(args) = root.at(section.path).and_then(|it| it.get(section.args)) {
                    merge(args, declared);
                }
            }
            Self::Operation(operation) => operate(operation, section, declared),
            Self::Unread(why) => declared.may_change(&format!("{why}: it may set any flag")),
        }
    }

    /// Leaves open what the change does, because it is not made in every cluster.
    pub(in crate::document::distribution) fn apply_sometimes(
        &self,
        section: &Section<'_>,
        declared: &mut Declared<'_>,
    ) {
        match self {
            Self::Operation(operation) if !operation.touches(section) => {}
            Self::Operation(Operation { keys, value, item, .. }) => match section.below(keys) {
                Some([flag]) if flag != "-" && !is_number(flag) => {
                    declared.uncertain(flag, "", value.unwrap_or(item), SOMETIMES);
                }
                _ => declared.may_change("a patch sets flags in some clusters only"),
            },
            Self::Merge(_) | Self::Unread(_) => self.apply(section, declared),
        }
    }
}

impl Section<'_> {
    /// What is left of a path below the flags of the section; `None` if it leads elsewhere.
    fn below<'k>(&self, keys: &'k [String]) -> Option<&'k [String]> {
        let (above, rest) = keys.split_at_checked(self.path.len())?;
        let (own, below) = rest.split_first()?;
        (above.iter().zip(self.path).all(|(a, b)| a == b) && own == self.args).then_some(below)
    }

    /// The keys from what a path leads to down to the section, if the section is a part of it.
    fn from(&self, keys: &[String]) -> Option<&[&str]> {
        let (above, rest) = self.path.split_at_checked(keys.len())?;
        keys.iter().zip(above).all(|(a, b)| a == b).then_some(rest)
    }
}

impl Operation<'_> {
    /// Whether the operation is about the flags of a section, or about what they are a part of.
    pub(in crate::document::distribution) fn touches(&self, section: &Section<'_>) -> bool {
        let above = section.from(&self.keys);
        // Something above that is added or replaced may hold none.
        let holds = |rest: &[&str]| {
            let value = self.value.and_then(|value| value.at(rest));
            self.value.is_none() || value.is_some_and(|it| it.get(section.args).is_some())
        };
        self.name != "test" && (section.below(&self.keys).is_some() || above.is_some_and(holds))
    }
}

/// Applies one operation of a JSON patch.
fn operate(operation: &Operation<'_>, section: &Section<'_>, declared: &mut Declared<'_>) {
    let Operation { name, keys, value, computed, .. } = operation;
    match (*name, section.below(keys), *value) {
        ("test", ..) => {}
        ("add" | "replace", Some([]), Some(args)) => {
            declared.forget_all();
            declared.extra_args(Some(args), BY);
        }
        ("remove", Some([]), _) => declared.forget_all(),
        ("add", Some([end]), Some(entry @ Node { value: Value::Mapping(_), .. })) if end == "-" => {
            let flag = entry.get("name").and_then(Node::as_str);
            if let (Some(flag), Some(value)) = (flag, entry.get("value")) {
                declared.flag(flag, value, Some(BY));
            }
        }
        (_, Some([index]), _) if is_number(index) => {
            declared.may_change("a patch changes an entry of the list by its number");
        }
        ("add" | "replace", Some([flag]), value) if flag != "-" => match (value, computed) {
            (Some(value), _) => {
                declared.forget(flag);
                declared.flag(flag, value, Some(BY));
            }
            (None, Some(from)) => {
                declared.forget(flag);
                declared.uncertain(flag, "", from, COMPUTED);
            }
            (None, None) => declared.may_change("a patch sets a flag to nothing"),
        },
        ("remove", Some([flag]), _) => declared.forget(flag),
        (_, None, _) => above(operation, section, declared),
        _ => declared.may_change("a patch changes what the flags are a part of"),
    }
}

/// An operation on what the flags may be a part of.
fn above(operation: &Operation<'_>, section: &Section<'_>, declared: &mut Declared<'_>) {
    let Some(rest) = section.from(&operation.keys) else { return };
    match (operation.name, operation.value) {
        ("remove", _) => declared.forget_all(),
        ("add" | "replace", Some(value)) => {
            declared.forget_all();
            declared.extra_args(value.at(rest).and_then(|it| it.get(section.args)), BY);
        }
        _ => declared.may_change("a patch changes what the flags are a part of"),
    }
}

fn is_number(key: &str) -> bool {
    key.bytes().all(|byte| byte.is_ascii_digit())
}

/// A merge patch replaces names one by one in a mapping, and a list as a whole. `null` removes.
fn merge(args: &Node, declared: &mut Declared<'_>) {
    match &args.value {
        Value::Mapping(entries) => {
            for (key, value) in entries {
                let Some(name) = key.as_str() else { continue };
                declared.forget(name);
                let null = value.scalar().is_some_and(|it| it.kind() == ScalarKind::Null);
                if !null {
                    declared.flag(name, value, Some(BY));
                }
            }
        }
        Value::Sequence(_) => {
            declared.forget_all();
            declared.extra_args(Some(args), BY);
        }
        Value::Scalar(_) => declared.forget_all(),
    }
}
