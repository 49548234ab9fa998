//! kubeconfig files: where a webhook is, and whether the connection to it is protected.
//!
//! Decoding is lenient: unknown fields are left out. Source: client-go `tools/clientcmd/api/v1/types.go`,
//! `tools/clientcmd/client_config.go`.

use super::{Located, Object, Problem, document};
use crate::source::NamedBytes;

/// What is wrong with the connection to a cluster; `None` if it is protected.
pub fn unprotected(file: &NamedBytes) -> Result<Option<Located<String>>, Problem> {
    let document = document(file)?;
    let object = document.any_object()?;
    let clusters = object.objects("clusters")?;
    if clusters.is_empty() {
        return Err(object.problem("names no cluster"));
    }
    let mut weakest = None;
    for entry in &clusters {
        let cluster =
            entry.object("cluster")?.ok_or_else(|| entry.problem("a cluster says nothing"))?;
        // Those behind the first are looked at too: the server may refuse them.
        weakest = weakest.or(weakness(&cluster)?);
    }
    Ok(weakest)
}

fn weakness(cluster: &Object<'_>) -> Result<Option<Located<String>>, Problem> {
    let server =
        cluster.text("server")?.ok_or_else(|| cluster.problem("a cluster has no server"))?;
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
    use super::unprotected;
    use crate::source::NamedBytes;

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
        assert!(read("").is_err() && read("server: 1").is_err());
        assert!(read("server: 'https://w', insecure-skip-tls-verify: 'yes'").is_err());
    }
}
