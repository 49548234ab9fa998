//! Single words with a grammar of their own.

use super::super::scalar;
use super::super::value::Value;

/// `key:effect`, `key=value:effect`; kubernetes `pkg/util/taints`.
pub(super) fn taint(text: &str) -> Result<String, String> {
    let effect = text.rsplit(':').next().unwrap_or_default();
    if text.contains(':') && ["NoSchedule", "PreferNoSchedule", "NoExecute"].contains(&effect) {
        Ok(text.to_owned())
    } else {
        Err("has an item that is not key=value:effect".to_owned())
    }
}

/// etcd `client/pkg/types/urls.go`: a scheme it listens on, a host with a port, and nothing behind, not
/// even a slash.
pub(super) fn url_of_etcd(text: &str) -> Result<String, String> {
    let refuse = |why: &str| Err(format!("holds {text:?}, {why}"));
    let Some((scheme, rest)) = text.split_once("://") else {
        return refuse("which has no scheme");
    };
    match scheme {
        "unix" | "unixs" => Ok(text.to_owned()),
        "http" | "https" => {
            let (host, path) =
                rest.find(['/', '?', '#']).map_or((rest, ""), |at| rest.split_at(at));
            if path.starts_with('/') {
                refuse("which has a path")
            } else if !has_port(host) {
                refuse("which is not host:port")
            } else {
                Ok(text.to_owned())
            }
        }
        _ => refuse("whose scheme is none of http, https, unix and unixs"),
    }
}

/// Refuses sockets as releases up to 3.4 do: they want a host with a port and no path of them too.
pub(in super::super) fn refuse_sockets(text: &str) -> Result<(), String> {
    for url in text.split(',').map(str::trim) {
        let socket = url.strip_prefix("unix://").or_else(|| url.strip_prefix("unixs://"));
        if let Some(host) = socket
            && (host.contains('/') || !has_port(host))
        {
            return Err(format!("holds {url:?}, which is not host:port"));
        }
    }
    Ok(())
}

/// Go's `net.SplitHostPort`, as far as taking a text apart goes.
fn has_port(host: &str) -> bool {
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    match host.strip_prefix('[') {
        Some(address) => address.split_once(']').is_some_and(|(_, port)| port.starts_with(':')),
        None => host.matches(':').count() == 1,
    }
}

pub(super) fn severity(text: &str) -> Result<Value, String> {
    let names = ["INFO", "WARNING", "ERROR", "FATAL"];
    let upper = text.to_ascii_uppercase();
    let number = names.iter().position(|name| *name == upper).map_or_else(
        || {
            text.parse::<i32>()
                .map_err(|_| "is no log severity: INFO to FATAL or a number".to_owned())
        },
        |index| Ok(i32::try_from(index).unwrap_or_default()),
    )?;
    Ok(Value::Int(i64::from(number)))
}

pub(super) fn version(text: &str) -> Result<Value, String> {
    let pretend = text.starts_with('v') && text.contains('.');
    if text == "raw" || pretend {
        return Ok(Value::Text(text.to_owned()));
    }
    scalar::bool(text).map(Value::Bool)
}

/// Source: component-base `cli/flag/namedcertkey_flag.go`.
pub(super) fn named_cert_key(text: &str) -> Result<String, String> {
    let (files, names) = match text.split_once(':') {
        Some((files, names)) => (files, Some(names.trim())),
        None => (text, None),
    };
    if names == Some("") {
        return Err("has an empty list of names".to_owned());
    }
    match files.trim().split(',').map(str::trim).collect::<Vec<_>>()[..] {
        [certificate, key] => Ok(match names {
            Some(names) => {
                let names: Vec<_> = names.split(',').map(str::trim).collect();
                format!("{certificate},{key}:{}", names.join(","))
            }
            None => format!("{certificate},{key}"),
        }),
        _ => Err("is not certificate,key or certificate,key:name".to_owned()),
    }
}
