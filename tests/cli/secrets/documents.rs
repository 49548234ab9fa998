//! Secrets in the documents that servers are configured by: distributions, units, processes, logs.

use super::Places;

/// A file of each format with the arguments of a server, or what they are made of.
const DOCUMENTS: [(&str, &str); 27] = [
    (
        "kubeadm.yaml",
        "apiVersion: kubeadm.k8s.io/v1beta3\nkind: ClusterConfiguration\nkubernetesVersion: v1.30.0\n\
         etcd: {external: {endpoints: ['https://u:{S}@h:2379'], keyFile: /k}}\napiServer:\n  \
         extraArgs: {oidc-issuer-url: 'https://i?x={S}', profilng: '{S}', audit-log-maxage: 'u:{S}@h'}\n\
         ---\napiVersion: kubeadm.k8s.io/v1beta3\nkind: InitConfiguration\ncertificateKey: {S}\n\
         bootstrapTokens: [{token: '{S}.{S}'}]\n",
    ),
    (
        "k3s.yaml",
        "token: {S}\nagent-token: {S}\ndatastore-endpoint: 'postgres://u:{S}@h:5432/k3s'\n\
         etcd-s3-secret-key: {S}\ndisable: [traefik]\nkube-apiserver-arg:\n\
         - etcd-servers=https://u:{S}@h:1\n- tokn={S}\n- {S}\n",
    ),
    (
        "rke2.yaml",
        "token: {S}\ncni: cilium\nprofile: cis\nserver: 'https://u:{S}@h:9345'\n\
         kube-apiserver-arg: ['service-account-jwks-uri=https://j?t={S}', 'allow-privileged', '{S}']\n\
         etcd-arg: ['listen-client-urls=https://u:p,{S}@h:1']\n",
    ),
    (
        "talos.yaml",
        "version: v1alpha1\nmachine:\n  type: controlplane\n  token: {S}\n  ca: {crt: {S}, key: {S}}\n\
         cluster:\n  secret: {S}\n  token: {S}\n  aescbcEncryptionSecret: {S}\n  \
         secretboxEncryptionSecret: {S}\n  serviceAccount: {key: {S}}\n  \
         controlPlane: {endpoint: 'https://u:{S}@10.0.0.2:6443'}\n  apiServer:\n    \
         image: registry.k8s.io/kube-apiserver:v1.34.1\n    \
         extraArgs: {etcd-servers: 'https://u:{S}@h', tokn: '{S}'}\n  \
         etcd: {extraArgs: {listen-metrics-urls: 'http://u:{S}@h'}}\n",
    ),
    (
        "kops.yaml",
        "apiVersion: kops.k8s.io/v1alpha2\nkind: Cluster\nmetadata: {name: a}\nspec:\n  \
         kubernetesVersion: v1.32.0\n  kubeAPIServer:\n    etcdServers: ['https://u:{S}@h:1']\n    \
         oidcIssuerURL: 'https://u:{S}@i'\n    {S}: {S}\n  etcdClusters:\n  - name: main\n    \
         manager: {env: [{name: ETCD_LISTEN_CLIENT_URLS, value: 'https://u:{S}@h'}]}\n",
    ),
    (
        "kubespray.yml",
        "kube_version: 1.33.4\nkube_api_anonymous_auth: no\nauthorization_modes: [Node, RBAC]\n\
         kube_oidc_url: 'https://u:{S}@h'\nkube_encrypt_token: {S}\n\
         kube_apiserver_extra_args: {etcd-servers: 'u:{S}@h:1', tokn: '{S}'}\n",
    ),
    (
        "compose.yml",
        "services:\n  etcd:\n    image: quay.io/coreos/etcd:v3.5.9\n    environment:\n      \
         ETCD_LISTEN_PEER_URLS: 'https://u:{S}@h'\n      ROOT_PASSWORD: {S}\n      \
         ETCD_DISCOVERY: 'https://discovery.etcd.io/{S}'\n    \
         command: etcd --listen-client-urls=https://u:{S}@h {S}\n  apiserver:\n    \
         image: registry.k8s.io/kube-apiserver:v1.29.1\n    \
         command: [kube-apiserver, '--etcd-servers=u:{S}@h:1', '-p', '{S}', '{S}']\n",
    ),
    (
        "inspect.json",
        "[{\"Path\": \"kube-apiserver\", \"Args\": [\"--etcd-servers=https://u:{S}@h\", \"{S}\"], \
         \"Name\": \"/kube-apiserver\", \"Config\": {\"Image\": \"kube-apiserver:v1.24.4\", \
         \"Env\": [\"PASSWORD={S}\"]}}]\n",
    ),
    (
        "kube-apiserver.service",
        "[Service]\nEnvironment=URL=https://u:{S}@h:1 PASSWORD={S}\n\
         Environment=\"MORE={S}\nEnvironmentFile=/etc/x\n\
         ExecStart=/usr/bin/kube-apiserver --etcd-servers=${URL} --profiling=false ${PASSWORD} $={S} \
         a$b{S} {S}\nExecStart=/bin/{S}\nNonsense {S}\n",
    ),
    (
        "etcd.service",
        "[Service]\nEnvironment=ETCD_LISTEN_CLIENT_URLS=https://u:{S}@h:1\n\
         Environment=ETCD_DISCOVERY_PASSWORD={S}\nExecStart=/usr/bin/etcd --data-dir=/d {S}\n",
    ),
    (
        "etcd.env",
        "ETCD_NAME=a\nETCD_DATA_DIR=/d\nETCD_LISTEN_CLIENT_URLS=https://u:{S}@h:1\n\
         ETCD_DISCOVERY=https://discovery.etcd.io/{S}\nETCD_INITIAL_CLUSTER_TOKEN={S}\nno entry {S}\n",
    ),
    (
        "ps.txt",
        "UID   PID  PPID  C STIME TTY   TIME CMD\n\
         root    1     0  0 Jan05 ?     00:00:09 /sbin/init --password={S}\n\
         root 1234  1200  5 Jan05 ?     01:02:03 kube-apiserver --etcd-servers=https://u:{S}@h:1 \
         --allow-privileged {S} --tokn {S} -p {S}\n\
         root 2003  1900  0 09:15 ?     00:00:00 /usr/bin/etcd --listen-client-urls=https://u:{S}@h\n",
    ),
    (
        "journal.log",
        "Jan 02 03:05:05 node1 k3s[812]: time=\"2025-01-02T03:05:05Z\" level=info msg=\"Running \
         kube-apiserver --etcd-servers=https://u:{S}@h:1 --tokn={S} {S}\"\n\
         Jan 02 03:05:06 node1 k3s[812]: time=\"2025-01-02T03:05:06Z\" level=info msg=\"token {S}\"\n",
    ),
    (
        "k0s.yaml",
        "apiVersion: k0s.k0sproject.io/v1beta1\nkind: ClusterConfig\nmetadata: {name: k0s}\nspec:\n  \
         api:\n    extraArgs: {etcd-servers: 'https://u:{S}@h', tokn: '{S}'}\n  storage:\n    \
         kine: {dataSource: 'mysql://u:{S}@tcp(h)/k'}\n",
    ),
    (
        "supervisord.conf",
        "[program:kube-apiserver]\nenvironment=PASSWORD=\"{S}\",URL=\"https://u:{S}@h\"\n\
         command=/bin/kube-apiserver --profiling=false --etcd-servers=%(ENV_URL)s {S}\n",
    ),
    (
        "shoot.yaml",
        "apiVersion: core.gardener.cloud/v1beta1\nkind: Shoot\nmetadata: {name: a}\nspec:\n  kubernetes:\n    \
         version: 1.33.4\n    kubeAPIServer:\n      oidcConfig: {issuerURL: 'https://u:{S}@i', \
         clientID: a}\n      serviceAccountConfig: {issuer: 'https://u:{S}@i'}\n",
    ),
    (
        "kind.yaml",
        "kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\nkubeadmConfigPatches:\n- |\n  \
         kind: ClusterConfiguration\n  apiServer: {extraArgs: {etcd-servers: 'https://u:{S}@h', \
         tokn: '{S}'}}\n",
    ),
    (
        "rke1.yml",
        "kubernetes_version: v1.24.4-rancher1-1\nnodes:\n- {address: h, user: u, ssh_key: {S}, \
         role: [controlplane, etcd]}\nprivate_registries: [{url: x, password: {S}}]\nservices:\n  \
         kube-api: {extra_args: {etcd-servers: 'https://u:{S}@h', tokn: '{S}'}}\n  \
         etcd: {backup_config: {s3backupconfig: {secret_key: {S}}}}\n",
    ),
    (
        "master-config.yaml",
        "apiVersion: v1\nkind: MasterConfig\netcdClientInfo: {urls: ['https://u:{S}@h:1']}\n\
         oauthConfig: {identityProviders: [{provider: {bindPassword: {S}}}]}\n\
         kubernetesMasterConfig: {apiServerArguments: {etcd-servers: ['https://u:{S}@h'], tokn: [{S}]}}\n",
    ),
    (
        "start.sh",
        "#!/bin/sh\nPASSWORD={S}\nURL=\"https://u:{S}@h:1\"\n\
         exec kube-apiserver --profiling=false --etcd-servers=$URL --tokn={S} \"$PASSWORD\" {S}\n",
    ),
    (
        "args",
        "--etcd-servers=https://u:{S}@h:1\n--service-account-issuer=https://i?x={S}\n\
         --authorization-mode=RBAC\n--tokn {S}\n--allow-privileged {S}\n--profiling=false\n{S}\n",
    ),
    (
        "secret.yaml",
        "apiVersion: v1\nkind: Secret\nmetadata: {name: kube-apiserver}\n\
         stringData: {password: {S}, {S}: {S}, {S}: 1}\ndata: {token: {S}}\n",
    ),
    (
        "twice.yaml",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p, annotations: {a: {S}, a: {S}}}\nspec:\n  \
         containers:\n  - name: kube-apiserver\n    image: kube-apiserver:v1.34.0\n    \
         env: [{name: A, value: {S}}, {name: A, value: 'https://u:{S}@h'}]\n    \
         command: [kube-apiserver, '--etcd-servers=$(A)', $(A), 7]\n",
    ),
    (
        "broken.yaml",
        "apiVersion: v1\nkind: Pod # kube-apiserver\nspec:\n  password: {S}\n  token: \"{S}\n\
         \t{S}: [*{S}\n",
    ),
    ("alias.yaml", "kind: Pod # kube-apiserver --profiling\npassword: *{S}\n{S}: &{S} !{S} x\n"),
    (
        "script-in-pod.yaml",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  \
         - name: kube-apiserver\n    image: kube-apiserver:v1.34.0\n    command: [sh, -c, \
         'export P={S}; exec kube-apiserver --etcd-servers=https://u:{S}@h --tokn={S} $P {S}']\n",
    ),
    (
        "crictl.json",
        "{\"info\": {\"config\": {\"image\": {\"image\": \"kube-apiserver:v1.30.0\"}, \
         \"command\": [\"kube-apiserver\", \"--etcd-servers=https://u:{S}@h\", \"{S}\"], \
         \"envs\": [{\"key\": \"A\", \"value\": \"{S}\"}]}}}\n",
    ),
];

pub(super) fn add(places: &mut Places<'_>) {
    for (name, text) in DOCUMENTS {
        places.file(&format!("inputs/document-{name}"), text);
    }
}
