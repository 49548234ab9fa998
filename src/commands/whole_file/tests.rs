use std::fs;
use std::io::Write;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use super::draft::Draft;
use super::place::At;
use super::{OutputPlace, Sink, WholeFile};

fn names(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).expect("listed").map(|entry| entry.expect("an entry"));
    names.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

/// A file that was begun, with something written that is not flushed.
fn begun(path: &Path, text: &[u8]) -> (WholeFile, impl Write) {
    let (file, mut writer) =
        WholeFile::begin(OutputPlace::find(path).expect("found")).expect("begun");
    writer.write_all(text).and_then(|()| writer.flush()).expect("written");
    (file, writer)
}

#[test]
fn a_file_that_is_given_up_leaves_nothing_and_changes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("report");
    fs::write(&path, "old").expect("written");
    drop(begun(&path, b"half"));
    assert_eq!(fs::read_to_string(&path).expect("there"), "old");
    assert_eq!(names(folder.path()), ["report"]);
}

#[test]
fn a_file_takes_the_mode_of_the_one_it_replaces_and_a_link_stays_a_link() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("report");
    fs::write(&path, "old").expect("written");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("set");
    let link = folder.path().join("link");
    symlink("report", &link).expect("linked");
    begun(&link, b"new").0.finish().expect("named");
    assert_eq!(fs::read_to_string(&path).expect("there"), "new");
    assert!(link.symlink_metadata().expect("there").is_symlink());
    assert_eq!(fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o640);
    assert_eq!(names(folder.path()).len(), 2);
}

#[test]
fn a_device_is_written_to_and_never_replaced() {
    let (file, _) = begun("/dev/null".as_ref(), b"gone");
    assert!(matches!(file.sink, Sink::Stream));
    file.finish().expect("done");
    assert!(!fs::metadata("/dev/null").expect("there").is_file());
}

/// As where a file system has no files without a name.
#[test]
fn a_draft_with_a_name_is_renamed_or_removed() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("report");
    let begin = || {
        let place = OutputPlace::find(&path).expect("found");
        let At::Name { folder, name, .. } = place.at else { panic!("it has a name") };
        let sink = Sink::Draft(Draft::named(folder).expect("begun"), name);
        WholeFile { path: path.clone(), sink }
    };
    let draft = begin();
    let [name] = &names(folder.path())[..] else { panic!("one file") };
    let taken = folder.path().join(name);
    drop(draft);
    assert!(names(folder.path()).is_empty());
    // Somebody has laid a link where the draft would be.
    symlink("/etc/passwd", &taken).expect("linked");
    begin().finish().expect("named");
    assert!(path.symlink_metadata().expect("there").is_file());
    assert_eq!(names(folder.path()).len(), 2);
}

#[test]
fn a_path_leads_where_the_kernel_would_lead_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    fs::create_dir_all(at("far/deep")).expect("made");
    fs::write(at("far/report"), "").expect("written");
    symlink("far/deep", at("link")).expect("linked");
    symlink("circle", at("circle")).expect("linked");
    symlink(at("far"), at("far/deep/top")).expect("linked");
    let is_same = |a: &str| {
        let place = OutputPlace::find(&at(a))
            .map(|place| place.is_same(&OutputPlace::find(&at("far/report")).expect("found")));
        place.map_err(|error| error.root_cause().to_string())
    };
    // Links first, and `..` after.
    for path in ["link/../report", "link/top/./report", "far//report"] {
        assert_eq!(is_same(path), Ok(true), "{path}");
    }
    assert_eq!(is_same("report"), Ok(false));
    assert!(is_same("circle").is_err_and(|error| error.contains("symbolic links")));
    for path in ["far/report/", "far/report/x"] {
        assert!(is_same(path).is_err_and(|error| error.contains("Not a directory")), "{path}");
    }
    for path in ["far", "far/", "far/..", ".", "/", "link", "new/"] {
        assert!(is_same(path).is_err(), "{path}");
    }
}
