//! Match conditions: expressions in CEL, as far as it is known here what the server compiles.
//!
//! The grammar is read whole, the types of texts, lists and the request's fields are followed. An
//! expression that calls anything else may compile or not. Sources: cel-spec `doc/langdef.md`; apiserver
//! `pkg/authorization/cel/compile.go`.

mod tokens;

use tokens::{Token, tokens};

/// What becomes of an expression.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The server compiles it.
    Compiles,
    /// It calls something that is not known here.
    Unsure,
    /// The server refuses it, and why: words behind "the expression".
    Refused(String),
}

/// The type of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Type {
    Bool,
    Text,
    Number,
    Texts,
    /// Texts by name.
    Extra,
    Request,
    Resource,
    NonResource,
    Unknown,
}

/// The fields of the request and its parts.
const FIELDS: [(Type, &str, Type); 17] = [
    (Type::Request, "resourceAttributes", Type::Resource),
    (Type::Request, "nonResourceAttributes", Type::NonResource),
    (Type::Request, "user", Type::Text),
    (Type::Request, "groups", Type::Texts),
    (Type::Request, "uid", Type::Text),
    (Type::Request, "extra", Type::Extra),
    (Type::Resource, "namespace", Type::Text),
    (Type::Resource, "verb", Type::Text),
    (Type::Resource, "group", Type::Text),
    (Type::Resource, "version", Type::Text),
    (Type::Resource, "resource", Type::Text),
    (Type::Resource, "subresource", Type::Text),
    (Type::Resource, "name", Type::Text),
    // Only newer releases have them, by a feature gate.
    (Type::Resource, "fieldSelector", Type::Unknown),
    (Type::Resource, "labelSelector", Type::Unknown),
    (Type::NonResource, "path", Type::Text),
    (Type::NonResource, "verb", Type::Text),
];

/// Nests beyond this are left to the server, whose parser has a limit of its own.
const DEPTH: usize = 32;

/// Looks at an expression.
pub(super) fn check(expression: &str) -> Verdict {
    let mut reader =
        Reader { tokens: Vec::new(), at: 0, bound: Vec::new(), unsure: false, depth: 0 };
    let read = tokens(expression).and_then(|tokens| {
        reader.tokens = tokens;
        let kind = reader.expression()?;
        if reader.at < reader.tokens.len() {
            return Err("goes on behind its end".to_owned());
        }
        reader.want(kind, Type::Bool, "as a whole")
    });
    match read {
        Err(_) if reader.depth > DEPTH => Verdict::Unsure,
        Err(why) => Verdict::Refused(why),
        Ok(()) if reader.unsure => Verdict::Unsure,
        Ok(()) => Verdict::Compiles,
    }
}

struct Reader<'e> {
    tokens: Vec<Token<'e>>,
    at: usize,
    /// Variables that a macro binds, with their types.
    bound: Vec<(&'e str, Type)>,
    /// Something is not known here.
    unsure: bool,
    depth: usize,
}

type Read<T> = Result<T, String>;

impl<'e> Reader<'e> {
    fn is(&self, symbol: &str) -> bool {
        self.tokens.get(self.at) == Some(&Token::Symbol(symbol))
    }

    fn take(&mut self, symbol: &str) -> bool {
        let found = self.is(symbol);
        self.at += usize::from(found);
        found
    }

    fn take_one(&mut self, symbols: &[&'static str]) -> Option<&'static str> {
        symbols.iter().copied().find(|symbol| self.take(symbol))
    }

    fn expect(&mut self, symbol: &str) -> Read<()> {
        if self.take(symbol) { Ok(()) } else { Err(format!("lacks a {symbol:?}")) }
    }

    /// Something whose type is not known here.
    fn unknown(&mut self) -> Type {
        self.unsure = true;
        Type::Unknown
    }

    fn want(&mut self, found: Type, wanted: Type, what: &str) -> Read<()> {
        match found {
            Type::Unknown => self.unsure = true,
            found if found == wanted => {}
            _ if wanted == Type::Bool => return Err(format!("is no condition {what}")),
            _ => return Err(format!("mixes types {what}")),
        }
        Ok(())
    }

    fn expression(&mut self) -> Read<Type> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err("is nested too deeply".to_owned());
        }
        let first = self.any_of()?;
        let read = if self.take("?") {
            self.want(first, Type::Bool, "before ?")?;
            let one = self.any_of()?;
            self.expect(":")?;
            let other = self.expression()?;
            Ok(if one == other { one } else { self.unknown() })
        } else {
            Ok(first)
        };
        self.depth -= 1;
        read
    }

    fn any_of(&mut self) -> Read<Type> {
        self.joined("||", Self::all_of)
    }

    fn all_of(&mut self) -> Read<Type> {
        self.joined("&&", Self::relation)
    }

    fn joined(&mut self, symbol: &str, part: fn(&mut Self) -> Read<Type>) -> Read<Type> {
        let mut kind = part(self)?;
        while self.take(symbol) {
            self.want(kind, Type::Bool, "beside && or ||")?;
            let next = part(self)?;
            self.want(next, Type::Bool, "beside && or ||")?;
            kind = Type::Bool;
        }
        Ok(kind)
    }

    fn relation(&mut self) -> Read<Type> {
        const RELATIONS: [&str; 7] = ["==", "!=", "<=", ">=", "<", ">", "in"];
        let mut kind = self.sum()?;
        while let Some(relation) = self.take_one(&RELATIONS) {
            let other = self.sum()?;
            match (relation, kind, other) {
                (_, Type::Unknown, _) | (_, _, Type::Unknown) => self.unsure = true,
                ("in", Type::Text, Type::Texts | Type::Extra) => {}
                ("==" | "!=", one, other) if one == other => {}
                (_, Type::Text, Type::Text) | (_, Type::Number, Type::Number)
                    if relation != "in" => {}
                _ => return Err(format!("mixes types beside {relation}")),
            }
            kind = Type::Bool;
        }
        Ok(kind)
    }

    fn sum(&mut self) -> Read<Type> {
        let mut kind = self.unary()?;
        while let Some(symbol) = self.take_one(&["+", "-", "*", "/", "%"]) {
            let other = self.unary()?;
            kind = match (symbol, kind, other) {
                ("+", Type::Text, Type::Text) => Type::Text,
                (_, Type::Number, Type::Number) => Type::Number,
                _ => self.unknown(),
            };
        }
        Ok(kind)
    }

    fn unary(&mut self) -> Read<Type> {
        if self.take("!") {
            while self.take("!") {}
            let kind = self.member()?;
            self.want(kind, Type::Bool, "behind !")?;
            return Ok(Type::Bool);
        }
        if self.take("-") {
            while self.take("-") {}
            let kind = self.member()?;
            self.want(kind, Type::Number, "behind -")?;
            return Ok(Type::Number);
        }
        self.member()
    }

    fn member(&mut self) -> Read<Type> {
        let mut kind = self.primary()?;
        loop {
            if self.take(".") {
                let name = self.name()?;
                kind =
                    if self.take("(") { self.method(kind, name)? } else { self.field(kind, name)? };
            } else if self.take("[") {
                let key = self.expression()?;
                self.expect("]")?;
                kind = match (kind, key) {
                    (Type::Texts, Type::Number) => Type::Text,
                    (Type::Extra, Type::Text) => Type::Texts,
                    _ => self.unknown(),
                };
            } else {
                return Ok(kind);
            }
        }
    }

    fn name(&mut self) -> Read<&'e str> {
        match self.tokens.get(self.at) {
            Some(Token::Name(name)) => {
                self.at += 1;
                Ok(name)
            }
            _ => Err("lacks a name behind a dot".to_owned()),
        }
    }

    fn field(&mut self, of: Type, name: &str) -> Read<Type> {
        let found = FIELDS.iter().find(|(owner, known, _)| *owner == of && *known == name);
        match (found, of) {
            (Some((_, _, Type::Unknown)), _) | (None, Type::Unknown) => Ok(self.unknown()),
            (Some((_, _, kind)), _) => Ok(*kind),
            (None, Type::Extra) => Ok(Type::Texts),
            (None, _) => Err(format!("names the field {name}, which is not there")),
        }
    }

    /// What a call gives; the bracket is open.
    fn method(&mut self, of: Type, name: &'e str) -> Read<Type> {
        let element = match of {
            Type::Texts | Type::Extra => Type::Text,
            _ => Type::Unknown,
        };
        if let ("exists" | "all" | "exists_one", Some(Token::Name(variable))) =
            (name, self.tokens.get(self.at))
        {
            let variable = *variable;
            self.at += 1;
            self.expect(",")?;
            self.bound.push((variable, element));
            let kind = self.expression()?;
            self.bound.pop();
            self.expect(")")?;
            self.want(kind, Type::Bool, "within a macro")?;
            return Ok(Type::Bool);
        }
        let outside = self.bound.len();
        // Macros that are not known here bind the names that they begin with.
        while let (Some(Token::Name(variable)), Some(Token::Symbol(","))) =
            (self.tokens.get(self.at), self.tokens.get(self.at + 1))
        {
            self.bound.push((variable, Type::Unknown));
            self.at += 2;
        }
        let arguments = self.list(")")?;
        if self.bound.len() > outside {
            self.bound.truncate(outside);
            return Ok(self.unknown());
        }
        match (name, of, &arguments[..]) {
            ("startsWith" | "endsWith" | "contains", Type::Text, [Type::Text]) => Ok(Type::Bool),
            ("size", Type::Text | Type::Texts | Type::Extra, []) => Ok(Type::Number),
            _ => Ok(self.unknown()),
        }
    }

    /// Expressions with commas between them, up to what closes them.
    fn list(&mut self, close: &str) -> Read<Vec<Type>> {
        let mut kinds = Vec::new();
        while !self.take(close) {
            kinds.push(self.expression()?);
            if !self.take(",") {
                self.expect(close)?;
                break;
            }
        }
        Ok(kinds)
    }

    fn primary(&mut self) -> Read<Type> {
        if self.take("(") {
            let kind = self.expression()?;
            self.expect(")")?;
            return Ok(kind);
        }
        if self.take("[") {
            let kinds = self.list("]")?;
            let texts = kinds.iter().all(|kind| *kind == Type::Text);
            return Ok(if texts { Type::Texts } else { self.unknown() });
        }
        let token = self.tokens.get(self.at).copied();
        self.at += 1;
        match token {
            Some(Token::Text) => Ok(Type::Text),
            Some(Token::Number) => Ok(Type::Number),
            Some(Token::Name("true" | "false")) => Ok(Type::Bool),
            Some(Token::Name("null") | Token::Other) => Ok(self.unknown()),
            Some(Token::Name(name)) if self.take("(") => self.function(name),
            Some(Token::Name(name)) => {
                let bound = self.bound.iter().rfind(|(known, _)| *known == name);
                match bound {
                    Some((_, Type::Unknown)) => Ok(self.unknown()),
                    Some((_, kind)) => Ok(*kind),
                    None if name == "request" => Ok(Type::Request),
                    // It may be the name space of functions.
                    None if self.is(".") => Ok(self.unknown()),
                    None => Err(format!("names {name}, which is not there")),
                }
            }
            Some(Token::Symbol("{")) => {
                while !self.take("}") {
                    self.expression()?;
                    self.expect(":")?;
                    self.expression()?;
                    if !self.take(",") && !self.is("}") {
                        return Err("lacks a \"}\"".to_owned());
                    }
                }
                Ok(self.unknown())
            }
            Some(Token::Symbol(symbol)) => Err(format!("has {symbol:?} where a value belongs")),
            None => Err("ends where a value belongs".to_owned()),
        }
    }

    /// What a call gives that stands on nothing; the bracket is open.
    fn function(&mut self, name: &str) -> Read<Type> {
        let begin = self.at;
        let arguments = self.list(")")?;
        let selects =
            self.tokens.get(begin..self.at).is_some_and(|it| it.contains(&Token::Symbol(".")));
        match (name, &arguments[..]) {
            ("has", [_]) if selects => Ok(Type::Bool),
            ("has", _) => Err("calls has() with something that is no field".to_owned()),
            ("size", [Type::Text | Type::Texts | Type::Extra]) => Ok(Type::Number),
            _ => Ok(self.unknown()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Verdict, check};

    #[test]
    fn conditions_on_the_fields_of_a_request_compile() {
        for expression in [
            "has(request.resourceAttributes)",
            "request.user != 'a'",
            "has(request.resourceAttributes) && request.resourceAttributes.namespace == 'kube-system'",
            "!('system:serviceaccounts:kube-system' in request.groups)",
            "request.resourceAttributes.verb in ['get', \"list\"] || request.user.startsWith('a')",
            "(request.groups.exists(g, g == 'x' || g.endsWith(\"y\"))) ? true : request.uid == ''",
            "size(request.groups) > 0 && request.groups.size() <= 3 // few",
            "'a' in request.extra && request.extra['a'][0] + 'x' == r'\\d' && request.extra.b == []",
            "'\\x41\\'' < request.user && true",
        ] {
            assert_eq!(check(expression), Verdict::Compiles, "{expression}");
        }
    }

    #[test]
    fn what_is_no_condition_is_refused() {
        for expression in [
            "%%%",
            "request.",
            "request.user",
            "request.name == 'a'",
            "request.resourceAttributes.user == 'a'",
            "user == 'a'",
            "request.user = 'a'",
            "request.user == 'a' &&",
            "request.user == 'a' and true",
            "request.user == 1",
            "request.user == 'a",
            "request.user && true",
            "(true",
            "true)",
            "!request.user",
            "'a' in 'abc'",
            "has(request)",
            "request.groups.exists(g, h == 'a')",
            "true & false",
            "\u{201c}a\u{201d} == 'a'",
            "1",
            "",
        ] {
            assert!(matches!(check(expression), Verdict::Refused(_)), "{expression}");
        }
    }

    #[test]
    fn calls_that_are_not_known_here_may_compile() {
        for expression in [
            "request.user.matches('a.*')",
            "request.user.lowerAscii() == 'a'",
            "request.groups.filter(g, true).size() == 1",
            "has(request.resourceAttributes.labelSelector)",
            "cidr('10.0.0.0/8').containsIP(request.user)",
            "{'a': 1}['a'] == 1",
            "cel.bind(u, request.user, u == 'a')",
            "b'a' == b'a'",
            "1.5 < 2",
            &format!("{}true{}", "(".repeat(100), ")".repeat(100)),
        ] {
            assert_eq!(check(expression), Verdict::Unsure, "{expression}");
        }
    }
}
