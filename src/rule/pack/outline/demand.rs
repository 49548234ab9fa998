//! The demand in the text of one rule.

use std::collections::BTreeMap;

use toml::Spanned;

use crate::rule::pack::plain::{NOWHERE, Otherwise, Plain};
use crate::rule::pack::raw::{RawDemand, RawPredicates};

/// Where the reasons of a rule begin. A rule in the binary says first what it demands, so that a check
/// need not read further.
const REASONS: &str = "rationale";

pub(in crate::rule::pack) fn demand(text: &'static str) -> Result<RawDemand, Otherwise> {
    let mut text = Plain::new(text.strip_prefix("[[rule]]\n").ok_or(Otherwise)?);
    let [mut id, mut component, mut title, mut remediation] = [const { None }; 4];
    let (mut severity, mut require) = (None, None);
    let (mut unless, mut parameters) = (Vec::new(), BTreeMap::new());
    loop {
        match text.key()? {
            "id" => id = Some(text.words()?),
            "component" => component = Some(text.words()?),
            "title" => title = Some(text.words()?),
            "severity" => severity = Some(text.value()?),
            "remediation" => remediation = Some(text.words()?),
            "require" if require.is_none() => require = Some(text.value()?),
            "unless" => unless = text.value()?,
            "parameters" => parameters.extend(text.value::<BTreeMap<_, _>>()?),
            REASONS => break,
            _ => return Err(Otherwise),
        }
    }
    Ok(RawDemand {
        id: Spanned::new(NOWHERE, id.ok_or(Otherwise)?),
        component: Spanned::new(NOWHERE, component.ok_or(Otherwise)?),
        title: title.ok_or(Otherwise)?,
        severity: severity.ok_or(Otherwise)?,
        remediation: remediation.ok_or(Otherwise)?,
        predicates: RawPredicates { require: require.ok_or(Otherwise)?, unless, parameters },
    })
}

#[cfg(test)]
mod tests {
    use super::demand;
    use crate::rule::place::PLACES;

    const RULE: &str =
        "[[rule]]\nid = \"a\"\ncomponent = \"etcd\"\ntitle = \"T\"\nseverity = \"low\"\n";

    /// What it finds is compared with what reading finds where both are at hand, see `library`.
    #[test]
    fn nearly_all_rules_of_the_binary_are_looked_up() {
        let by_other_means = PLACES.iter().filter(|place| demand(place.text()).is_err());
        let ids: Vec<&str> = by_other_means.map(|place| place.id()).collect();
        assert!(ids.len() < 5, "{ids:?}");
    }

    #[test]
    fn what_is_written_in_another_way_is_not_looked_up() {
        let require = "\nrequire.flag.data-dir = \"non-empty\"\nrationale = \"\"";
        for (words, found) in [
            ("remediation = \"R\"", true),
            ("remediation = \"\"\"\nR \\\nr\"\"\"", true),
            ("remediation = \"\\u0052\"", false),
            ("remediation = 'R'", false),
            ("remediation = \"\"\"R\"\"\"", true),
            ("", false),
        ] {
            assert_eq!(demand([RULE, words, require].concat().leak()).is_ok(), found, "{words}");
        }
        let words = [RULE, "remediation = \"R\""].concat();
        for require in ["", "\nrequire.flag.data-dir = 1", "\nrequire.x = 1", "\nunless = []"] {
            assert!(
                demand([&words, require, "\nrationale = \"\""].concat().leak()).is_err(),
                "{require}"
            );
        }
    }
}
