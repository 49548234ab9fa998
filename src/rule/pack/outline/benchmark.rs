//! The benchmark of a text in the binary.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::rule::pack::Known;
use crate::rule::pack::plain::{Otherwise, Plain};
use crate::rule::{Benchmark, Control, Section};
use crate::version::MinorRange;

/// Its id, and the minors it is made for.
pub(in crate::rule::pack) fn header(
    text: &'static str,
) -> Result<(Cow<'static, str>, MinorRange), Otherwise> {
    let Header { id, kubernetes, .. } = Header::read(&mut Plain::new(text))?;
    Ok((id, kubernetes))
}

pub(in crate::rule::pack) fn benchmark(
    text: &'static str,
    known: &impl Known,
) -> Result<Benchmark, Otherwise> {
    let mut text = Plain::new(text);
    let Header { id, title, kubernetes, extends } = Header::read(&mut text)?;
    let mut sections: Vec<Section> = match &extends {
        Some(base) => known.benchmark(base).ok_or(Otherwise)?.sections.clone(),
        None => Vec::new(),
    };
    while let Some(heading) = text.heading()? {
        match heading {
            // What is added takes the place of what is extended: that asks for more than reading.
            _ if extends.is_some() => return Err(Otherwise),
            "benchmark.section" => sections.push(section(&mut text)?),
            "benchmark.section.control" => {
                let section = sections.last_mut().ok_or(Otherwise)?;
                section.controls.push(control(&mut text, known)?);
            }
            _ => return Err(Otherwise),
        }
    }
    Ok(Benchmark { id, title, kubernetes, sections })
}

/// What a benchmark says before its sections.
struct Header {
    id: Cow<'static, str>,
    title: Cow<'static, str>,
    kubernetes: MinorRange,
    extends: Option<Cow<'static, str>>,
}

impl Header {
    fn read(text: &mut Plain<'static>) -> Result<Self, Otherwise> {
        if text.heading()? != Some("benchmark") {
            return Err(Otherwise);
        }
        let [mut id, mut title, mut kubernetes, mut extends] = [const { None }; 4];
        while let Some(key) = text.key_of_table()? {
            let field = match key {
                "id" => &mut id,
                "title" => &mut title,
                "kubernetes" => &mut kubernetes,
                "extends" => &mut extends,
                _ => return Err(Otherwise),
            };
            *field = Some(text.words()?);
        }
        let kubernetes = kubernetes.and_then(|range| range.parse().ok());
        Ok(Self {
            id: id.ok_or(Otherwise)?,
            title: title.ok_or(Otherwise)?,
            kubernetes: kubernetes.ok_or(Otherwise)?,
            extends,
        })
    }
}

fn section(text: &mut Plain<'static>) -> Result<Section, Otherwise> {
    let [mut number, mut title] = [const { None }; 2];
    while let Some(key) = text.key_of_table()? {
        match key {
            "number" => number = Some(text.words()?),
            "title" => title = Some(text.words()?),
            _ => return Err(Otherwise),
        }
    }
    Ok(Section {
        number: number.ok_or(Otherwise)?,
        title: title.ok_or(Otherwise)?,
        controls: Vec::new(),
    })
}

fn control(text: &mut Plain<'static>, known: &impl Known) -> Result<Control, Otherwise> {
    let [mut number, mut rule] = [const { None }; 2];
    let (mut level, mut assessment, mut parameters) = (None, None, BTreeMap::new());
    while let Some(key) = text.key_of_table()? {
        match key {
            "number" => number = Some(text.words()?),
            "rule" => rule = Some(text.words()?),
            "assessment" => assessment = Some(text.value()?),
            "level" => level = Some(text.value()?),
            "parameters" => parameters.extend(text.value::<BTreeMap<_, _>>()?),
            _ => return Err(Otherwise),
        }
    }
    Ok(Control {
        number: number.ok_or(Otherwise)?,
        entry: known.rule(&rule.ok_or(Otherwise)?).ok_or(Otherwise)?.clone(),
        parameters,
        require: OnceLock::new(),
        level,
        assessment,
    })
}

#[cfg(test)]
mod tests {
    use super::benchmark;
    use crate::rule::Library;
    use crate::rule::shipped::BENCHMARKS;

    const HEADER: &str = "[[benchmark]]\nid = \"a\"\ntitle = \"A\"\nkubernetes = \"1.34..\"\n";
    const SECTION: &str = "\n[[benchmark.section]]\nnumber = \"1\"\ntitle = \"One\"\n";
    const CONTROL: &str =
        "\n[[benchmark.section.control]]\nnumber = \"1.1\"\nrule = \"anonymous-auth\"\n";

    /// What it finds is compared with what reading finds where both are at hand, see `library`.
    #[test]
    fn all_benchmarks_of_the_binary_are_looked_up() {
        let library = Library::load(&[]).expect("valid packs");
        for (path, text) in BENCHMARKS {
            assert!(benchmark(text, &library).is_ok(), "{path}");
        }
    }

    #[test]
    fn what_is_written_in_another_way_is_not_looked_up() {
        let library = Library::load(&[]).expect("valid packs");
        for (parts, found) in [
            (&[HEADER, SECTION, CONTROL][..], true),
            (&[HEADER, SECTION, CONTROL, "level = 1\n", "parameters.a = [\n 1,\n]\n"], true),
            (&[HEADER, "extends = \"cis-1.12\"\n"], true),
            (&[HEADER, "extends = \"cis-1.12\"\n", SECTION, CONTROL], false),
            (&[HEADER, "extends = \"none\"\n"], false),
            (&[HEADER, "without = [\"1\"]\n", SECTION, CONTROL], false),
            (&[HEADER, CONTROL], false),
            (&[HEADER, SECTION, CONTROL, "assessment = \"seldom\"\n"], false),
            (&[HEADER, SECTION, &CONTROL.replace("anonymous-auth", "none")], false),
            (&[HEADER, "[[rule]]\n"], false),
            (&[SECTION, CONTROL], false),
        ] {
            let text: &'static str = parts.concat().leak();
            assert_eq!(benchmark(text, &library).is_ok(), found, "{text}");
        }
    }
}
