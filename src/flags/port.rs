//! The port on which a component serves: what tells two servers of one executable apart.

use super::value::Value;
use super::{Effective, Flags};
use crate::component::Component;

impl Flags {
    /// The port on which the component serves, by its flags, its own file or its default; of etcd the
    /// ports of its client URLs. `None` if it cannot be told.
    pub fn port(&self) -> Option<String> {
        let name = match self.catalog.component {
            Component::KubeApiserver => "secure-port",
            Component::Kubelet => "port",
            Component::Etcd => return self.value("listen-client-urls").map(ports_of_urls),
            // Both served on an insecure port alone before they had another.
            Component::KubeControllerManager | Component::KubeScheduler => {
                match self.effective("secure-port") {
                    Effective::Absent { setting: None } => "port",
                    _ => "secure-port",
                }
            }
        };
        self.value(name).map(ToString::to_string)
    }
}

/// The ports of URLs, each once and in order, so that the order of the URLs plays no part.
fn ports_of_urls(urls: &Value) -> String {
    let printed = urls.printed();
    let mut ports: Vec<&str> = printed
        .trim_matches(['[', ']'])
        .split(',')
        .filter_map(|url| url.trim().rsplit_once(':'))
        .map(|(_, port)| port.trim_end_matches('/'))
        .filter(|port| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()))
        .collect();
    ports.sort_unstable();
    ports.dedup();
    ports.join(",")
}

#[cfg(test)]
mod tests {
    use super::super::Flags;
    use crate::command_line::CommandLine;
    use crate::component::Component::{
        Etcd, KubeApiserver, KubeControllerManager, KubeScheduler, Kubelet,
    };
    use crate::flags::catalog::Catalog;

    #[test]
    fn a_port_is_read_as_the_server_reads_its_flags() {
        let cases: [(_, &[&str], Option<&str>); 15] = [
            (KubeApiserver, &[], Some("6443")),
            (KubeApiserver, &["--secure-port=6443"], Some("6443")),
            (KubeApiserver, &["--secure-port", "6443"], Some("6443")),
            (KubeApiserver, &["--secure_port=06443", "--v=2"], Some("3363")),
            (KubeApiserver, &["--secure-port=1", "--secure-port", "2"], Some("2")),
            (KubeApiserver, &["--cert-dir", "--secure-port=1"], Some("6443")),
            (KubeApiserver, &["--secure-port=x"], None),
            (Kubelet, &[], Some("10250")),
            (Kubelet, &["--port=1"], Some("1")),
            (KubeScheduler, &[], Some("10259")),
            (KubeControllerManager, &["--secure-port=7"], Some("7")),
            (Etcd, &[], Some("2379")),
            (
                Etcd,
                &["--listen-client-urls=https://127.0.0.1:2,https://[::1]:1,https://10.0.0.1:2"],
                Some("1,2"),
            ),
            (Etcd, &["-listen-client-urls", "https://127.0.0.1:2379"], Some("2379")),
            (Etcd, &["--listen-client-urls=unix:///run/etcd.sock"], Some("")),
        ];
        for (component, args, port) in cases {
            let line = CommandLine::given(component, args.iter().map(ToString::to_string));
            let flags = Flags::read(&line, Catalog::of(component).newest());
            assert_eq!(flags.port().as_deref(), port, "{component} {args:?}");
        }
    }
}
