//! A webhook that authorizes, and what the server demands of it.
//!
//! Source: apiserver `pkg/apis/apiserver/validation/validation.go` (`ValidateWebhookConfiguration`),
//! `pkg/apis/apiserver/v1/defaults.go`.

use std::collections::HashSet;

use super::condition::{self, Verdict};
use crate::config_files::quoted::shown;
use crate::config_files::{Located, Object, Problem};
use crate::flags::duration;
use crate::version::Minor;

const SECOND: i64 = 1_000_000_000;

const FIELDS: [&str; 8] = [
    "authorizedTTL",
    "unauthorizedTTL",
    "timeout",
    "subjectAccessReviewVersion",
    "matchConditionSubjectAccessReviewVersion",
    "failurePolicy",
    "connectionInfo",
    "matchConditions",
];

/// The fields that switch caches off, and the first release that has them.
const CACHING: [&str; 2] = ["cacheAuthorizedRequests", "cacheUnauthorizedRequests"];
const CACHING_SINCE: Minor = Minor::kubernetes(34);

/// The most match conditions of one webhook.
const CONDITIONS: usize = 64;

/// A webhook that authorizes.
#[derive(Debug)]
pub struct Webhook {
    /// Its name.
    pub name: String,
    /// Whether requests are denied while it cannot be asked.
    pub fails_closed: Located<bool>,
    /// The file that says where it is.
    pub kubeconfig: Option<Located<String>>,
    /// A condition of which it is not known here whether the server compiles it.
    pub unsure: Option<Located<String>>,
}

impl Webhook {
    pub(super) fn read(name: String, object: &Object<'_>, minor: Minor) -> Result<Self, Problem> {
        let caching: &[&str] = if minor < CACHING_SINCE { &[] } else { &CACHING };
        object.only(&[&FIELDS, caching].concat())?;
        timeout(object)?;
        // Left out or 0, they get their defaults.
        for kept in ["authorizedTTL", "unauthorizedTTL"] {
            if let Some(Located { location, .. }) = time(object, kept)?.filter(|it| it.value < 0) {
                return Err(Problem { message: format!("{kept} is less than 0s"), location });
            }
        }
        for switch in CACHING {
            object.bool(switch)?;
        }
        one_of(object, "subjectAccessReviewVersion", &["v1", "v1beta1"])?;
        let unsure = conditions(object)?;
        let policy = one_of(object, "failurePolicy", &["NoOpinion", "Deny"])?;
        let fails_closed = Located { value: policy.value == "Deny", location: policy.location };
        Ok(Self { name, fails_closed, kubeconfig: Some(kubeconfig(object)?), unsure })
    }
}

/// A text of the webhook that is there, and filled.
fn required(object: &Object<'_>, name: &str) -> Result<Located<String>, Problem> {
    let text = object.text(name)?.filter(|text| !text.value.is_empty());
    text.ok_or_else(|| object.problem(format!("a webhook has no {name}")))
}

fn one_of(object: &Object<'_>, name: &str, known: &[&str]) -> Result<Located<String>, Problem> {
    let text = required(object, name)?;
    if known.contains(&text.value.as_str()) {
        return Ok(text);
    }
    let message = format!("{name} is {}, not {:?}", known.join(" or "), shown(&text.value));
    Err(Problem { message, location: text.location })
}

/// A duration in nanoseconds.
fn time(object: &Object<'_>, name: &str) -> Result<Option<Located<i64>>, Problem> {
    let Some(Located { value, location }) = object.text(name)? else { return Ok(None) };
    match duration::read(&value) {
        Ok(value) => Ok(Some(Located { value, location })),
        Err(why) => {
            Err(Problem { message: format!("{name}: {:?} {why}", shown(&value)), location })
        }
    }
}

fn timeout(object: &Object<'_>) -> Result<(), Problem> {
    let timeout = time(object, "timeout")?.filter(|timeout| timeout.value != 0);
    let timeout = timeout.ok_or_else(|| object.problem("a webhook has no timeout"))?;
    if (1..=30 * SECOND).contains(&timeout.value) {
        return Ok(());
    }
    let message = "timeout is not more than 0s and at most 30s".to_owned();
    Err(Problem { message, location: timeout.location })
}

fn kubeconfig(webhook: &Object<'_>) -> Result<Located<String>, Problem> {
    let connection = webhook
        .object("connectionInfo")?
        .ok_or_else(|| webhook.problem("a webhook has no connectionInfo"))?;
    connection.only(&["type", "kubeConfigFile"])?;
    let kind = connection.text("type")?;
    if kind.is_none_or(|kind| kind.value != "KubeConfigFile") {
        return Err(connection.problem("the type of connectionInfo is KubeConfigFile here"));
    }
    let path = connection.text("kubeConfigFile")?.filter(|path| !path.value.is_empty());
    let path = path.ok_or_else(|| connection.problem("connectionInfo has no kubeConfigFile"))?;
    if path.value.starts_with('/') {
        return Ok(path);
    }
    let message = "kubeConfigFile is not an absolute path".to_owned();
    Err(Problem { message, location: path.location })
}

/// The first condition of which the verdict is not known; refuses what the server refuses.
fn conditions(object: &Object<'_>) -> Result<Option<Located<String>>, Problem> {
    const VERSION: &str = "matchConditionSubjectAccessReviewVersion";
    let conditions = object.objects("matchConditions")?;
    if !conditions.is_empty() || object.text(VERSION)?.is_some_and(|it| !it.value.is_empty()) {
        one_of(object, VERSION, &["v1"])?;
    }
    if conditions.len() > CONDITIONS {
        return Err(object.problem(format!("has more than {CONDITIONS} matchConditions")));
    }
    let (mut seen, mut unsure) = (HashSet::new(), None);
    for condition in conditions {
        condition.only(&["expression"])?;
        let expression = condition.text("expression")?.filter(|it| !it.value.trim().is_empty());
        let expression =
            expression.ok_or_else(|| condition.problem("a match condition has no expression"))?;
        match condition::check(&expression.value) {
            Verdict::Compiles => {}
            Verdict::Unsure => unsure = unsure.or_else(|| Some(expression.clone())),
            Verdict::Refused(why) => {
                let message = format!("the expression of a match condition {why}");
                return Err(Problem { message, location: expression.location });
            }
        }
        if !seen.insert(expression.value) {
            return Err(condition.problem("an expression stands in two match conditions"));
        }
    }
    Ok(unsure)
}
