//! Secrets in the files that flags name: values where they belong, and keys in the wrong column.

use super::Places;

/// A flag of kube-apiserver, and files that it may name.
const FILES: [(&str, &[&str]); 11] = [
    ("authentication-config", AUTHENTICATION),
    ("authorization-config", AUTHORIZATION),
    ("encryption-provider-config", ENCRYPTION),
    ("admission-control-config-file", ADMISSION),
    ("audit-policy-file", AUDIT),
    ("egress-selector-config-file", EGRESS),
    ("tracing-config-file", TRACING),
    ("audit-webhook-config-file", KUBECONFIG),
    ("token-auth-file", &["{S},admin,1,system:masters\n{S}\n", "- {S}: {S}\n"]),
    ("service-account-key-file", KEYS),
    ("tls-private-key-file", KEYS),
];

const AUTHENTICATION: &[&str] = &[
    "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthenticationConfiguration\njwt:\n\
     - issuer: {url: 'https://u:{S}@i', discoveryURL: 'https://d?t={S}', audiences: ['{S}']}\n  \
     claimMappings: {username: {claim: sub, prefix: ''}, groups: {claim: g, prefix: ''}}\n",
    "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthenticationConfiguration\njwt:\n\
     - issuer: {url: 'https://i?x={S}', audiences: [a]}\n  {S}: {S}\n",
    "apiVersion: apiserver.config.k8s.io/{S}\nkind: AuthenticationConfiguration\n",
    "apiVersion: apiserver.config.k8s.io/v1\nkind: {S}\n",
    "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthenticationConfiguration\nx: {S}\n",
];

const AUTHORIZATION: &[&str] = &[
    "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthorizationConfiguration\nauthorizers:\n\
     - {type: {S}, name: a}\n",
    "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthorizationConfiguration\nauthorizers:\n\
     - {type: Webhook, name: a, webhook: {failurePolicy: {S}, timeout: 3s, {S}: 1}}\n",
    "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthorizationConfiguration\nauthorizers:\n\
     - type: Webhook\n  name: a\n  webhook:\n    timeout: 3s\n    failurePolicy: {S}\n    \
     subjectAccessReviewVersion: v1\n    matchConditionSubjectAccessReviewVersion: v1\n    \
     connectionInfo: {type: KubeConfigFile, kubeConfigFile: /k/webhook}\n",
];

const ENCRYPTION: &[&str] = &[
    "apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n\
     - resources: [secrets]\n  providers:\n  - aescbc: {keys: [{name: a, secret: {S}AAAA}]}\n",
    "apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n\
     - resources: [secrets]\n  providers:\n  - aescbc: {keys: [{name: {S}, secret: {S}}]}\n",
    "apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n\
     - resources: [secrets]\n  providers:\n  - aescbc: {keys: [{name: a, {S}: x}]}\n",
    "apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n\
     - resources: [{S}]\n  providers: [{identity: {}}]\n",
    "apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n\
     - resources: [secrets]\n  providers:\n  - {S}: {keys: [{name: a, secret: x}]}\n",
    "apiVersion: apiserver.config.k8s.io/v1\nkind: {S}\nresources: []\n",
    "apiVersion: {S}\nkind: EncryptionConfiguration\nresources: []\n",
    "apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\n{S}: []\n",
    "apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources: {S}\n",
    "apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n\
     - resources: [secrets]\n  providers:\n  - aescbc: {keys: [{name: a, secret: x, {S}: 1}]}\n  \
     - kms: {name: {S}, endpoint: 'https://u:{S}@h', apiVersion: {S}, timeout: -3s}\n",
    "apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n\
     - resources: [secrets]\n  providers:\n  - kms: {name: {S}, endpoint: 'unix:///a?t={S}', \
     apiVersion: {S}}\n",
    "kind: EncryptionConfiguration\nkey: {S}\n  broken: [\n",
    "{S}",
];

const ADMISSION: &[&str] = &[
    "apiVersion: apiserver.config.k8s.io/v1\nkind: AdmissionConfiguration\nplugins:\n\
     - name: PodSecurity\n  configuration:\n    apiVersion: pod-security.admission.config.k8s.io/v1\n    \
     kind: PodSecurityConfiguration\n    defaults: {enforce: {S}}\n    {S}: {S}\n",
    "apiVersion: apiserver.config.k8s.io/v1\nkind: AdmissionConfiguration\nplugins:\n\
     - name: EventRateLimit\n  configuration:\n    apiVersion: eventratelimit.admission.k8s.io/v1alpha1\n    \
     kind: Configuration\n    limits: [{type: {S}, qps: 1, burst: 1}]\n",
    "apiVersion: apiserver.config.k8s.io/v1\nkind: AdmissionConfiguration\nplugins:\n\
     - name: ImagePolicyWebhook\n  configuration:\n    imagePolicy: {kubeConfigFile: /k, {S}: {S}, \
     defaultAllow: {S}}\n",
];

const AUDIT: &[&str] = &[
    "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n- {level: {S}}\n",
    "apiVersion: audit.k8s.io/v1\nkind: Policy\n{S}: {S}\nrules:\n- {level: None, {S}: x}\n",
];

const EGRESS: &[&str] = &[
    "apiVersion: apiserver.k8s.io/v1beta1\nkind: EgressSelectorConfiguration\negressSelections:\n\
     - name: cluster\n  connection: {proxyProtocol: HTTPConnect, transport: {tcp: \
     {url: 'http://u:{S}@p', {S}: 1}}}\n",
    "apiVersion: apiserver.k8s.io/v1beta1\nkind: EgressSelectorConfiguration\negressSelections:\n\
     - name: {S}\n  connection: {proxyProtocol: HTTPConnect, transport: {tcp: \
     {url: 'http://u:{S}@p'}}}\n",
    "apiVersion: apiserver.k8s.io/v1beta1\nkind: EgressSelectorConfiguration\negressSelections:\n\
     - name: cluster\n  connection: {proxyProtocol: HTTPConnect, transport: {tcp: \
     {url: 'http://u:{S}@p'}}}\n",
];

const TRACING: &[&str] = &[
    "apiVersion: apiserver.config.k8s.io/v1\nkind: {S}\nendpoint: 'u:{S}@h'\n",
    "apiVersion: apiserver.config.k8s.io/v1\nkind: TracingConfiguration\nendpoint: 'u:{S}@h'\n",
];

const KUBECONFIG: &[&str] = &[
    "apiVersion: v1\nkind: Config\nclusters:\n- {name: c, cluster: {server: 'http://u:{S}@h?t={S}', \
     proxy-url: 'http://u:{S}@p'}}\nusers:\n- {name: u, user: {token: {S}, username: a, password: {S}, \
     client-key-data: {S}, exec: {env: [{name: A, value: {S}}]}}}\n",
    "apiVersion: v1\nkind: Config\n{S}: {S}\nclusters:\n- {name: {S}, {S}: {}}\n",
];

const KEYS: &[&str] = &[
    "-----BEGIN RSA PRIVATE KEY-----\n{S}AA\n-----END RSA PRIVATE KEY-----\n{S}\n",
    "-----BEGIN PRIVATE KEY-----\nX: {S}\n\n{S}==\n-----END PRIVATE KEY-----\n",
    "{S}\n",
];

const KUBELET: &[&str] = &[
    "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n\
     staticPodURL: 'https://u:{S}@h?t={S}'\nstaticPodURLHeader: {Authorization: ['Bearer {S}']}\n\
     providerID: 'x://u:{S}@h'\n{S}: {S}\nauthentication: {{S}: 1}\n",
    "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: {S}\n",
    "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n\
     streamingConnectionIdleTimeout: 'https://u:{S}@h'\n",
];

const SCHEDULER: &[&str] = &[
    "apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n\
     clientConnection: {kubeconfig: 'https://u:{S}@h'}\nextenders: [{urlPrefix: 'http://u:{S}@h'}]\n\
     {S}: {S}\n",
    "apiVersion: {S}\nkind: KubeSchedulerConfiguration\n",
];

const ETCD: &[&str] = &[
    "name: a\nlisten-client-urls: 'https://u:{S}@h:1'\nadvertise-client-urls: 'https://u:p,{S}@h:1'\n\
     initial-cluster-token: {S}\ndiscovery: 'https://discovery.etcd.io/{S}'\n\
     discovery-proxy: 'http://u:{S}@p'\n{S}: {S}\nclient-transport-security: {{S}: {S}}\n",
    "name: a\nlisten-client-urls: 'u:p,{S}@h:1'\n",
    "name: a\nlisten-peer-urls: 'https://u:p,{S}@h:1/x'\n",
    "name: a\ninitial-cluster: 'a=https://u:{S}@h:1,b=https://u:p,{S}@h:2'\n",
];

pub(super) fn add(places: &mut Places<'_>) {
    for (flag, texts) in FILES {
        named(places, "kube-apiserver", "1.34", flag, texts);
    }
    named(places, "kubelet", "1.34", "config", KUBELET);
    named(places, "kubelet", "1.34", "kubeconfig", KUBECONFIG);
    named(places, "kube-scheduler", "1.34", "config", SCHEDULER);
    named(places, "kube-scheduler", "1.34", "kubeconfig", KUBECONFIG);
    named(places, "kube-controller-manager", "1.34", "service-account-private-key-file", KEYS);
    named(places, "etcd", "3.6", "config-file", ETCD);
    named(places, "etcd", "3.6", "key-file", KEYS);
    named(places, "kube-apiserver", "1.10", "basic-auth-file", &["{S},admin,1\n"]);
    named(places, "kube-apiserver", "1.10", "authorization-policy-file", ABAC);
}

const ABAC: &[&str] =
    &["{\"apiVersion\": \"abac.authorization.kubernetes.io/v1beta1\", \"kind\": \"Policy\", \
     \"spec\": {\"user\": \"a\", \"{S}\": \"{S}\"}}\n{S}\n"];

/// A server for each file, whose flag names it.
fn named(places: &mut Places<'_>, program: &str, version: &str, flag: &str, texts: &[&str]) {
    for (at, text) in texts.iter().enumerate() {
        let path = format!("/k/{program}-{flag}-{at}");
        places.file(&format!("root{path}"), text);
        let pod = format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\nspec:\n  containers:\n  \
             - name: c\n    image: registry.k8s.io/{program}:v{version}.0\n    \
             command: [{program}, --{flag}={path}]\n    \
             volumeMounts: [{{name: k, mountPath: /k}}]\n  \
             volumes: [{{name: k, hostPath: {{path: /k}}}}]\n"
        );
        places.file(&format!("inputs/file-{program}-{flag}-{at}.yaml"), &pod);
    }
}
