//! Units of systemd and the drop-ins beside them: `X.service` and `X.service.d/*.conf`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::source;

/// The drop-ins beside a unit, in the order in which systemd reads them.
pub(super) fn drop_ins(unit: &Path) -> Vec<Result<(Arc<str>, String), source::Error>> {
    let read = |path: PathBuf| {
        let text = source::read_file(&path)?;
        Ok((path.display().to_string().into(), text))
    };
    drop_in_paths(unit).into_iter().map(|path| path.and_then(read)).collect()
}

/// The paths of the drop-ins beside a unit; none beside any other file.
pub(in crate::commands) fn drop_in_paths(unit: &Path) -> Vec<Result<PathBuf, source::Error>> {
    if unit.extension().is_none_or(|extension| extension != "service") {
        return Vec::new();
    }
    let mut folder = unit.as_os_str().to_owned();
    folder.push(".d");
    let folder = PathBuf::from(folder);
    if !folder.is_dir() {
        return Vec::new();
    }
    let own = |path: &Path| {
        path.parent() == Some(&folder) && path.extension().is_some_and(|it| it == "conf")
    };
    source::walk(&folder).filter(|path| path.as_deref().map_or(true, own)).collect()
}

/// The unit beside which a drop-in lies.
pub(super) fn unit_of(path: &Path) -> Option<PathBuf> {
    let folder = path.parent().filter(|_| path.extension().is_some_and(|it| it == "conf"))?;
    let unit = folder.with_extension("");
    let service = unit.extension().is_some_and(|it| it == "service");
    (service && folder.extension().is_some_and(|it| it == "d")).then_some(unit)
}
