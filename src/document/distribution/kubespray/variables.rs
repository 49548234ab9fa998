//! Kubespray's variables and the flags that they become.

use crate::component::Component;

/// Variables whose value is the flag's, in the template's order: the API server's.
pub(super) const API_SERVER: &[(&str, &str)] = &[
    ("kube_apiserver_etcd_compaction_interval", "etcd-compaction-interval"),
    (
        "kube_apiserver_pod_eviction_not_ready_timeout_seconds",
        "default-not-ready-toleration-seconds",
    ),
    (
        "kube_apiserver_pod_eviction_unreachable_timeout_seconds",
        "default-unreachable-toleration-seconds",
    ),
    ("kube_api_anonymous_auth", "anonymous-auth"),
    ("authorization_modes", "authorization-mode"),
    ("kube_apiserver_bind_address", "bind-address"),
    ("kube_apiserver_enable_admission_plugins", "enable-admission-plugins"),
    ("kube_apiserver_disable_admission_plugins", "disable-admission-plugins"),
    ("kube_apiserver_node_port_range", "service-node-port-range"),
    ("kubelet_preferred_address_types", "kubelet-preferred-address-types"),
    ("kube_profiling", "profiling"),
    ("kube_apiserver_request_timeout", "request-timeout"),
    ("kube_api_aggregator_routing", "enable-aggregator-routing"),
    ("kube_apiserver_storage_backend", "storage-backend"),
    ("kube_api_runtime_config", "runtime-config"),
];

/// Variables that count where another one says yes.
pub(super) const CONDITIONAL: &[(&str, &str, &str)] = &[
    ("kube_oidc_auth", "kube_oidc_url", "oidc-issuer-url"),
    ("kube_oidc_auth", "kube_oidc_client_id", "oidc-client-id"),
    ("kube_oidc_auth", "kube_oidc_ca_file", "oidc-ca-file"),
    ("kube_oidc_auth", "kube_oidc_username_claim", "oidc-username-claim"),
    ("kube_oidc_auth", "kube_oidc_groups_claim", "oidc-groups-claim"),
    ("kube_oidc_auth", "kube_oidc_username_prefix", "oidc-username-prefix"),
    ("kube_oidc_auth", "kube_oidc_groups_prefix", "oidc-groups-prefix"),
    ("kubernetes_audit", "audit_policy_file", "audit-policy-file"),
    ("kubernetes_audit", "audit_log_path", "audit-log-path"),
    ("kubernetes_audit", "audit_log_maxage", "audit-log-maxage"),
    ("kubernetes_audit", "audit_log_maxbackups", "audit-log-maxbackup"),
    ("kubernetes_audit", "audit_log_maxsize", "audit-log-maxsize"),
    ("kubernetes_audit_webhook", "audit_webhook_config_file", "audit-webhook-config-file"),
    ("kubernetes_audit_webhook", "audit_webhook_mode", "audit-webhook-mode"),
    // A no is left out.
    (
        "kube_apiserver_service_account_lookup",
        "kube_apiserver_service_account_lookup",
        "service-account-lookup",
    ),
];

/// Switches that name a file below a folder: the switch, the flag, the folder's variable, and the file.
pub(super) const SWITCHES: &[(&str, &str, &str, &str)] = &[
    (
        "kube_apiserver_admission_control_config_file",
        "admission-control-config-file",
        "kube_config_dir",
        "admission-controls.yaml",
    ),
    (
        "kube_webhook_token_auth",
        "authentication-token-webhook-config-file",
        "kube_config_dir",
        "webhook-token-auth-config.yaml",
    ),
    (
        "kube_webhook_authorization",
        "authorization-webhook-config-file",
        "kube_config_dir",
        "webhook-authorization-config.yaml",
    ),
    (
        "kube_encrypt_secret_data",
        "encryption-provider-config",
        "kube_cert_dir",
        "secrets_encryption.yaml",
    ),
    (
        "kubelet_rotate_server_certificates",
        "kubelet-certificate-authority",
        "kube_cert_dir",
        "ca.crt",
    ),
];

/// Variables that stand for both servers beside each one's own.
pub(super) const SECURE_SERVING: &[(&str, &str)] =
    &[("tls_min_version", "tls-min-version"), ("tls_cipher_suites", "tls-cipher-suites")];

/// The controller manager's.
pub(super) const CONTROLLER_MANAGER: &[(&str, &str)] = &[
    ("kube_controller_node_monitor_grace_period", "node-monitor-grace-period"),
    ("kube_controller_node_monitor_period", "node-monitor-period"),
    ("kube_controller_terminated_pod_gc_threshold", "terminated-pod-gc-threshold"),
    ("kube_controller_manager_bind_address", "bind-address"),
    ("kube_controller_manager_leader_elect_lease_duration", "leader-elect-lease-duration"),
    ("kube_controller_manager_leader_elect_renew_deadline", "leader-elect-renew-deadline"),
];

/// The scheduler's.
pub(super) const SCHEDULER: &[(&str, &str)] = &[("kube_scheduler_bind_address", "bind-address")];

/// The components, and how the variables begin that are theirs.
pub(super) const COMPONENTS: [(Component, &[&str]); 3] = [
    (
        Component::KubeApiserver,
        &[
            "kube_apiserver_",
            "kube_api_",
            "kube_kubeadm_apiserver_",
            "kube_oidc_auth",
            "kubernetes_audit",
            "authorization_modes",
            "kube_encrypt_secret_data",
            "kube_webhook_",
            "kube_profiling",
        ],
    ),
    (Component::KubeControllerManager, &["kube_controller_", "kube_kubeadm_controller_"]),
    (Component::KubeScheduler, &["kube_scheduler_", "kube_kubeadm_scheduler_"]),
];
