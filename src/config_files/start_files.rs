//! The certificates, keys, tokens and kubeconfigs that a server reads before it serves: one that it cannot use keeps it
//! from starting.
//!
//! Only what the server reads by itself counts, not what a controller reads once it leads, nor the kubelet, which reads
//! its files after it has validated its flags. Sources: apiserver `pkg/server/options/{serving,authentication}.go`,
//! `pkg/server/dynamiccertificates`, `pkg/storage/storagebackend/factory/etcd3.go`; kubernetes
//! `pkg/kubeapiserver/options/authentication.go`, `pkg/kubelet/client/kubelet_client.go`,
//! `cmd/kube-controller-manager/app/options`, `cmd/kube-scheduler/app/options`; etcd `client/pkg/transport/listener.go`.

use super::content::Lack;
use super::named_files::{NamedFiles, refused};
use super::pem_files::PemFiles;
use super::pki::{PemFile, pair_problem};
use super::{Problem, kubeconfig, token_file};
use crate::component::Component;
use crate::diagnostic::Diagnostic;
use crate::flags::feature_gates::is_on;
use crate::flags::value::Value;
use crate::flags::{Effective, Flags};
use crate::source::Files;

/// What a server reads of the files of a flag, or of two.
enum Read {
    /// A certificate and its private key.
    Pair(&'static str, &'static str),
    /// Pairs for names: `CERTIFICATE,KEY[:NAMES]`.
    NamedPairs(&'static str),
    /// Certificates of authorities: at least one, and all readable.
    Authorities(&'static str),
    /// The same, as etcd and its clients read it: there may be none.
    EtcdAuthorities(&'static str),
    /// Keys that tokens are verified with.
    VerifyingKeys(&'static str),
    /// The key that tokens are signed with.
    SigningKey(&'static str),
    /// Static tokens or passwords.
    Credentials(&'static str),
    /// How to reach an API server; the flag that gives the server, if there is one.
    Kubeconfig(&'static str, Option<&'static str>),
}

/// What a component reads, and when.
type Row = (Read, fn(&Flags) -> bool);

const ALWAYS: fn(&Flags) -> bool = |_| true;

const KUBE_APISERVER: &[Row] = &[
    (Read::Pair("tls-cert-file", "tls-private-key-file"), ALWAYS),
    (Read::NamedPairs("tls-sni-cert-key"), ALWAYS),
    (Read::Authorities("client-ca-file"), ALWAYS),
    (Read::Authorities("requestheader-client-ca-file"), ALWAYS),
    (Read::Authorities("oidc-ca-file"), |flags| is_filled(flags, "oidc-issuer-url")),
    (Read::Authorities("peer-ca-file"), |flags| {
        is_on(flags, "UnknownVersionInteroperabilityProxy")
    }),
    (Read::VerifyingKeys("service-account-key-file"), ALWAYS),
    (Read::SigningKey("service-account-signing-key-file"), |flags| {
        is_filled(flags, "service-account-issuer")
    }),
    (Read::Pair("etcd-certfile", "etcd-keyfile"), ALWAYS),
    (Read::EtcdAuthorities("etcd-cafile"), ALWAYS),
    (Read::Pair("kubelet-client-certificate", "kubelet-client-key"), ALWAYS),
    (Read::Authorities("kubelet-certificate-authority"), ALWAYS),
    (Read::Pair("proxy-client-cert-file", "proxy-client-key-file"), ALWAYS),
    (Read::Credentials("token-auth-file"), ALWAYS),
    (Read::Credentials("basic-auth-file"), ALWAYS),
];

/// kube-controller-manager and kube-scheduler, which authenticate nobody where they do not serve.
const MANAGERS: &[Row] = &[
    (Read::Kubeconfig("kubeconfig", Some("master")), ALWAYS),
    (Read::Kubeconfig("authentication-kubeconfig", None), serves),
    (Read::Kubeconfig("authorization-kubeconfig", None), serves),
    (Read::Pair("tls-cert-file", "tls-private-key-file"), serves),
    (Read::NamedPairs("tls-sni-cert-key"), serves),
    (Read::Authorities("client-ca-file"), serves),
    (Read::Authorities("requestheader-client-ca-file"), serves),
];

const ETCD: &[Row] = &[
    (Read::Pair("cert-file", "key-file"), |flags| has_https(flags, "listen-client-urls")),
    (Read::EtcdAuthorities("trusted-ca-file"), |flags| has_https(flags, "listen-client-urls")),
    (Read::Pair("peer-cert-file", "peer-key-file"), |flags| has_https(flags, "listen-peer-urls")),
    (Read::EtcdAuthorities("peer-trusted-ca-file"), |flags| has_https(flags, "listen-peer-urls")),
];

fn is_filled(flags: &Flags, name: &str) -> bool {
    flags.value(name).is_some_and(|value| !value.is_empty())
}

/// Whether the server has a port for TLS.
fn serves(flags: &Flags) -> bool {
    matches!(flags.value("secure-port"), Some(value) if value.as_number() != Some(0))
}

fn has_https(flags: &Flags, urls: &str) -> bool {
    flags.value(urls).is_some_and(|urls| urls.printed().contains("https://"))
}

/// Adds what the server refuses in these files to the diagnostics.
pub(super) fn refuse(flags: &mut Flags, files: &Files, pem: &PemFiles) {
    if files.are_elsewhere() {
        return;
    }
    let rows = match flags.catalog.component {
        Component::KubeApiserver => KUBE_APISERVER,
        Component::KubeControllerManager | Component::KubeScheduler => MANAGERS,
        Component::Etcd => ETCD,
        Component::Kubelet => &[],
    };
    let start = Start { named: NamedFiles { flags, files }, pem };
    let read = rows.iter().filter(|(_, is_read)| is_read(flags));
    let refusals: Vec<Refusal> = read.flat_map(|(read, _)| start.refusals(read)).collect();
    for Refusal { flag, breaks, diagnostic } in refusals {
        if breaks {
            flags.refuse_for(flag, diagnostic);
        } else {
            flags.diagnostics.push(diagnostic);
        }
    }
    flags.break_refused();
}

/// A file that keeps the server from starting.
struct Refusal {
    flag: &'static str,
    /// Whether the file itself cannot be used, so that no rule can be judged by what the flag says.
    breaks: bool,
    diagnostic: Diagnostic,
}

/// The files of a server before its start.
struct Start<'s> {
    named: NamedFiles<'s>,
    pem: &'s PemFiles,
}

impl Start<'_> {
    fn refusals(&self, read: &Read) -> Vec<Refusal> {
        match read {
            Read::Pair(certificate, key) => self.pair(certificate, key),
            Read::NamedPairs(flag) => self.named_pairs(flag),
            Read::Authorities(flag) => self.each(flag, |file| file.bundle().map(|_| ())),
            Read::EtcdAuthorities(flag) => self.each(flag, PemFile::no_broken_certificate),
            Read::VerifyingKeys(flag) => self.each(flag, |file| file.verifying_keys().map(|_| ())),
            Read::SigningKey(flag) => self.each(flag, PemFile::signing_key),
            Read::Credentials(flag) => self.credentials(flag).into_iter().collect(),
            Read::Kubeconfig(flag, server) => self.kubeconfig(flag, *server).into_iter().collect(),
        }
    }

    /// The paths that a flag is set to.
    fn paths(&self, flag: &str) -> Vec<&str> {
        let paths = match self.named.flags.effective(flag) {
            Effective::Set { value: Value::Text(path), .. } => std::slice::from_ref(path),
            Effective::Set { value: Value::List(paths), .. } => paths.as_slice(),
            _ => &[],
        };
        paths.iter().map(String::as_str).filter(|path| !path.is_empty()).collect()
    }

    fn each(
        &self,
        flag: &'static str,
        check: impl Fn(&PemFile) -> Result<(), Problem>,
    ) -> Vec<Refusal> {
        let paths = self.paths(flag).into_iter();
        paths.filter_map(|path| self.unusable(flag, path, &check)).collect()
    }

    /// Why a file cannot be used; nothing if it can, or is not part of the input.
    fn unusable(
        &self,
        flag: &'static str,
        path: &str,
        check: impl Fn(&PemFile) -> Result<(), Problem>,
    ) -> Option<Refusal> {
        let lack = match self.pem.read(path, self.named.files) {
            Ok(file) => Lack::Refused(check(&file).err()?),
            Err(unread) => self.named.unread(path, unread),
        };
        self.refusal(flag, &lack, true)
    }

    fn refusal(&self, flag: &'static str, lack: &Lack, breaks: bool) -> Option<Refusal> {
        let diagnostic = self.named.refusal(flag, lack)?;
        Some(Refusal { flag, breaks, diagnostic })
    }

    fn pair(&self, certificate: &'static str, key: &'static str) -> Vec<Refusal> {
        let of = |flag| self.paths(flag).first().copied();
        match (of(certificate), of(key)) {
            (Some(one), Some(other)) => self.files_of_pair((certificate, one), (key, other)),
            // That only one is given is refused by the flags.
            _ => Vec::new(),
        }
    }

    fn files_of_pair(
        &self,
        (certificate, of_certificate): (&'static str, &str),
        (key, of_key): (&'static str, &str),
    ) -> Vec<Refusal> {
        let certificate = self.unusable(certificate, of_certificate, |it| it.leaf().map(|_| ()));
        let of_its_own = self.unusable(key, of_key, |it| it.private_key().map(|_| ()));
        let unusable: Vec<Refusal> = certificate.into_iter().chain(of_its_own).collect();
        let read = |path| self.pem.read(path, self.named.files).ok();
        let (true, Some(one), Some(other)) =
            (unusable.is_empty(), read(of_certificate), read(of_key))
        else {
            return unusable;
        };
        let why = pair_problem(&one, &other);
        let refusal = why.map(|why| Refusal {
            flag: key,
            breaks: false,
            diagnostic: refused(key, &why, self.named.place(key)),
        });
        refusal.into_iter().collect()
    }

    fn named_pairs(&self, flag: &'static str) -> Vec<Refusal> {
        let pairs = self.paths(flag).into_iter().filter_map(|item| {
            let (files, _) = item.split_once(':').unwrap_or((item, ""));
            files.split_once(',')
        });
        let of_pair = |(certificate, key): (&str, &str)| {
            self.files_of_pair((flag, certificate.trim()), (flag, key.trim()))
        };
        pairs.flat_map(of_pair).collect()
    }

    /// That there is such a flag at all is what rules ask: the flag keeps its value.
    fn credentials(&self, flag: &'static str) -> Option<Refusal> {
        let path = self.paths(flag).first().copied()?;
        let lack = match self.named.files.read_once(path) {
            Ok(file) => Lack::Refused(token_file::check(&file).err()?),
            Err(unread) => self.named.unread(path, unread),
        };
        self.refusal(flag, &lack, false)
    }

    fn kubeconfig(&self, flag: &'static str, server: Option<&str>) -> Option<Refusal> {
        let path = self.paths(flag).first().copied()?;
        let server_is_given = server.is_some_and(|server| is_filled(self.named.flags, server));
        let lack = match self.named.files.read_once(path) {
            Ok(file) => {
                let checked = kubeconfig::check(&file, path, self.named.files, server_is_given);
                Lack::Refused(checked.err()?)
            }
            Err(unread) => self.named.unread(path, unread),
        };
        self.refusal(flag, &lack, true)
    }
}
