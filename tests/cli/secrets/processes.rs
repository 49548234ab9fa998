//! Secrets in the arguments and environments of processes.

use std::fs;

use super::Places;
use crate::live::Proc;

/// The program, its arguments one a word, and its environment.
const PROCESSES: [(&str, &str, &str); 4] = [
    (
        "kube-apiserver",
        "kube-apiserver --etcd-servers=https://u:{S}@h:1,u:{S}@h --tokn {S} -p {S} {S}",
        "PASSWORD={S} HTTPS_PROXY=http://u:{S}@p",
    ),
    (
        "etcd",
        "etcd --listen-client-urls=https://u:p,{S}@h:1 --discovery=https://discovery.etcd.io/{S} {S}",
        "ETCD_LISTEN_PEER_URLS=https://u:{S}@h:1 ETCD_DISCOVERY_PASSWORD={S} ETCD_NAME={S}@u:{S}@h",
    ),
    (
        "kubelet",
        "kubelet --manifest-url=https://u:{S}@h?t={S} --manifest-url-header=no,{S}",
        "A={S}",
    ),
    ("k3s", "k3s server --token={S} --datastore-endpoint=mysql://u:{S}@h", "K3S_TOKEN={S}"),
];

/// A folder that looks like `/proc`.
pub(super) fn table(places: &mut Places<'_>) -> Proc {
    let table = Proc::new();
    for (pid, (program, args, environment)) in (10..).zip(PROCESSES) {
        let mut lines = [args, environment].map(|text| {
            let text = places.fill(&format!("the process {program}"), text);
            text.bytes().map(|byte| if byte == b' ' { 0 } else { byte }).chain([0]).collect()
        });
        let [cmdline, environ]: &mut [Vec<u8>; 2] = &mut lines;
        table.add(pid, 1, 0, Some(&format!("/usr/bin/{program}")), cmdline);
        fs::write(table.folder(pid).join("environ"), environ).expect("written");
    }
    table
}
