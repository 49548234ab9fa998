//! What the audit policy records.

use super::files::in_file;
use super::judged::{Judge, Judged};
use crate::config_files::audit_policy::{AuditPolicy, Level, Request};

const FLAG: &str = "audit-policy-file";

impl Judge<'_> {
    /// Each of these requests of an ordinary user is recorded at this level or a higher one.
    pub(super) fn audit_at_least(&self, level: Level, requests: &[Request]) -> Judged {
        self.audited(requests, |policy, request| {
            let found = policy.level(request);
            (found.value >= level, found.value, found.location)
        })
    }

    /// None of these requests, whoever makes it, is recorded at a higher level.
    pub(super) fn audit_at_most(&self, level: Level, requests: &[Request]) -> Judged {
        self.audited(requests, |policy, request| {
            let found = policy.highest_level(request);
            (found.value <= level, found.value, found.location)
        })
    }

    /// The facts of the requests that fail; of the first where all hold.
    fn audited(
        &self,
        requests: &[Request],
        look: impl Fn(&AuditPolicy, &Request) -> (bool, Level, crate::command_line::Location),
    ) -> Judged {
        let policy = match self.content(FLAG, &self.contents.audit_policy) {
            Ok(policy) => policy,
            Err(judged) => return judged,
        };
        let (mut good, mut bad) = (Vec::new(), Vec::new());
        for request in requests {
            let (holds, level, location) = look(policy, request);
            let text = format!("{request} is recorded at {}", level.name());
            let fact = in_file(FLAG, level.name(), &location, text);
            if holds { good.push(fact) } else { bad.push(fact) }
        }
        let holds = bad.is_empty();
        if holds {
            good.truncate(1);
        }
        Judged::decided(holds, if holds { good } else { bad })
    }

    /// Something is recorded, and no rule is cut short by one that selects everything.
    pub(super) fn audit_records(&self) -> Judged {
        let policy = match self.content(FLAG, &self.contents.audit_policy) {
            Ok(policy) => policy,
            Err(judged) => return judged,
        };
        match policy.records_nothing() {
            Some(location) => {
                let mut text = "nothing is recorded: level None for everything".to_owned();
                if let Some(unknown) = policy.unknown_field.clone() {
                    let unknown = unknown.reportable(self.files);
                    text = format!("{text} ({} is left out by the server)", unknown.message);
                }
                Judged::decided(false, vec![in_file(FLAG, "None", &location, text)])
            }
            None => {
                let text = "the policy records requests".to_owned();
                Judged::decided(true, vec![in_file(FLAG, "", policy.location(), text)])
            }
        }
    }

    /// The policy has no field that the server leaves out.
    pub(super) fn audit_strict(&self) -> Judged {
        let policy = match self.content(FLAG, &self.contents.audit_policy) {
            Ok(policy) => policy,
            Err(judged) => return judged,
        };
        match policy.unknown_field.clone().map(|problem| problem.reportable(self.files)) {
            Some(problem) => {
                let text = format!("{}: the server leaves it out", problem.message);
                Judged::decided(false, vec![in_file(FLAG, "", &problem.location, text)])
            }
            None => {
                let text = "every field of the policy is known".to_owned();
                Judged::decided(true, vec![in_file(FLAG, "", policy.location(), text)])
            }
        }
    }
}
