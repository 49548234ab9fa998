//! The flags that a distribution adds by itself: rows, and what applies them.
//!
//! Of several rows for one flag the first that applies counts, and none does where the document declares
//! the flag.

use super::declared::Declared;
use crate::version::Minor;

/// A distribution whose own flags are listed in rows.
pub(super) trait Distribution {
    /// The part of a configuration on which its flags depend.
    type Basis<'a>;

    /// Its name in messages.
    fn name(basis: &Self::Basis<'_>) -> &'static str;

    /// The release, if it is known.
    fn release(basis: &Self::Basis<'_>) -> Option<Minor>;

    /// The folder in which its files lie, if it is known.
    fn folder(basis: &Self::Basis<'_>) -> Option<String>;
}

/// A value made of the configuration; `None` if it cannot be made of what is known.
type Computed<D> = for<'a, 'b> fn(&'b <D as Distribution>::Basis<'a>) -> Option<String>;

/// Whether a configuration is one in which a row applies.
type Condition<D> = for<'a, 'b> fn(&'b <D as Distribution>::Basis<'a>) -> bool;

/// The first releases of something: the minor of Kubernetes and the patch. A change that was brought to
/// older minors has one for each of them. None at all is from the beginning, or never.
pub(super) type Releases = &'static [(u16, u16)];

/// A flag that a distribution adds by itself.
pub(super) struct Added<D: Distribution> {
    flag: &'static str,
    value: Value<D>,
    since: Releases,
    until: Releases,
    unless: &'static [&'static str],
    beside: &'static [&'static str],
    when: Option<Condition<D>>,
    /// Whether the distribution's value wins over one that the document gives.
    wins: bool,
}

/// The value that a distribution gives to a flag.
enum Value<D: Distribution> {
    /// Always this text.
    Text(&'static str),
    /// A file below the folder of the distribution.
    File(&'static str),
    /// Made of the configuration.
    Computed(Computed<D>),
    /// Not known here.
    FilledIn,
    /// Not known here, nor whether the flag is set where the document does not give it.
    Replaced,
}

const fn row<D: Distribution>(flag: &'static str, value: Value<D>) -> Added<D> {
    Added { flag, value, since: &[], until: &[], unless: &[], beside: &[], when: None, wins: false }
}

impl<D: Distribution> Added<D> {
    /// A flag whose value is always this text.
    pub(super) const fn text(flag: &'static str, text: &'static str) -> Self {
        row(flag, Value::Text(text))
    }

    /// A flag that names a file below the folder of the distribution.
    pub(super) const fn file(flag: &'static str, file: &'static str) -> Self {
        row(flag, Value::File(file))
    }

    /// A flag whose value is made of the configuration.
    pub(super) const fn computed(flag: &'static str, value: Computed<D>) -> Self {
        row(flag, Value::Computed(value))
    }

    /// A flag that is set to a value which is not known here.
    pub(super) const fn filled_in(flag: &'static str) -> Self {
        row(flag, Value::FilledIn)
    }

    /// A flag whose value in the document gives way to one that is not known here. Where the document does
    /// not give the flag, nothing is said of it.
    pub(super) const fn replaced(flag: &'static str) -> Self {
        row(flag, Value::Replaced).wins()
    }

    /// The distribution's value wins over one that the document gives.
    pub(super) const fn wins(self) -> Self {
        Self { wins: true, ..self }
    }

    /// From these releases on. A release that is not known counts as the newest.
    pub(super) const fn since(self, since: Releases) -> Self {
        Self { since, ..self }
    }

    /// Up to these releases, which do not set it any more.
    pub(super) const fn until(self, until: Releases) -> Self {
        Self { until, ..self }
    }

    /// Not where the document declares one of these flags.
    pub(super) const fn unless(self, unless: &'static [&'static str]) -> Self {
        Self { unless, ..self }
    }

    /// Only where the document declares one of these flags.
    pub(super) const fn beside(self, beside: &'static [&'static str]) -> Self {
        Self { beside, ..self }
    }

    /// Only in such a configuration.
    pub(super) const fn when(self, when: Condition<D>) -> Self {
        Self { when: Some(when), ..self }
    }

    /// Whether the configuration and what the document declares let the row apply.
    fn concerns(&self, basis: &D::Basis<'_>, declares: &impl Fn(&str) -> bool) -> bool {
        let one_of = |flags: &[&str]| flags.iter().any(|flag| declares(flag));
        !one_of(self.unless)
            && (self.beside.is_empty() || one_of(self.beside))
            && self.when.is_none_or(|when| when(basis))
    }

    /// Whether a release sets it; `None` if its patch decides that, which is not known.
    fn is_in(&self, release: Option<Minor>) -> Option<bool> {
        match (reached(self.since, release), self.until.is_empty()) {
            (Some(true), false) => reached(self.until, release).map(|over| !over),
            (since, _) => since,
        }
    }

    fn value(&self, basis: &D::Basis<'_>) -> Option<String> {
        match self.value {
            Value::Text(text) => Some(text.to_owned()),
            Value::File(file) => D::folder(basis).map(|folder| format!("{folder}/{file}")),
            Value::Computed(value) => value(basis),
            Value::FilledIn | Value::Replaced => None,
        }
    }
}

/// Whether a release is one of these or later; `None` if that depends on its patch.
fn reached(releases: Releases, release: Option<Minor>) -> Option<bool> {
    let Some(Minor { minor, .. }) = release else { return Some(true) };
    match releases.iter().find(|(known, _)| *known == minor) {
        Some((_, 0)) => Some(true),
        Some(_) => None,
        None => Some(releases.iter().all(|(known, _)| *known < minor)),
    }
}

/// Flags with their values; one without has a value that is not known here.
pub(super) type Settled = Vec<(&'static str, Option<String>)>;

/// The flags that a distribution adds, in the order of the rows.
pub(super) fn settled<D: Distribution>(
    rows: &[Added<D>],
    basis: &D::Basis<'_>,
    declares: impl Fn(&str) -> bool,
) -> Settled {
    let release = D::release(basis);
    let mut settled = Settled::with_capacity(rows.len());
    let added = rows.iter().filter(|row| !matches!(row.value, Value::Replaced));
    for row in added.filter(|row| row.concerns(basis, &declares)) {
        let value = match row.is_in(release) {
            Some(false) => continue,
            Some(true) => row.value(basis),
            None => None,
        };
        if !settled.iter().any(|(known, _)| *known == row.flag) {
            settled.push((row.flag, value));
        }
    }
    settled
}

/// Adds the flags that a distribution sets where the document does not.
pub(super) fn add<D: Distribution>(
    declared: &mut Declared<'_>,
    rows: &[Added<D>],
    basis: &D::Basis<'_>,
) {
    for (flag, value) in settled(rows, basis, |flag| declared.has(flag)) {
        declared.defaults(D::name(basis), &[(flag, value.as_deref())]);
    }
}

/// Whether the distribution puts a value of its own in the place of the one that the document gives.
pub(super) fn replaces<D: Distribution>(
    rows: &[Added<D>],
    basis: &D::Basis<'_>,
    flag: &str,
    given: &str,
) -> bool {
    let wins = |row: &&Added<D>| row.wins && row.flag == flag && row.concerns(basis, &|_| false);
    rows.iter().find(wins).is_some_and(|row| row.value(basis).as_deref() != Some(given))
}

#[cfg(test)]
mod tests {
    use super::{Added, Distribution, replaces, settled};
    use crate::version::Minor;

    /// A distribution of which only the release and the folder matter.
    struct Sample;

    impl Distribution for Sample {
        type Basis<'a> = (Option<u16>, &'a str);

        fn name(_: &Self::Basis<'_>) -> &'static str {
            "sample"
        }

        fn release((release, _): &Self::Basis<'_>) -> Option<Minor> {
            release.map(Minor::kubernetes)
        }

        fn folder((_, folder): &Self::Basis<'_>) -> Option<String> {
            (!folder.is_empty()).then(|| (*folder).to_owned())
        }
    }

    type Row = Added<Sample>;

    const ROWS: &[Row] = &[
        Row::text("a", "old").until(&[(20, 0)]),
        Row::text("a", "new").since(&[(20, 0)]),
        Row::text("b", "1").since(&[(29, 15), (30, 12), (32, 0)]).until(&[(34, 0)]),
        Row::file("c", "x.crt"),
        Row::computed("d", |(_, folder)| Some(folder.to_uppercase()))
            .when(|(_, folder)| !folder.is_empty()),
        Row::text("e", "1").unless(&["x"]),
        Row::text("f", "1").beside(&["x", "y"]),
        Row::filled_in("g"),
        Row::text("h", "1").wins().when(|(_, folder)| *folder == "/h"),
        Row::replaced("i"),
    ];

    fn shown(release: Option<u16>, folder: &str, declares: &str) -> String {
        let settled = settled(ROWS, &(release, folder), |flag| flag == declares);
        let one = |(flag, value): (&str, Option<String>)| {
            format!("{flag}={}", value.unwrap_or_else(|| "?".to_owned()))
        };
        settled.into_iter().map(one).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_row_applies_from_its_first_release_to_its_last() {
        assert_eq!(shown(Some(19), "", ""), "a=old c=? e=1 g=?");
        assert_eq!(shown(Some(20), "", ""), "a=new c=? e=1 g=?");
        assert_eq!(shown(Some(33), "", ""), "a=new b=1 c=? e=1 g=?");
        assert_eq!(shown(Some(34), "", ""), "a=new c=? e=1 g=?");
        assert_eq!(shown(None, "", ""), "a=new c=? e=1 g=?");
    }

    #[test]
    fn where_the_patch_decides_the_value_is_not_known() {
        assert_eq!(shown(Some(29), "", ""), "a=new b=? c=? e=1 g=?");
        assert_eq!(shown(Some(30), "", ""), "a=new b=? c=? e=1 g=?");
        assert_eq!(shown(Some(31), "", ""), "a=new c=? e=1 g=?");
        assert_eq!(shown(Some(32), "", ""), "a=new b=1 c=? e=1 g=?");
    }

    #[test]
    fn values_and_conditions_look_at_the_configuration_and_the_flags() {
        assert_eq!(shown(Some(19), "/k", ""), "a=old c=/k/x.crt d=/K e=1 g=?");
        assert_eq!(shown(Some(19), "", "x"), "a=old c=? f=1 g=?");
        assert_eq!(shown(Some(19), "", "y"), "a=old c=? e=1 f=1 g=?");
    }

    #[test]
    fn a_value_that_wins_replaces_any_other() {
        let replaced = |folder, flag, given| replaces(ROWS, &(None, folder), flag, given);
        assert!(replaced("/h", "h", "2") && !replaced("/h", "h", "1"));
        assert!(!replaced("", "h", "2"), "the row does not apply");
        assert!(replaced("", "i", "1") && !replaced("", "g", "1"));
        assert!(!shown(None, "", "").contains("i="), "nothing is said of it unless it is given");
    }
}
