//! What is checked: folders of manifests and folders that look like `/proc`, made here.
//!
//! Everything follows from the number of the manifest or process, so that two runs, on whatever
//! machine, check the same bytes.

use std::fmt::Write;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The size of one manifest, more or less: what kubeadm writes for an API server.
const MANIFEST_SIZE: usize = 3600;

/// A flag up to its `=`, and the values it may get.
type Varied = (&'static str, &'static [&'static str]);

/// The components: name, image, flags that are always set, flags that vary.
const SERVERS: [(&str, &str, &[&str], &[Varied]); 5] = [
    (
        "kube-apiserver",
        "registry.k8s.io/kube-apiserver:v1.",
        &[
            "--advertise-address=192.0.2.10",
            "--allow-privileged=true",
            "--client-ca-file=/etc/kubernetes/pki/ca.crt",
            "--enable-bootstrap-token-auth=true",
            "--etcd-cafile=/etc/kubernetes/pki/etcd/ca.crt",
            "--etcd-certfile=/etc/kubernetes/pki/apiserver-etcd-client.crt",
            "--etcd-keyfile=/etc/kubernetes/pki/apiserver-etcd-client.key",
            "--etcd-servers=https://127.0.0.1:2379",
            "--kubelet-client-certificate=/etc/kubernetes/pki/apiserver-kubelet-client.crt",
            "--kubelet-client-key=/etc/kubernetes/pki/apiserver-kubelet-client.key",
            "--kubelet-preferred-address-types=InternalIP,ExternalIP,Hostname",
            "--requestheader-client-ca-file=/etc/kubernetes/pki/front-proxy-ca.crt",
            "--secure-port=6443",
            "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
            "--service-account-key-file=/etc/kubernetes/pki/sa.pub",
            "--service-account-signing-key-file=/etc/kubernetes/pki/sa.key",
            "--service-cluster-ip-range=10.96.0.0/12",
            "--tls-cert-file=/etc/kubernetes/pki/apiserver.crt",
            "--tls-private-key-file=/etc/kubernetes/pki/apiserver.key",
        ],
        &[
            ("--anonymous-auth=", &["true", "false", "F"]),
            ("--authorization-mode=", &["Node,RBAC", "AlwaysAllow", "RBAC", "Webhook,RBAC"]),
            (
                "--enable-admission-plugins=",
                &["NodeRestriction", "AlwaysPullImages,EventRateLimit"],
            ),
            ("--profiling=", &["true", "false"]),
            ("--audit-log-path=", &["/var/log/audit.log", "-"]),
            ("--audit-log-maxage=", &["5", "30", "90"]),
            ("--audit-log-maxbackup=", &["2", "10"]),
            ("--request-timeout=", &["60s", "5m0s", "1h"]),
            ("--service-account-lookup=", &["true", "false"]),
            ("--tls-min-version=", &["VersionTLS12", "VersionTLS13"]),
            ("--encryption-provider-config=", &["/etc/kubernetes/encryption.yaml"]),
            ("--feature-gates=", &["AllAlpha=true", "RotateKubeletServerCertificate=false"]),
            ("--token-auth-file=", &["/etc/kubernetes/tokens.csv"]),
        ],
    ),
    (
        "etcd",
        "registry.k8s.io/etcd:3.5.",
        &[
            "--advertise-client-urls=https://192.0.2.10:2379",
            "--cert-file=/etc/kubernetes/pki/etcd/server.crt",
            "--data-dir=/var/lib/etcd",
            "--key-file=/etc/kubernetes/pki/etcd/server.key",
            "--listen-client-urls=https://127.0.0.1:2379,https://192.0.2.10:2379",
            "--name=control-plane",
            "--trusted-ca-file=/etc/kubernetes/pki/etcd/ca.crt",
        ],
        &[
            ("--client-cert-auth=", &["true", "false"]),
            ("--peer-client-cert-auth=", &["true", "false"]),
            ("--auto-tls=", &["true", "false"]),
            ("--snapshot-count=", &["10000", "50000"]),
        ],
    ),
    (
        "kube-controller-manager",
        "registry.k8s.io/kube-controller-manager:v1.",
        &[
            "--authentication-kubeconfig=/etc/kubernetes/controller-manager.conf",
            "--authorization-kubeconfig=/etc/kubernetes/controller-manager.conf",
            "--client-ca-file=/etc/kubernetes/pki/ca.crt",
            "--cluster-name=kubernetes",
            "--cluster-signing-cert-file=/etc/kubernetes/pki/ca.crt",
            "--cluster-signing-key-file=/etc/kubernetes/pki/ca.key",
            "--controllers=*,bootstrapsigner,tokencleaner",
            "--kubeconfig=/etc/kubernetes/controller-manager.conf",
            "--root-ca-file=/etc/kubernetes/pki/ca.crt",
        ],
        &[
            ("--bind-address=", &["127.0.0.1", "0.0.0.0"]),
            ("--profiling=", &["true", "false"]),
            ("--use-service-account-credentials=", &["true", "false"]),
            ("--terminated-pod-gc-threshold=", &["10", "12500"]),
        ],
    ),
    (
        "kube-scheduler",
        "registry.k8s.io/kube-scheduler:v1.",
        &[
            "--authentication-kubeconfig=/etc/kubernetes/scheduler.conf",
            "--authorization-kubeconfig=/etc/kubernetes/scheduler.conf",
            "--kubeconfig=/etc/kubernetes/scheduler.conf",
        ],
        &[
            ("--bind-address=", &["127.0.0.1", "0.0.0.0"]),
            ("--profiling=", &["true", "false"]),
            ("--leader-elect=", &["true", "false"]),
        ],
    ),
    (
        "kubelet",
        "example.org/kubelet:v1.",
        &["--kubeconfig=/etc/kubernetes/kubelet.conf", "--node-ip=192.0.2.10"],
        &[
            ("--anonymous-auth=", &["true", "false"]),
            ("--authorization-mode=", &["Webhook", "AlwaysAllow"]),
            ("--read-only-port=", &["0", "10255"]),
            ("--rotate-certificates=", &["true", "false"]),
        ],
    ),
];

/// The part of the manifests that are for an API server: this many of eight.
const API_SERVERS: usize = 4;

/// A row of choices that follows from a number.
struct Choices(u64);

impl Choices {
    fn of(number: usize) -> Self {
        let mut choices = Self(number as u64);
        choices.below(1);
        choices
    }

    /// The next choice among `count`. Knuth's multiplier; the high bits are the varied ones.
    fn below(&mut self, count: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % count as u64).expect("less than count")
    }
}

/// The arguments of one server: index of the component, and the words without the program's name.
fn arguments(component: usize, choices: &mut Choices) -> Vec<String> {
    let (_, _, always, varied) = SERVERS[component];
    let mut words: Vec<String> = always.iter().map(|word| (*word).to_owned()).collect();
    for (flag, values) in varied {
        // One more choice than there are values: not set.
        let choice = choices.below(values.len() + 1);
        words.extend(values.get(choice).map(|value| format!("{flag}{value}")));
    }
    words
}

/// The text of one manifest.
fn manifest(number: usize) -> String {
    let mut choices = Choices::of(number);
    let component = (number % 8).saturating_sub(API_SERVERS - 1);
    let (name, image, ..) = SERVERS[component];
    let mut text = format!(
        "apiVersion: v1\nkind: Pod\nmetadata:\n  labels:\n    component: {name}\n    tier: \
         control-plane\n  name: {name}\n  namespace: kube-system\nspec:\n  containers:\n  - \
         command:\n    - {name}\n"
    );
    for word in arguments(component, &mut choices) {
        let _ = writeln!(text, "    - {word}");
    }
    let patch = if name == "etcd" { 9 + choices.below(8) } else { 28 + choices.below(7) };
    let tag = if name == "etcd" { format!("{patch}-0") } else { format!("{patch}.1") };
    let _ = writeln!(text, "    image: {image}{tag}\n    imagePullPolicy: IfNotPresent");
    for (probe, seconds) in [("livenessProbe", 10), ("readinessProbe", 1), ("startupProbe", 10)] {
        let _ = writeln!(
            text,
            "    {probe}:\n      failureThreshold: 8\n      httpGet:\n        host: 192.0.2.10\n        \
             path: /livez\n        port: 6443\n        scheme: HTTPS\n      initialDelaySeconds: \
             {seconds}\n      periodSeconds: {seconds}\n      timeoutSeconds: 15"
        );
    }
    let _ = writeln!(text, "    name: {name}\n    volumeMounts:");
    // A mount and its volume take some 190 bytes.
    let volumes = MANIFEST_SIZE.saturating_sub(text.len() + 100) / 190;
    for volume in 0..volumes {
        let _ = writeln!(
            text,
            "    - mountPath: /etc/kubernetes/mounted-{volume}\n      name: volume-{volume}\n      \
             readOnly: true"
        );
    }
    text.push_str("  hostNetwork: true\n  priorityClassName: system-node-critical\n  volumes:\n");
    for volume in 0..volumes {
        let _ = writeln!(
            text,
            "  - hostPath:\n      path: /etc/kubernetes/mounted-{volume}\n      type: \
             DirectoryOrCreate\n    name: volume-{volume}"
        );
    }
    text
}

/// A folder of so many manifests.
pub(crate) fn manifests(parent: &Path, count: usize) -> io::Result<PathBuf> {
    let folder = parent.join(format!("manifests-{count}"));
    fs::create_dir(&folder)?;
    for number in 0..count {
        fs::write(folder.join(format!("{number:05}.yaml")), manifest(number))?;
    }
    Ok(folder)
}

/// A folder like `/proc` with so many processes, one server of every component among them.
pub(crate) fn processes(parent: &Path, count: usize) -> io::Result<PathBuf> {
    let folder = parent.join(format!("proc-{count}"));
    for pid in 1..=count {
        // The servers stand apart from each other, as on a node.
        let component = (pid % (count / SERVERS.len()) == 10).then(|| pid * SERVERS.len() / count);
        let mut words = match component {
            Some(component) => arguments(component, &mut Choices::of(pid)),
            None => (0..8).map(|word| format!("--option-{word}=value-{pid}")).collect(),
        };
        let name = component.map_or_else(|| format!("worker-{pid}"), |it| SERVERS[it].0.to_owned());
        words.insert(0, format!("/usr/local/bin/{name}"));
        let cmdline: String = words.iter().flat_map(|word| [word, "\0"]).collect();
        let process = folder.join(pid.to_string());
        fs::create_dir_all(&process)?;
        fs::write(process.join("cmdline"), cmdline)?;
        let short = name.get(..15).unwrap_or(&name);
        fs::write(process.join("stat"), format!("{pid} ({short}) S 1 {pid} {pid} 0 -1 4194560\n"))?;
        if component.is_some() {
            fs::write(process.join("status"), format!("Name:\t{short}\nUid:\t0\t0\t0\t0\n"))?;
            fs::write(process.join("environ"), "PATH=/usr/bin\0")?;
        }
        std::os::unix::fs::symlink(format!("/usr/local/bin/{name}"), process.join("exe"))?;
    }
    Ok(folder)
}
