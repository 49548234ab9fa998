//! The words of an expression in CEL.

/// A word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'e> {
    /// A name, `true`, `false` and `null` included.
    Name(&'e str),
    /// A quoted text.
    Text,
    /// A whole number.
    Number,
    /// A number of another type, or bytes.
    Other,
    /// An operator, or punctuation.
    Symbol(&'e str),
}

/// Operators and punctuation, longest first.
const SYMBOLS: [&str; 25] = [
    "&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "+", "-", "*", "/", "%", "?", ":", ".", ",",
    "(", ")", "[", "]", "{", "}", "in",
];

/// Takes an expression apart; what is wrong with it are words behind "the expression".
pub(super) fn tokens(expression: &str) -> Result<Vec<Token<'_>>, String> {
    let mut tokens = Vec::new();
    let mut rest = expression.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if let Some(length) = quoted(rest)? {
            let bytes = rest.starts_with(['b', 'B'])
                || rest
                    .get(1..)
                    .is_some_and(|it| it.starts_with(['b', 'B']) && !rest.starts_with(['"', '\'']));
            tokens.push(if bytes { Token::Other } else { Token::Text });
            length
        } else if first.is_ascii_digit() {
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '.');
            let number = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
            let whole = number.bytes().all(|byte| byte.is_ascii_digit());
            tokens.push(if whole { Token::Number } else { Token::Other });
            number.len()
        } else if first.is_ascii_alphabetic() || first == '_' {
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            let name = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
            tokens.push(if name == "in" { Token::Symbol(name) } else { Token::Name(name) });
            name.len()
        } else {
            let symbol = SYMBOLS.into_iter().find(|symbol| rest.starts_with(symbol));
            let symbol =
                symbol.ok_or_else(|| format!("has a {first:?}, which CEL does not know"))?;
            tokens.push(Token::Symbol(symbol));
            symbol.len()
        };
        rest = rest.get(length..).unwrap_or_default().trim_start();
    }
    Ok(tokens)
}

/// The length of the text that stands first, its prefix and quotes included; `None` if none does.
fn quoted(rest: &str) -> Result<Option<usize>, String> {
    let begin = rest.find(|c: char| !"rRbB".contains(c)).unwrap_or(rest.len());
    let prefix = rest.get(..begin).unwrap_or_default();
    let body = rest.get(begin..).unwrap_or_default();
    let Some(quote) = body.chars().next().filter(|c| matches!(c, '"' | '\'')) else {
        return Ok(None);
    };
    if prefix.len() > 2 {
        return Err("has letters before a quote".to_owned());
    }
    let raw = prefix.contains(['r', 'R']);
    let triple = quote.to_string().repeat(3);
    let close = if body.starts_with(&triple) { triple.as_str() } else { &triple[..1] };
    let mut at = close.len();
    while let Some(c) = body.get(at..).and_then(|tail| tail.chars().next()) {
        if body.get(at..).is_some_and(|tail| tail.starts_with(close)) {
            return Ok(Some(begin + at + close.len()));
        }
        if c == '\n' && close.len() == 1 {
            break;
        }
        at += c.len_utf8();
        if c == '\\' && !raw {
            at += body.get(at..).and_then(|tail| tail.chars().next()).map_or(0, char::len_utf8);
        }
    }
    Err("has a quote that is never closed".to_owned())
}
