//! `/etc/passwd` and `/etc/group`: the names of users and groups.
//!
//! Fields are parted by colons: the name first, the number third. Of several entries the first
//! counts, as in `getpwnam(3)`. Source: `passwd(5)`, `group(5)`.

/// The names of users, or of groups.
#[derive(Debug, Default)]
pub struct Names {
    entries: Vec<(String, u32)>,
}

impl Names {
    /// Reads a file; what is no entry is left out, as the C library leaves it out.
    pub fn read(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let entry = |line: &str| {
            let mut fields = line.split(':');
            let (name, number) = (fields.next()?, fields.nth(1)?);
            let is_name = !name.is_empty() && !name.starts_with(['+', '-', '#']);
            Some((name.to_owned(), number.parse().ok()?)).filter(|_| is_name)
        };
        Self { entries: text.lines().filter_map(entry).collect() }
    }

    /// The name of a number. Number 0 is root's on every system.
    pub fn name(&self, number: u32) -> Option<&str> {
        let entry = self.entries.iter().find(|(_, known)| *known == number);
        entry.map(|(name, _)| name.as_str()).or((number == 0).then_some("root"))
    }

    /// The number of a name, or that the name itself is.
    pub fn number(&self, name: &str) -> Option<u32> {
        let entry = self.entries.iter().find(|(known, _)| known == name);
        let unnamed = || if name == "root" { Some(0) } else { name.parse().ok() };
        entry.map(|(_, number)| *number).or_else(unnamed)
    }

    /// The name of a number, or the number.
    pub fn shown(&self, number: u32) -> String {
        self.name(number).map_or_else(|| number.to_string(), str::to_owned)
    }

    /// Whether a number is what this name stands for; `None` if neither is known.
    pub fn is(&self, number: u32, name: &str) -> Option<bool> {
        match self.number(name) {
            Some(wanted) => Some(wanted == number),
            None => self.name(number).map(|_| false),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Names;

    #[test]
    fn names_and_numbers_are_those_of_the_file() {
        let text = "root:x:0:0::/root:/bin/sh\n+nis::5:::\nno entry\netcd:x:997:994::/:/x\n\
                    toor:x:0:0:::\nother:x:997:1:::\nbad:x:-1:0:::\n";
        let names = Names::read(text.as_bytes());
        assert_eq!(names.name(0), Some("root"));
        assert_eq!(names.name(997), Some("etcd"));
        assert_eq!(names.name(5), None);
        assert_eq!(names.shown(5), "5");
        assert_eq!((names.number("toor"), names.number("nobody")), (Some(0), None));
        assert_eq!((names.number("7"), names.number("bad")), (Some(7), None));
        assert_eq!(names.is(997, "etcd"), Some(true));
        assert_eq!(names.is(0, "etcd"), Some(false));
    }

    #[test]
    fn without_a_file_only_root_is_known() {
        let names = Names::default();
        assert_eq!((names.name(0), names.number("root")), (Some("root"), Some(0)));
        assert_eq!((names.is(0, "root"), names.is(7, "root")), (Some(true), Some(false)));
        assert_eq!((names.is(0, "etcd"), names.is(7, "etcd")), (Some(false), None));
    }
}
