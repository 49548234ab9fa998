//! Foreign text within a page.

use std::fmt::{self, Display, Write};

/// What a value displays, so that neither an element nor a quoted attribute lets it out.
pub(crate) struct Escaped<T>(pub(crate) T);

impl<T: Display> Display for Escaped<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(Escaping(f), "{}", self.0)
    }
}

struct Escaping<'a, 'f>(&'a mut fmt::Formatter<'f>);

impl Write for Escaping<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let mut rest = text;
        while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
            let (plain, from) = rest.split_at(at);
            let (special, behind) = from.split_at(1);
            self.0.write_str(plain)?;
            self.0.write_str(match special {
                "&" => "&amp;",
                "<" => "&lt;",
                ">" => "&gt;",
                "\"" => "&quot;",
                _ => "&#39;",
            })?;
            rest = behind;
        }
        self.0.write_str(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::Escaped;

    #[test]
    fn nothing_gets_out_of_an_element_or_an_attribute() {
        let shown = Escaped("<b a=\"1\" c='2'>é&amp;😀</b>").to_string();
        let expected = "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;é&amp;amp;😀&lt;/b&gt;";
        assert_eq!(shown, expected);
        assert_eq!(Escaped(format_args!("{}:{}", "<", 7)).to_string(), "&lt;:7");
    }
}
