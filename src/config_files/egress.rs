//! EgressSelectorConfiguration: through which proxies the server connects.
//!
//! Decoding is strict. Source: apiserver `pkg/server/egressselector/config.go`.

use super::quoted::shown;
use super::{ApiVersions, Located, Object, Problem, document};
use crate::source::NamedBytes;
use crate::version::Minor;

const KIND: ApiVersions = ApiVersions {
    kind: "EgressSelectorConfiguration",
    versions: &[("apiserver.k8s.io/v1beta1", "1.20.."), ("apiserver.k8s.io/v1alpha1", "1.17..")],
};

/// The first connection to a proxy that is not protected; `None` if all are.
pub fn unprotected(file: &NamedBytes, minor: Minor) -> Result<Option<Located<String>>, Problem> {
    let document = document(file)?;
    let object = document.strict_object(&KIND, minor)?;
    object.only(&["kind", "apiVersion", "egressSelections"])?;
    let mut weakest = None;
    for selection in object.objects("egressSelections")? {
        selection.only(&["name", "connection"])?;
        let name = selection.text("name")?.map(|name| name.value).unwrap_or_default();
        // `master` is what the control plane was called first.
        let known = ["controlplane", "master", "etcd", "cluster"];
        if !known.iter().any(|known| name.eq_ignore_ascii_case(known)) {
            let message =
                format!("{:?} is no connection: controlplane, etcd or cluster", shown(&name));
            return Err(selection.problem(message));
        }
        let connection = selection
            .object("connection")?
            .ok_or_else(|| selection.problem("a selection has no connection"))?;
        // Those behind the first are looked at too: the server may refuse them.
        weakest = weakest.or(weakness(&name, &connection)?);
    }
    Ok(weakest)
}

fn weakness(name: &str, connection: &Object<'_>) -> Result<Option<Located<String>>, Problem> {
    connection.only(&["proxyProtocol", "transport"])?;
    let Some(transport) = connection.object("transport")? else { return Ok(None) };
    transport.only(&["tcp", "uds"])?;
    let Some(tcp) = transport.object("tcp")? else { return Ok(None) };
    tcp.only(&["url", "tlsConfig"])?;
    let url = tcp.text("url")?.ok_or_else(|| tcp.problem("tcp has no url"))?;
    if !url.value.starts_with("https://") {
        let value = format!("the proxy for {name} is not reached by https");
        return Ok(Some(Located { value, ..url }));
    }
    let tls = tcp.object("tlsConfig")?.ok_or_else(|| tcp.problem("https needs a tlsConfig"))?;
    tls.only(&["caBundle", "clientKey", "clientCert"])?;
    for required in ["clientKey", "clientCert"] {
        if tls.text(required)?.is_none() {
            return Err(tls.problem(format!("tlsConfig has no {required}")));
        }
    }
    if tls.text("caBundle")?.is_none() {
        let value = format!("the proxy for {name} may have a certificate of any public CA");
        return Ok(Some(Located { value, location: tls.location() }));
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::unprotected;
    use crate::source::NamedBytes;
    use crate::version::Minor;

    fn read(transport: &str) -> Result<Option<String>, String> {
        let text = format!(
            "apiVersion: apiserver.k8s.io/v1beta1\nkind: EgressSelectorConfiguration\negressSelections:\n\
             - name: cluster\n  connection:\n    proxyProtocol: HTTPConnect\n    transport: {transport}\n"
        );
        let file = NamedBytes { name: "/e.yaml".into(), bytes: text.into_bytes() };
        unprotected(&file, Minor { major: 1, minor: 34 })
            .map(|found| found.map(|found| format!("{}: {}", found.location, found.value)))
            .map_err(|problem| problem.message)
    }

    #[test]
    fn proxies_are_reached_by_sockets_or_verified_tls() {
        let pair = "clientKey: /k, clientCert: /c";
        assert_eq!(read("{uds: {udsName: /s}}"), Ok(None));
        assert_eq!(
            read(&format!("{{tcp: {{url: 'https://p', tlsConfig: {{caBundle: /ca, {pair}}}}}}}")),
            Ok(None)
        );
        let open = read("{tcp: {url: 'http://p'}}").expect("read").expect("open");
        assert_eq!(open, "/e.yaml:7: the proxy for cluster is not reached by https");
        assert!(
            read(&format!("{{tcp: {{url: 'https://p', tlsConfig: {{{pair}}}}}}}"))
                .expect("read")
                .is_some()
        );
        for text in [
            "{tcp: {}}",
            "{tcp: {url: 'https://p'}}",
            "{tcp: {url: 'https://p', tlsConfig: {}}}",
            "{udp: {}}",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
