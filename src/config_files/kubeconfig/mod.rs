//! kubeconfig files: whether a client can be made of one, and whether its connections are protected.
//!
//! Decoding is lenient: unknown fields are left out. What a context that is not the current one leads to is never
//! read, but somebody may make it the current one: each cluster's connection is looked at. Source: client-go `tools/clientcmd/api/v1/types.go`,
//! `tools/clientcmd/client_config.go`.

mod client;

use super::{Located, Object, Problem, document};
use crate::source::{Files, NamedBytes};
use client::ClientConfig;

/// Refuses the kubeconfig at a path where no client can be made of it; `server_is_given` if a flag gives the server.
pub fn check(
    file: &NamedBytes,
    path: &str,
    files: &Files,
    server_is_given: bool,
) -> Result<(), Problem> {
    ClientConfig::at(path, files, server_is_given).check(file)
}

/// What is wrong with the connection to a cluster that has a server; `None` if all are protected.
pub fn unprotected(file: &NamedBytes) -> Result<Option<Located<String>>, Problem> {
    let document = document(file)?;
    let object = document.any_object()?;
    let mut weakest = None;
    for entry in object.objects("clusters")? {
        // Those behind the first are looked at too: the server may refuse them.
        if let Some(cluster) = entry.object("cluster")? {
            weakest = weakest.or(weakness(&cluster)?);
        }
    }
    Ok(weakest)
}

fn weakness(cluster: &Object<'_>) -> Result<Option<Located<String>>, Problem> {
    let Some(server) = cluster.text("server")? else { return Ok(None) };
    if !server.value.starts_with("https://") {
        let value = "the server is not https".to_owned();
        return Ok(Some(Located { value, ..server }));
    }
    let skips = cluster.bool("insecure-skip-tls-verify")?.filter(|skips| skips.value);
    if let Some(skips) = skips {
        let value = "insecure-skip-tls-verify: its certificate is not verified".to_owned();
        return Ok(Some(Located { value, location: skips.location }));
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::{check, unprotected};
    use crate::source::{Files, NamedBytes};

    fn read(cluster: &str) -> Result<Option<String>, String> {
        let text = format!(
            "kind: Config\n# insecure-skip-tls-verify: true\nclusters:\n- name: c\n  cluster: {{{cluster}}}\n"
        );
        let file = NamedBytes { name: "/k.yaml".into(), bytes: text.into_bytes() };
        unprotected(&file)
            .map(|found| found.map(|found| format!("{}: {}", found.location, found.value)))
            .map_err(|problem| problem.message)
    }

    #[test]
    fn a_connection_is_protected_by_https_that_is_verified() {
        assert_eq!(read("server: 'https://w', certificate-authority: /ca, other: 1"), Ok(None));
        assert_eq!(read("server: 'https://w', insecure-skip-tls-verify: false"), Ok(None));
        let open = read("server: 'http://w'").expect("read").expect("open");
        assert_eq!(open, "/k.yaml:5: the server is not https");
        let unverified = read("server: 'https://w', insecure-skip-tls-verify: true").expect("read");
        assert!(unverified.expect("open").contains("not verified"));
        assert_eq!(read(""), Ok(None));
        assert!(read("server: 1").is_err());
        assert!(read("server: 'https://w', insecure-skip-tls-verify: 'yes'").is_err());
    }

    #[test]
    fn a_client_is_made_of_the_current_contexts_cluster_and_user() {
        let clusters = "clusters: [{name: c, cluster: {server: 'https://h'}}, {name: d}]";
        let users =
            "users: [{name: u, user: {token: t}}, {name: two, user: {token: t, password: p}}]";
        let contexts = "contexts: [{name: x, context: {cluster: c, user: u}}, {name: w, context: {cluster: d}}, \
                        {name: z, context: {cluster: c, user: two}}]";
        let refused = |text: &str, server_is_given: bool| {
            let file = NamedBytes { name: "/k".into(), bytes: text.as_bytes().to_vec() };
            check(&file, "/k", &Files::elsewhere(), server_is_given).is_err()
        };
        let whole = |current: &str| {
            format!("apiVersion: v1\nkind: Config\n{clusters}\n{users}\n{contexts}\n{current}\n")
        };
        assert!(!refused(&whole("current-context: x"), false));
        for (current, given) in [("", false), ("current-context: w", false)] {
            assert!(
                refused(&whole(current), given) && !refused(&whole(current), true),
                "{current}"
            );
        }
        for current in ["current-context: none", "current-context: z"] {
            assert!(refused(&whole(current), true), "{current}");
        }
        let whole = whole("current-context: x");
        for (from, to) in [
            ("kind: Config", "kind: Pod"),
            ("apiVersion: v1", "apiVersion: v2"),
            ("server: 'https://h'", "server: ''"),
            ("name: d}", "name: c}"),
            ("token: t}", "client-certificate: /c}"),
            ("server: 'https://h'", "server: 'https://h', certificate-authority-data: '!'"),
            (
                "server: 'https://h'",
                "server: 'https://h', insecure-skip-tls-verify: true, certificate-authority: /ca",
            ),
        ] {
            assert!(refused(&whole.replacen(from, to, 1), false), "{to}");
        }
    }
}
