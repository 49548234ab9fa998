//! The frame of a page: one file that loads nothing, and runs no script but its own.

use std::io::{self, Write};

use data_encoding::BASE64;
use sha2::{Digest, Sha256};

use super::Escaped;

/// The look of every page: colours as variables, light and dark.
pub(crate) const STYLE: &str = include_str!("page.css");

/// Writes everything up to the page's first element. Void elements are closed and attributes quoted
/// all through, so that a page can also be read as XML.
pub(crate) fn head(out: &mut dyn Write, title: &str, style: &str, script: &str) -> io::Result<()> {
    // The browser itself refuses what is not named here, should a text ever get out of its quotes.
    // The empty icon keeps it from asking a web server for one.
    write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
         style-src '{}'; script-src '{}'; img-src data:; base-uri 'none'; form-action 'none'\"/>\n\
         <meta name=\"referrer\" content=\"no-referrer\"/>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n\
         <meta name=\"color-scheme\" content=\"light dark\"/>\n\
         <link rel=\"icon\" href=\"data:,\"/>\n\
         <title>{}</title>\n<style>{style}</style>\n<script>{script}</script>\n</head>\n<body>\n",
        integrity(style),
        integrity(script),
        Escaped(title),
    )
}

/// The digest by which a content security policy names a text.
fn integrity(text: &str) -> String {
    format!("sha256-{}", BASE64.encode(&Sha256::digest(text)))
}

#[cfg(test)]
mod tests {
    use super::STYLE;

    /// The relative luminance of a colour such as `#1b1f24`, as WCAG 2 defines it.
    fn luminance(color: &str) -> f64 {
        let channel = |at: usize| {
            let value = u8::from_str_radix(&color[at..at + 2], 16).expect("two digits");
            let share = f64::from(value) / 255.0;
            if share <= 0.040_45 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    #[test]
    fn every_colour_of_text_can_be_read_in_both_themes() {
        let colors =
            STYLE.lines().filter_map(|line| line.trim().strip_prefix("--")?.split_once(": #"));
        let colors: Vec<(&str, f64)> =
            colors.map(|(name, color)| (name, luminance(&format!("#{color}")))).collect();
        let themes: Vec<_> = colors.chunk_by(|_, (name, _)| *name != "ground").collect();
        assert_eq!(themes.len(), 2, "light and dark");
        for theme in themes {
            let (grounds, texts) = theme.split_at(2);
            assert_eq!(grounds[1].0, "panel");
            for (name, text) in texts.iter().filter(|(name, _)| *name != "line") {
                for (ground, behind) in grounds {
                    let (low, high) = (text.min(*behind), text.max(*behind));
                    let contrast = (high + 0.05) / (low + 0.05);
                    assert!(contrast >= 4.5, "--{name} on --{ground}: {contrast:.2}");
                }
            }
        }
    }
}
