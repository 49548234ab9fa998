//! Operations of a JSON patch (RFC 6902).

use crate::yaml::Node;

/// One operation on the value at a path.
pub(in crate::document::distribution) struct Operation<'p> {
    /// `add`, `replace`, `remove`, `test`, `move` or `copy`.
    pub(in crate::document::distribution) name: &'p str,
    /// The keys of its path.
    pub(in crate::document::distribution) keys: Vec<String>,
    /// The value, if it has one.
    pub(in crate::document::distribution) value: Option<&'p Node<'p>>,
    /// What a ClusterClass makes the value of, for each cluster.
    pub(in crate::document::distribution) computed: Option<&'p Node<'p>>,
    /// All of it.
    pub(in crate::document::distribution) item: &'p Node<'p>,
}

impl<'p> Operation<'p> {
    /// An item of a list of operations; `None` if it is none.
    pub(in crate::document::distribution) fn of(item: &'p Node<'p>) -> Option<Self> {
        let name = item.get("op")?.as_str()?;
        let path = item.get("path")?.as_str()?;
        let known = ["add", "replace", "remove", "test", "move", "copy"].contains(&name);
        let keys = path.split('/').skip(1);
        let keys = keys.map(|key| key.replace("~1", "/").replace("~0", "~")).collect();
        let (value, computed) = (item.get("value"), item.get("valueFrom"));
        known.then_some(Self { name, keys, value, computed, item })
    }

    /// The keys as texts.
    pub(in crate::document::distribution) fn path(&self) -> Vec<&str> {
        self.keys.iter().map(String::as_str).collect()
    }
}
