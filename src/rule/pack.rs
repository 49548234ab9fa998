//! The TOML of packs: read with spans, validated into rules and benchmarks.
//!
//! A pack cannot run anything: it has no expressions, patterns or commands, only the predicates
//! below.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use serde::Deserialize;
use toml::Spanned;

use super::benchmark::{Assessment, Benchmark, Control, Section};
use super::predicate::{Expectation, Operand, Predicate, read_literal};
use super::{Example, Exemption, Problem, Rule};
use crate::component::Component;
use crate::digest::half_fingerprint;
use crate::flags::authorization::known_modes;
use crate::flags::catalog::{Catalog, admission_plugins};
use crate::flags::kind::Kind;
use crate::flags::value::Value;
use crate::result::{Severity, Status};
use crate::spelling::{nearest, suggestion};
use crate::version::{Minor, MinorRange};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPack {
    #[serde(default)]
    rule: Vec<Spanned<RawRule>>,
    #[serde(default)]
    benchmark: Vec<RawBenchmark>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawRule {
    id: Spanned<String>,
    component: Spanned<String>,
    title: String,
    severity: Severity,
    rationale: String,
    impact: String,
    remediation: String,
    #[serde(default)]
    references: Vec<String>,
    require: RawPredicate,
    #[serde(default)]
    unless: Vec<RawExemption>,
    #[serde(default)]
    parameters: BTreeMap<String, toml::Value>,
    #[serde(default)]
    pass: Vec<String>,
    #[serde(default)]
    fail: Vec<String>,
    #[serde(default)]
    manual: Vec<String>,
    #[serde(default)]
    not_applicable: Vec<String>,
    #[serde(default)]
    error: Vec<String>,
    #[serde(default)]
    on: Vec<RawExamples>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawExamples {
    kubernetes: Spanned<String>,
    #[serde(default)]
    pass: Vec<String>,
    #[serde(default)]
    fail: Vec<String>,
    #[serde(default)]
    manual: Vec<String>,
    #[serde(default)]
    not_applicable: Vec<String>,
    #[serde(default)]
    error: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawExemption {
    when: RawPredicate,
    because: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum RawPredicate {
    Flag(BTreeMap<Spanned<String>, RawExpectation>),
    Admission(RawPlugin),
    Authorizers(RawAuthorizer),
    Gate(BTreeMap<String, bool>),
    Server(RawServer),
    Kubernetes(Spanned<String>),
    FileDecides(Spanned<String>),
    PersonDecides(String),
    All(Vec<RawPredicate>),
    Any(Vec<RawPredicate>),
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum RawPlugin {
    Enabled(Spanned<String>),
    Disabled(Spanned<String>),
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum RawAuthorizer {
    Includes(Spanned<String>),
    Excludes(Spanned<String>),
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum RawServer {
    Starts,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum RawExpectation {
    Unset,
    Empty,
    NonEmpty,
    Equals(Spanned<toml::Value>),
    AtLeast(Spanned<toml::Value>),
    MoreThan(Spanned<toml::Value>),
    Between(Spanned<toml::Value>, Spanned<toml::Value>),
    Only(Spanned<toml::Value>),
    Schemes(Vec<String>),
    DiffersFrom(Spanned<String>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawBenchmark {
    id: Spanned<String>,
    title: String,
    kubernetes: Spanned<String>,
    section: Vec<RawSection>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSection {
    number: String,
    title: String,
    control: Vec<RawControl>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawControl {
    number: Spanned<String>,
    rule: Spanned<String>,
    level: Option<Spanned<u8>>,
    assessment: Option<Assessment>,
    #[serde(default)]
    parameters: BTreeMap<String, Spanned<toml::Value>>,
}

/// A pack whose rules are valid and whose benchmarks still name rules by id.
pub(super) struct Pack {
    file: File,
    pub(super) rules: Vec<Arc<Rule>>,
    benchmarks: Vec<RawBenchmark>,
}

/// What a mistake is shown in.
#[derive(Clone)]
struct File {
    path: String,
    text: String,
}

impl File {
    fn problem(&self, span: Range<usize>, message: impl Into<String>) -> Problem {
        Problem { path: self.path.clone(), text: self.text.clone(), span, message: message.into() }
    }
}

/// Reads a pack. Every mistake in it is reported, as far as one does not hide another.
pub(super) fn read(path: &str, text: &str) -> Result<Pack, Vec<Problem>> {
    let file = File { path: path.to_owned(), text: text.to_owned() };
    let raw: RawPack = toml::from_str(text)
        .map_err(|error| vec![file.problem(error.span().unwrap_or(0..0), error.message())])?;
    let mut rules: Vec<Arc<Rule>> = Vec::new();
    let mut problems = Vec::new();
    for raw in raw.rule {
        let id = raw.as_ref().id.clone();
        if rules.iter().any(|rule| rule.id == *id.as_ref()) {
            problems
                .push(file.problem(id.span(), format!("the rule {} stands twice", id.as_ref())));
        }
        match rule(&file, raw) {
            Ok(rule) => rules.push(Arc::new(rule)),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() {
        Ok(Pack { file, rules, benchmarks: raw.benchmark })
    } else {
        Err(problems)
    }
}

fn is_slug(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-.".contains(&b))
}

fn rule(file: &File, raw: Spanned<RawRule>) -> Result<Rule, Problem> {
    let raw = raw.into_inner();
    let id = raw.id.as_ref().clone();
    if !is_slug(&id) {
        let message = "an id is made of lower-case letters, digits, dots and dashes";
        return Err(file.problem(raw.id.span(), message));
    }
    let component = Component::from_name(raw.component.as_ref()).ok_or_else(|| {
        let known = Component::ALL.map(Component::name);
        let near = suggestion(nearest(raw.component.as_ref(), known));
        let message = format!("unknown component{near}; one of {}", known.join(", "));
        file.problem(raw.component.span(), message)
    })?;
    let catalog = Catalog::of(component).ok_or_else(|| {
        file.problem(raw.component.span(), format!("the flags of {component} are not known yet"))
    })?;
    let scope = Scope { file, catalog, parameters: &raw.parameters };
    let require = scope.predicate(raw.require)?;
    let mut unless = Vec::new();
    for exemption in raw.unless {
        let when = scope.predicate(exemption.when)?;
        unless.push(Exemption { when, because: exemption.because });
    }
    let mut examples = Vec::new();
    let groups = [
        (Status::Pass, raw.pass),
        (Status::Fail, raw.fail),
        (Status::Manual, raw.manual),
        (Status::NotApplicable, raw.not_applicable),
        (Status::Error, raw.error),
    ];
    add_examples(&mut examples, None, groups);
    for group in raw.on {
        let minor = scope.minor(&group.kubernetes)?;
        let groups = [
            (Status::Pass, group.pass),
            (Status::Fail, group.fail),
            (Status::Manual, group.manual),
            (Status::NotApplicable, group.not_applicable),
            (Status::Error, group.error),
        ];
        add_examples(&mut examples, Some(minor), groups);
    }
    for status in [Status::Pass, Status::Fail] {
        // A rule about a file's content cannot pass by its command line alone.
        let undecidable = status == Status::Pass && holds_back(&require);
        if !undecidable && !examples.iter().any(|example| example.status == status) {
            let message =
                format!("the rule {id} has no example that gets the status {}", status.name());
            return Err(file.problem(raw.id.span(), message));
        }
    }
    for text in [&raw.title, &raw.rationale, &raw.impact, &raw.remediation] {
        if text.trim().is_empty() {
            let message = "title, rationale, impact and remediation must say something";
            return Err(file.problem(raw.id.span(), message));
        }
    }
    Ok(Rule {
        pack: file.path.clone(),
        component,
        title: raw.title,
        severity: raw.severity,
        rationale: raw.rationale,
        impact: raw.impact,
        remediation: raw.remediation,
        references: raw.references,
        require,
        unless,
        parameters: raw.parameters,
        fingerprint: half_fingerprint(&id),
        examples,
        id,
    })
}

/// Whether a predicate can never hold without a file being read or a person being asked.
fn holds_back(predicate: &Predicate) -> bool {
    match predicate {
        Predicate::FileDecides(_) | Predicate::PersonDecides(_) => true,
        Predicate::All(list) => list.iter().any(holds_back),
        Predicate::Any(list) => list.iter().all(holds_back),
        _ => false,
    }
}

fn add_examples(
    examples: &mut Vec<Example>,
    minor: Option<Minor>,
    groups: [(Status, Vec<String>); 5],
) {
    for (status, lines) in groups {
        examples.extend(lines.into_iter().map(|line| Example { line, minor, status }));
    }
}

/// What a rule's predicates may speak of.
struct Scope<'p> {
    file: &'p File,
    catalog: &'static Catalog,
    parameters: &'p BTreeMap<String, toml::Value>,
}

impl Scope<'_> {
    fn minor(&self, text: &Spanned<String>) -> Result<Minor, Problem> {
        let minor: Minor = text
            .as_ref()
            .parse()
            .map_err(|error| self.file.problem(text.span(), format!("{error}")))?;
        self.catalog.release(minor).map(|_| minor).ok_or_else(|| {
            let message = format!(
                "{minor} is not known: from {} to {}",
                self.catalog.minor(self.catalog.oldest),
                self.catalog.minor(self.catalog.newest)
            );
            self.file.problem(text.span(), message)
        })
    }

    fn predicate(&self, raw: RawPredicate) -> Result<Predicate, Problem> {
        Ok(match raw {
            RawPredicate::Flag(flags) => {
                let mut all = Vec::new();
                for (name, expect) in flags {
                    let kind = self.flag(name.as_ref(), name.span())?;
                    let expect = self.expectation(kind, expect)?;
                    all.push(Predicate::Flag { name: name.into_inner(), expect });
                }
                one_or_all(all)
            }
            RawPredicate::Admission(RawPlugin::Enabled(name)) => self.plugin(name, true)?,
            RawPredicate::Admission(RawPlugin::Disabled(name)) => self.plugin(name, false)?,
            RawPredicate::Authorizers(RawAuthorizer::Includes(mode)) => self.mode(mode, true)?,
            RawPredicate::Authorizers(RawAuthorizer::Excludes(mode)) => self.mode(mode, false)?,
            RawPredicate::Gate(gates) => one_or_all(
                gates.into_iter().map(|(name, on)| Predicate::Gate { name, on }).collect(),
            ),
            RawPredicate::Server(RawServer::Starts) => Predicate::ServerStarts,
            RawPredicate::Kubernetes(range) => Predicate::Kubernetes(self.range(&range)?),
            RawPredicate::FileDecides(name) => {
                self.flag(name.as_ref(), name.span())?;
                Predicate::FileDecides(name.into_inner())
            }
            RawPredicate::PersonDecides(what) => Predicate::PersonDecides(what),
            RawPredicate::All(list) => Predicate::All(self.list(list)?),
            RawPredicate::Any(list) => Predicate::Any(self.list(list)?),
        })
    }

    fn list(&self, list: Vec<RawPredicate>) -> Result<Vec<Predicate>, Problem> {
        list.into_iter().map(|raw| self.predicate(raw)).collect()
    }

    fn range(&self, text: &Spanned<String>) -> Result<MinorRange, Problem> {
        let parsed = text.as_ref().parse();
        parsed.map_err(|_| {
            let message = "not a range of minors such as 1.20..1.23, 1.29.. or ..1.18";
            self.file.problem(text.span(), message)
        })
    }

    fn flag(&self, name: &str, span: Range<usize>) -> Result<Kind, Problem> {
        let found = self.catalog.find(name).ok_or_else(|| {
            let near = nearest(name, self.catalog.flags.iter().map(|flag| flag.name));
            let component = self.catalog.component;
            let message =
                format!("{component} has no flag --{name} in any release{}", suggestion(near));
            self.file.problem(span, message)
        })?;
        Ok(found.kind(self.catalog.newest))
    }

    fn plugin(&self, name: Spanned<String>, enabled: bool) -> Result<Predicate, Problem> {
        if admission_plugins::find(name.as_ref()).is_none() {
            let known = admission_plugins::all().iter().map(|plugin| plugin.name);
            let near = suggestion(nearest(name.as_ref(), known));
            let message = format!("not an admission plugin of any release{near}");
            return Err(self.file.problem(name.span(), message));
        }
        Ok(Predicate::Admission { plugin: name.into_inner(), enabled })
    }

    fn mode(&self, mode: Spanned<String>, included: bool) -> Result<Predicate, Problem> {
        let known = known_modes(self.catalog.newest);
        if !known.contains(&mode.as_ref().as_str()) {
            let message = format!("not an authorization mode: one of {}", known.join(", "));
            return Err(self.file.problem(mode.span(), message));
        }
        Ok(Predicate::Authorizer { mode: mode.into_inner(), included })
    }

    fn expectation(&self, kind: Kind, raw: RawExpectation) -> Result<Expectation, Problem> {
        let operand = |literal| self.operand(kind, &literal);
        let number = |literal: Spanned<toml::Value>| {
            let span = literal.span();
            let operand = self.operand(kind, &literal)?;
            if operand.value.as_number().is_none() {
                let message = "only numbers and durations are larger or smaller than others";
                return Err(self.file.problem(span, message));
            }
            Ok(operand)
        };
        Ok(match raw {
            RawExpectation::Unset => Expectation::Unset,
            RawExpectation::Empty => Expectation::Empty,
            RawExpectation::NonEmpty => Expectation::NonEmpty,
            RawExpectation::Equals(literal) => Expectation::Equals(operand(literal)?),
            RawExpectation::AtLeast(literal) => Expectation::AtLeast(number(literal)?),
            RawExpectation::MoreThan(literal) => Expectation::MoreThan(number(literal)?),
            RawExpectation::Between(a, b) => Expectation::Between(number(a)?, number(b)?),
            RawExpectation::Only(literal) => {
                let span = literal.span();
                let operand = operand(literal)?;
                if !matches!(operand.value, Value::List(_)) {
                    return Err(self.file.problem(span, "only a list has items to choose from"));
                }
                Expectation::Only(operand)
            }
            RawExpectation::Schemes(schemes) => Expectation::Schemes(schemes),
            RawExpectation::DiffersFrom(other) => {
                self.flag(other.as_ref(), other.span())?;
                Expectation::DiffersFrom(other.into_inner())
            }
        })
    }

    fn operand(&self, kind: Kind, literal: &Spanned<toml::Value>) -> Result<Operand, Problem> {
        let span = literal.span();
        let named = match literal.as_ref() {
            toml::Value::Table(table) => match (table.len(), table.get("parameter")) {
                (1, Some(toml::Value::String(name))) => Some(name.clone()),
                _ => {
                    let message = "expected a value or { parameter = \"name\" }";
                    return Err(self.file.problem(span, message));
                }
            },
            _ => None,
        };
        let value = match &named {
            None => literal.as_ref(),
            Some(name) => self.parameters.get(name).ok_or_else(|| {
                let message = format!("the rule has no parameter {name}");
                self.file.problem(span.clone(), message)
            })?,
        };
        let value = read_literal(kind, value).map_err(|why| self.file.problem(span, why))?;
        Ok(Operand { value, parameter: named, kind })
    }
}

fn one_or_all(mut list: Vec<Predicate>) -> Predicate {
    if list.len() == 1 { list.remove(0) } else { Predicate::All(list) }
}

impl Pack {
    /// The pack's benchmarks, with `find` giving the rules they name.
    pub(super) fn benchmarks<'r>(
        self,
        find: impl Fn(&str) -> Option<Arc<Rule>>,
        known: impl Fn() -> Vec<&'r str>,
    ) -> Result<Vec<Benchmark>, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut benchmarks = Vec::new();
        for raw in self.benchmarks {
            match benchmark(&self.file, raw, &find, &known) {
                Ok(benchmark) => benchmarks.push(benchmark),
                Err(mut more) => problems.append(&mut more),
            }
        }
        if problems.is_empty() { Ok(benchmarks) } else { Err(problems) }
    }
}

fn benchmark<'r>(
    file: &File,
    raw: RawBenchmark,
    find: &impl Fn(&str) -> Option<Arc<Rule>>,
    known: &impl Fn() -> Vec<&'r str>,
) -> Result<Benchmark, Vec<Problem>> {
    let mut problems = Vec::new();
    if !is_slug(raw.id.as_ref()) {
        let message = "an id is made of lower-case letters, digits, dots and dashes";
        problems.push(file.problem(raw.id.span(), message));
    }
    let kubernetes = raw.kubernetes.as_ref().parse::<MinorRange>();
    if kubernetes.is_err() {
        let message = "not a range of minors such as 1.20..1.23, 1.29.. or ..1.18";
        problems.push(file.problem(raw.kubernetes.span(), message));
    }
    let mut numbers: Vec<String> = Vec::new();
    let mut sections = Vec::new();
    for section in raw.section {
        let mut controls = Vec::new();
        for control in section.control {
            if numbers.contains(control.number.as_ref()) {
                let message = format!("the control {} stands twice", control.number.as_ref());
                problems.push(file.problem(control.number.span(), message));
            }
            numbers.push(control.number.as_ref().clone());
            match self::control(file, control, find, known) {
                Ok(control) => controls.push(control),
                Err(problem) => problems.push(problem),
            }
        }
        sections.push(Section { number: section.number, title: section.title, controls });
    }
    match kubernetes {
        Ok(kubernetes) if problems.is_empty() => {
            Ok(Benchmark { id: raw.id.into_inner(), title: raw.title, kubernetes, sections })
        }
        _ => Err(problems),
    }
}

fn control<'r>(
    file: &File,
    raw: RawControl,
    find: &impl Fn(&str) -> Option<Arc<Rule>>,
    known: &impl Fn() -> Vec<&'r str>,
) -> Result<Control, Problem> {
    let id = raw.rule.as_ref();
    let rule = find(id).ok_or_else(|| {
        let near = suggestion(nearest(id, known()));
        file.problem(raw.rule.span(), format!("there is no rule {id}{near}"))
    })?;
    if let Some(level) = raw.level.as_ref().filter(|level| !(1..=2).contains(level.as_ref())) {
        return Err(file.problem(level.span(), "a profile level is 1 or 2"));
    }
    let mut changed = BTreeMap::new();
    for (name, value) in raw.parameters {
        if !rule.parameters.contains_key(&name) {
            let message = format!("the rule {id} has no parameter {name}");
            return Err(file.problem(value.span(), message));
        }
        let span = value.span();
        changed.insert(name, value.into_inner());
        rule.require.with(&changed).map_err(|why| file.problem(span, why))?;
    }
    let require = rule.require.with(&changed).map_err(|why| file.problem(raw.rule.span(), why))?;
    Ok(Control {
        number: raw.number.into_inner(),
        rule,
        require,
        level: raw.level.map(Spanned::into_inner),
        assessment: raw.assessment,
    })
}
