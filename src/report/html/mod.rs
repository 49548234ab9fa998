//! For people without a terminal: one page that needs nothing but a browser.
//!
//! Results are written as they come, so the overview, which counts them, stands behind them in the
//! file. The style puts it in front, and so does the script in the document itself, for those who
//! go through the page with the keyboard or hear it. Without a script all of it can still be read
//! and unfolded; what foreign texts could do there, the page's policy forbids.

mod escaped;
mod filter;
mod head;
mod outcome;
mod overview;
mod rules;
mod tally;
mod target;

use std::io::{self, Write};

pub(crate) use escaped::Escaped;
pub(crate) use head::{STYLE, head};
use tally::Tally;

use super::finished::Target;
use super::{Closing, Opening, Renderer};

/// What the page can do: filter, search, and show the reasons of a rule in its results.
const SCRIPT: &str = include_str!("page.js");

/// A page being written.
pub(super) struct Html<'w> {
    out: Box<dyn Write + Send + 'w>,
    tally: Tally,
}

impl<'w> Html<'w> {
    pub(super) fn begin(
        mut out: Box<dyn Write + Send + 'w>,
        opening: &Opening,
    ) -> io::Result<Self> {
        let Opening { generated_at, host, .. } = opening;
        let on = host.as_ref().map(|host| format!(" on {host}")).unwrap_or_default();
        head(&mut out, &format!("plimsoll{on}, {generated_at}"), STYLE, SCRIPT)?;
        writeln!(
            out,
            "<a class=\"skip\" href=\"#results\">To the results</a>\n<header>\n\
             <h1>Control-plane flags{on}</h1>\n<p class=\"muted\">Checked \
             <time datetime=\"{generated_at}\">{at}</time> by {tool} {version}</p>\n</header>\n\
             <main>\n<div id=\"results\" tabindex=\"-1\">",
            on = Escaped(&on),
            at = generated_at.strftime("%Y-%m-%d %H:%M:%S UTC"),
            tool = env!("CARGO_PKG_NAME"),
            version = env!("CARGO_PKG_VERSION"),
        )?;
        Ok(Self { out, tally: Tally::default() })
    }
}

impl Renderer for Html<'_> {
    fn target(&mut self, target: &Target<'_>) -> io::Result<()> {
        target.results.iter().for_each(|result| self.tally.add(result));
        target::write(&mut self.out, target)
    }

    fn finish(mut self: Box<Self>, closing: &Closing<'_>) -> io::Result<()> {
        let out = &mut self.out;
        writeln!(out, "<p id=\"nothing\" hidden=\"\">Nothing matches.</p>\n</div>")?;
        overview::write(out, &self.tally, closing)?;
        filter::write(out)?;
        rules::write(out, closing.benchmarks)?;
        writeln!(out, "</main>\n</body>\n</html>")?;
        out.flush()
    }
}
