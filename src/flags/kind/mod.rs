//! The kinds of flag values: how each reads one setting on top of the settings before it.
//!
//! Sources: spf13/pflag, k8s.io/component-base `cli/flag` and `logs/api/v1`, klog.

mod several;
mod word;

use super::value::Value;
use super::{csv, duration, scalar};
use several::{
    append, component_map, merge, merge_thresholds, not_a_pair, pair, pattern_levels, split_pairs,
    switches,
};
pub(super) use word::refuse_sockets;
use word::{named_cert_key, severity, taint, url_of_etcd, version};

/// A flag's kind. Scalars keep the last setting, lists append, maps merge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Go's ParseBool words; never takes the next argument.
    Bool,
    /// `--version`: a boolean, `raw`, or from 1.31 a version to pretend.
    Version,
    /// A whole number of 64 bits.
    Int,
    /// A whole number of 32 bits.
    Int32,
    /// A whole number of 64 bits.
    Int64,
    /// A whole number that cannot be negative.
    Uint,
    /// A whole number that cannot be negative.
    Uint64,
    /// A number with a fraction.
    Float32,
    /// A number with a fraction.
    Float64,
    /// Verbosity: decimal and not negative.
    Level,
    /// A span of time.
    Duration,
    /// Text, taken as it is.
    Text,
    /// An address.
    Ip,
    /// One network.
    IpNet,
    /// Networks, separated by commas.
    Cidrs,
    /// Two ports.
    PortRange,
    /// A number with a unit such as `Ki`.
    Quantity,
    /// A log severity by number or name.
    Severity,
    /// `file.go:12`.
    TraceLocation,
    /// glog's `pattern=N,…`; text to us.
    ModuleSpec,
    /// `pattern=N,…`; every setting is added.
    PatternLevels,
    /// Texts separated by commas with CSV quotes.
    StringSlice,
    /// Texts, one a setting, commas and all.
    StringArray,
    /// Numbers separated by commas.
    Int32Slice,
    /// `certificate,key` or `certificate,key:name,…`, one a setting.
    NamedCertKeys,
    /// `Name=bool,…`.
    BoolMap,
    /// `[component:]Name=bool,…`, kept as written until the gates are set.
    ComponentMap,
    /// `name=text,…`.
    StringMap,
    /// `name=text,…` where the text may be left out (`--runtime-config`).
    SwitchMap,
    /// One `name=text` a setting, commas and all (`--oidc-required-claim`).
    ClaimMap,
    /// pflag's own `name=text,…`, read as CSV.
    StringToString,
    /// `signal<quantity,…`.
    ThresholdMap,
    /// `name:text,…`, every text of a name kept.
    HeaderMap,
    /// `key=value:effect,…`.
    Taints,
    /// The kubelet's memory reservations; text to us.
    ReservedMemory,
    /// etcd's URLs, separated by commas; a later setting replaces them.
    UrlList,
    /// A flag that etcd knows and does nothing with.
    Ignored,
}

impl Kind {
    /// The name that Go's flag type gives itself, as help prints it.
    pub const fn go_name(self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::Version => "version",
            Self::Int => "int",
            Self::Int32 => "int32",
            Self::Int64 => "int64",
            Self::Uint => "uint",
            Self::Uint64 => "uint64",
            Self::Float32 => "float32",
            Self::Float64 => "float64",
            Self::Level => "Level",
            Self::Duration => "duration",
            Self::Text => "string",
            Self::Ip => "ip",
            Self::IpNet => "ipNet",
            Self::Cidrs => "cidrs",
            Self::PortRange => "portRange",
            Self::Quantity => "quantity",
            Self::Severity => "severity",
            Self::TraceLocation => "traceLocation",
            Self::ModuleSpec => "moduleSpec",
            Self::PatternLevels => "pattern=N,...",
            Self::StringSlice => "stringSlice",
            Self::StringArray => "stringArray",
            Self::Int32Slice => "int32Slice",
            Self::NamedCertKeys => "namedCertKey",
            Self::BoolMap => "mapStringBool",
            Self::ComponentMap | Self::HeaderMap => "colonSeparatedMultimapStringString",
            Self::StringMap | Self::SwitchMap | Self::ClaimMap | Self::ThresholdMap => {
                "mapStringString"
            }
            Self::StringToString => "stringToString",
            Self::Taints => "[]v1.Taint",
            Self::ReservedMemory => "reserved-memory",
            Self::UrlList => "urls",
            Self::Ignored => "ignored",
        }
    }

    /// The value a flag without `=value` takes, where it then does not take the next argument.
    pub const fn value_when_bare(self) -> Option<&'static str> {
        match self {
            Self::Bool | Self::Version | Self::Ignored => Some("true"),
            _ => None,
        }
    }

    /// Whether it is read as an integer whose base the text tells.
    pub(super) const fn is_integer(self) -> bool {
        matches!(self, Self::Int | Self::Int32 | Self::Int64 | Self::Uint | Self::Uint64)
    }

    /// Whether a later setting adds to the earlier ones instead of replacing them.
    pub const fn accumulates(self) -> bool {
        matches!(
            self,
            Self::PatternLevels
                | Self::StringSlice
                | Self::StringArray
                | Self::Int32Slice
                | Self::NamedCertKeys
                | Self::BoolMap
                | Self::ComponentMap
                | Self::StringMap
                | Self::SwitchMap
                | Self::ClaimMap
                | Self::StringToString
                | Self::ThresholdMap
                | Self::HeaderMap
                | Self::Taints
                | Self::ReservedMemory
        )
    }

    /// The value after one more setting. `earlier` is what the settings before it made.
    ///
    /// The error completes a sentence that begins with the text: "is not a boolean".
    pub fn set(self, earlier: Option<Value>, text: &str) -> Result<Value, String> {
        Ok(match self {
            Self::Bool => Value::Bool(scalar::bool(text)?),
            Self::Version => version(text)?,
            Self::Int | Self::Int64 => Value::Int(scalar::int(text, 64)?),
            Self::Int32 => Value::Int(scalar::int(text, 32)?),
            Self::Uint | Self::Uint64 => Value::Uint(scalar::uint(text)?),
            Self::Float32 | Self::Float64 => Value::Float(scalar::float(text)?),
            Self::Level => Value::Uint(scalar::verbosity(text)?),
            Self::Duration => Value::Duration(duration::read(text)?),
            Self::Text | Self::TraceLocation | Self::ModuleSpec | Self::Ignored => {
                Value::Text(text.to_owned())
            }
            Self::Ip => Value::Text(scalar::ip(text)?),
            // It is found only in releases that Go before 1.17 built.
            Self::IpNet => Value::Text(scalar::sloppy_network(text)?),
            Self::Cidrs => {
                let networks: Result<Vec<_>, _> = text.split(',').map(scalar::network).collect();
                Value::Text(networks?.join(","))
            }
            Self::PortRange => Value::Text(scalar::port_range(text)?),
            Self::Quantity => Value::Text(scalar::quantity(text)?),
            Self::Severity => severity(text)?,
            Self::PatternLevels => pattern_levels(earlier, text)?,
            Self::StringSlice => {
                append(earlier, csv::read(text).map_err(|error| format!("is no list: {error}"))?)
            }
            Self::StringArray | Self::ReservedMemory => append(earlier, vec![text.to_owned()]),
            Self::Int32Slice => {
                let numbers: Result<Vec<_>, _> = text
                    .split(',')
                    .map(|word| scalar::int(word, 32).map(|number| number.to_string()))
                    .collect();
                append(earlier, numbers?)
            }
            Self::NamedCertKeys => append(earlier, vec![named_cert_key(text)?]),
            Self::BoolMap => switches(earlier, text)?,
            Self::ComponentMap | Self::HeaderMap => component_map(earlier, text),
            Self::StringMap => {
                merge(earlier, split_pairs(text).map(pair).collect::<Result<_, _>>()?)
            }
            Self::SwitchMap => merge(
                earlier,
                split_pairs(text)
                    .map(|item| item.split_once('=').unwrap_or((item, "")))
                    .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
                    .collect(),
            ),
            Self::ThresholdMap => {
                let pairs: Result<Vec<_>, String> = split_pairs(text)
                    .map(|item| {
                        item.split_once('<')
                            .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
                            .ok_or_else(|| "has an item that is not signal<quantity".to_owned())
                    })
                    .collect();
                merge_thresholds(earlier, pairs?)
            }
            Self::Taints => {
                let taints = split_pairs(text).map(taint).collect::<Result<Vec<_>, _>>()?;
                append(earlier, taints)
            }
            Self::UrlList => Value::List(
                text.split(',').map(|url| url_of_etcd(url.trim())).collect::<Result<_, _>>()?,
            ),
            Self::ClaimMap if text.is_empty() => merge(earlier, Vec::new()),
            Self::ClaimMap => merge(earlier, vec![pair(text)?]),
            Self::StringToString => {
                let items = csv::read(text).map_err(|error| format!("is no list: {error}"))?;
                let pairs: Result<Vec<_>, String> = items
                    .iter()
                    .map(|item| {
                        item.split_once('=')
                            .map(|(name, value)| (name.to_owned(), value.to_owned()))
                            .ok_or_else(not_a_pair)
                    })
                    .collect();
                merge(earlier, pairs?)
            }
        })
    }

    /// The value of a default as the catalog writes it, which is as Go prints it: lists, and maps of
    /// some kinds, in brackets.
    pub fn read_default(self, text: &str) -> Value {
        let inner = text.strip_prefix('[').and_then(|t| t.strip_suffix(']')).unwrap_or(text);
        match self {
            Self::StringSlice
            | Self::StringArray
            | Self::Int32Slice
            | Self::NamedCertKeys
            | Self::ReservedMemory => Value::List(csv::read(inner).unwrap_or_default()),
            Self::UrlList if text.is_empty() => Value::List(Vec::new()),
            Self::BoolMap
            | Self::ComponentMap
            | Self::HeaderMap
            | Self::Taints
            | Self::StringMap
            | Self::SwitchMap
            | Self::ClaimMap
            | Self::StringToString
            | Self::ThresholdMap => {
                self.set(None, inner).unwrap_or_else(|_| Value::Text(text.to_owned()))
            }
            Self::Ip | Self::IpNet if text == "<nil>" => Value::Text(String::new()),
            _ => self.set(None, text).unwrap_or_else(|_| Value::Text(text.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, Value};

    fn all(kind: Kind, texts: &[&str]) -> Result<String, String> {
        let mut value = None;
        for text in texts {
            value = Some(kind.set(value, text)?);
        }
        Ok(value.map(|value: Value| value.to_string()).unwrap_or_default())
    }

    #[test]
    fn scalars_keep_the_last_lists_append_and_maps_merge() {
        let cases: &[(Kind, &[&str], &str)] = &[
            (Kind::Int, &["30", "7"], "7"),
            (Kind::StringSlice, &["a,b", "c"], "[a,b,c]"),
            (Kind::StringSlice, &["a", ""], "[a]"),
            (Kind::StringArray, &["a,b", ""], "[\"a,b\",]"),
            (Kind::BoolMap, &["B=true, A = 1", "B=false"], "A=true,B=false"),
            (Kind::SwitchMap, &["api/all=true", "x"], "api/all=true,x="),
            (Kind::ClaimMap, &["a=b,c", "d=e"], "a=b,c,d=e"),
            (Kind::StringToString, &["a=1,b=2", "a=3"], "a=3,b=2"),
            (Kind::ComponentMap, &["kube:A=true,B=false", "C=1"], "[:B=false,:C=1,kube:A=true]"),
            (Kind::PatternLevels, &["a=1,,b=2", "c=3"], "a=1,b=2,c=3"),
            (Kind::NamedCertKeys, &["/c,/k: a , b", "/d,/e"], "[\"/c,/k:a,b\",\"/d,/e\"]"),
            (Kind::Int32Slice, &["29,23", "24"], "[29,23,24]"),
            (Kind::Severity, &["warning"], "1"),
        ];
        for (kind, texts, printed) in cases {
            assert_eq!(all(*kind, texts).as_deref(), Ok(*printed), "{kind:?} {texts:?}");
        }
    }

    #[test]
    fn what_the_server_refuses_is_an_error() {
        let cases = [
            (Kind::BoolMap, "A"),
            (Kind::BoolMap, "A=maybe"),
            (Kind::StringMap, "a"),
            (Kind::ClaimMap, "a"),
            (Kind::StringToString, "a"),
            (Kind::PatternLevels, "a=b"),
            (Kind::NamedCertKeys, "/c,/k,/x"),
            (Kind::NamedCertKeys, "C:/c,C:/k"),
            (Kind::NamedCertKeys, "/c,/k:"),
            (Kind::Cidrs, "10.0.0.0/8,x"),
            (Kind::Version, "nope"),
            (Kind::Severity, "LOUD"),
        ];
        for (kind, text) in cases {
            assert!(kind.set(None, text).is_err(), "{kind:?} {text}");
        }
    }

    #[test]
    fn defaults_are_read_as_go_prints_them() {
        assert_eq!(Kind::StringSlice.read_default("[a,b]").to_string(), "[a,b]");
        assert_eq!(Kind::Ip.read_default("<nil>"), Value::Text(String::new()));
        assert_eq!(Kind::Duration.read_default("1m0s").to_string(), "1m0s");
        let several = [
            (Kind::ThresholdMap, "a<15%,b<100Mi", "a<15%,b<100Mi"),
            (Kind::ThresholdMap, "", ""),
            (Kind::StringMap, "a=1,b=2", "a=1,b=2"),
            (Kind::StringToString, "[a=1]", "a=1"),
            (Kind::BoolMap, "A=true", "A=true"),
            (Kind::ComponentMap, "[]", "[]"),
            (Kind::ComponentMap, ":A=true", "[:A=true]"),
            (Kind::Taints, "", "[]"),
            (Kind::Taints, "a=b:NoSchedule", "[a=b:NoSchedule]"),
            (Kind::ReservedMemory, "", "[]"),
        ];
        for (kind, default, printed) in several {
            assert_eq!(kind.read_default(default).to_string(), printed, "{kind:?} {default:?}");
        }
    }
}
