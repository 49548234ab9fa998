//! The codes of diagnostics, and what each of them means for the server.

use super::Level;

/// What a diagnostic means for the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Effect {
    /// Good to know.
    Note,
    /// Probably not what was meant.
    Warning,
    /// The target could not be read in full.
    Unreadable,
    /// The server refuses to start. The flag keeps its value: something beside it is missing, or one
    /// item of a list is refused, which a rule that asks for the item reports.
    Refusal,
    /// The server refuses to start because of the flag's value.
    BrokenFlag,
}

/// Defines the codes: each with its text and its effect, in one row.
macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $effect:ident;)+) => {
        /// A stable word for programs. Two codes may share a text where one and the same thing is
        /// refused by some releases and not by others.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Code {
            $($(#[$doc])* $name,)+
        }

        impl Code {
            /// The text used in reports.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)+
                }
            }

            const fn effect(self) -> Effect {
                match self {
                    $(Self::$name => Effect::$effect,)+
                }
            }
        }
    };
}

codes! {
    /// Nothing states the release.
    AssumedVersion = "assumed-version", Note;
    /// Something changes by itself in another release.
    ChangedDefault = "changed-default", Note;
    /// No source lists the flags of a release.
    Concluded = "concluded", Note;
    /// A flag is deprecated.
    DeprecatedFlag = "deprecated-flag", Note;
    /// The executable of a process is no longer on the disk.
    ExecutableDeleted = "executable-deleted", Note;
    /// Something starts a server in a way that is not understood.
    StartNotFollowed = "start-not-followed", Unreadable;
    /// A listing of processes joins arguments with blanks.
    JoinedArguments = "joined-arguments", Note;
    /// A configuration fits k3s and RKE2.
    K3sOrRke2 = "k3s-or-rke2", Note;
    /// No benchmark is made for the release.
    NearestBenchmark = "nearest-benchmark", Note;
    /// Without a release the newest benchmark is used.
    NewestBenchmark = "newest-benchmark", Note;

    /// A remark about a configuration file that the server reads all the same.
    RemarkedFile = "configuration-file", Warning;
    /// systemd drops a word.
    DroppedWord = "dropped-word", Warning;
    /// A key occurs twice.
    DuplicateKey = "duplicate-key", Warning;
    /// The executable of a process cannot be read.
    ExecutableUnreadable = "executable-unreadable", Warning;
    /// A file decides instead of a flag.
    IgnoredFlag = "ignored-flag", Warning;
    /// A line has no effect.
    IgnoredLine = "ignored-line", Warning;
    /// The release ignores a word that belongs to no flag.
    IgnoredWord = "stray-word", Warning;
    /// systemd leaves a variable as it is written.
    LiteralVariable = "literal-variable", Warning;
    /// A process does not run as root.
    NotRoot = "not-root", Warning;
    /// The executable of a process is not the server it calls itself.
    OtherExecutable = "other-executable", Warning;
    /// The executable of a process is not the machine's file of that path.
    OtherFile = "other-file", Warning;
    /// The program prints something and ends.
    PrintsAndEnds = "prints-and-ends", Warning;
    /// A journal only quotes the start of a server.
    QuotedStart = "quoted-start", Warning;
    /// A user's benchmark replaces a shipped one.
    ReplacedBenchmark = "replaced-benchmark", Warning;
    /// A user's rule replaces a shipped one.
    ReplacedRule = "replaced-rule", Warning;
    /// A wrapper announces a server that no process is.
    ServerNotSeen = "server-not-seen", Warning;
    /// An image has a tag beside the digest that decides what runs.
    TagBesideDigest = "tag-beside-digest", Warning;
    /// A match condition may be CEL that the server does not compile.
    UnclearCondition = "unclear-condition", Warning;
    /// The release may not have the flag.
    UncertainFlag = "uncertain-flag", Warning;
    /// The release may not read an underscore as a dash.
    Underscore = "underscore", Warning;
    /// No list of feature gates decides whether the release has one.
    UnlistedGate = "unlisted-gate", Warning;
    /// An argument holds a second flag, which the server takes for part of the value of the first.
    TwoFlags = "two-flags", Warning;
    /// An argument cannot be read.
    Unresolved = "unresolved", Warning;
    /// Nothing says who runs a process.
    UserUnknown = "user-unknown", Warning;

    /// A configuration file cannot be read here, which says nothing about the server.
    UnreadableFile = "configuration-file", Unreadable;

    /// An argument has no name of a flag.
    BadSyntax = "bad-syntax", Refusal;
    /// The server refuses a configuration file.
    RefusedFile = "configuration-file", Refusal;
    /// A feature gate needs another one.
    GateDependency = "gate-dependency", Refusal;
    /// A later release has the flag.
    LaterFlag = "later-flag", Refusal;
    /// A feature gate cannot be changed.
    LockedGate = "locked-gate", Refusal;
    /// A flag is missing.
    MissingFlag = "missing-flag", Refusal;
    /// A flag has no value.
    MissingValue = "missing-value", Refusal;
    /// A manifest has something else where it needs a text.
    NotAString = "not-a-string", Refusal;
    /// An admission plugin has no configuration.
    PluginConfiguration = "plugin-configuration", Refusal;
    /// An admission plugin is both enabled and disabled.
    PluginConflict = "plugin-conflict", Refusal;
    /// An earlier release has the flag.
    RemovedFlag = "removed-flag", Refusal;
    /// A word belongs to no flag.
    StrayWord = "stray-word", Refusal;
    /// A unit starts two commands where it may start one.
    TwoCommands = "two-commands", Refusal;
    /// No release has the flag.
    UnknownFlag = "unknown-flag", Refusal;
    /// The release does not have a feature gate.
    UnknownGate = "unknown-gate", Refusal;
    /// The release does not have an admission plugin.
    UnknownPlugin = "unknown-plugin", Refusal;

    /// The chain of authorizers is wrong.
    AuthorizationMode = "authorization-mode", BrokenFlag;
    /// The flag does not take the value.
    BadValue = "bad-value", BrokenFlag;
    /// Two flags exclude each other.
    ExclusiveFlags = "exclusive-flags", BrokenFlag;
    /// A flag needs a feature gate.
    GatedFlag = "gated-flag", BrokenFlag;
    /// No release has the version of an API.
    UnknownApi = "unknown-api", BrokenFlag;
    /// The release does not have a cipher suite.
    UnknownCipher = "unknown-cipher", BrokenFlag;
}

/// Somebody without rights may have started the process in the server's name.
const OF_DECOY: [Code; 4] =
    [Code::OtherExecutable, Code::OtherFile, Code::NotRoot, Code::UserUnknown];

impl Code {
    /// How grave it is.
    pub const fn level(self) -> Level {
        match self.effect() {
            Effect::Note => Level::Note,
            Effect::Warning => Level::Warning,
            Effect::Unreadable | Effect::Refusal | Effect::BrokenFlag => Level::Error,
        }
    }

    /// Whether the server refuses to start.
    pub const fn refuses(self) -> bool {
        matches!(self.effect(), Effect::Refusal | Effect::BrokenFlag)
    }

    /// Whether the server refuses the value of the flag itself, so that no rule can judge it.
    pub const fn breaks_flag(self) -> bool {
        matches!(self.effect(), Effect::BrokenFlag)
    }
}

/// Whether the text of a code says that somebody without rights may have started the process in the
/// server's name. An earlier report has only the text.
pub fn is_of_decoy(text: &str) -> bool {
    OF_DECOY.iter().any(|code| code.name() == text)
}
