//! Programs that start the program that their arguments name: one row each, with the options that stand
//! before it.
//!
//! Sources: the manual pages of coreutils, util-linux, shadow, sudo, doas, systemd, dpkg
//! (start-stop-daemon), numactl, strace, ltrace, runit, s6, tini, dumb-init, catatonit, libcgroup,
//! glibc (ld.so), QEMU's user mode, and `cmd/watch-termination` of OpenShift.

/// How a program writes its options.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// Up to the first other word.
    Posix,
    /// Also behind other words.
    Permuted,
    /// Long ones with one dash or two, as Go's flag package, ld.so and QEMU have them.
    Go,
}

/// What a program starts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// The words that follow.
    Command,
    /// The words that follow, assignments before them.
    Assignments,
    /// The words that follow, and further ones that it reads elsewhere.
    MoreWords,
    /// The value of one of these options is a script; without one, the words that follow.
    ScriptOr(&'static str),
    /// Only the value of one of these options, a script.
    Script(&'static str),
    /// The value of the first of these options that is given, with the words that follow.
    Program(&'static [&'static str]),
    /// What cannot be told from its arguments.
    Nothing,
}

/// A program that starts another.
pub(super) struct Wrapper {
    names: &'static [&'static str],
    /// The letters of its options, as getopt lists them.
    pub(super) short: &'static str,
    /// Its long options: `name=` takes a value, `name?` only what is attached.
    pub(super) long: &'static str,
    /// How many words it keeps for itself before the command.
    pub(super) keeps: usize,
    /// Whether a word may stand before its options.
    pub(super) leads: bool,
    pub(super) style: Style,
    pub(super) next: Next,
    /// The options with which what it starts sees other files; `*` if it always does.
    pub(super) elsewhere: &'static str,
    /// Whether the process that is seen under its name is the server itself.
    pub(super) stays: bool,
}

impl Wrapper {
    const fn new(names: &'static [&'static str], short: &'static str, long: &'static str) -> Self {
        let (style, next) = (Style::Posix, Next::Command);
        let (keeps, leads, elsewhere, stays) = (0, false, "", false);
        Self { names, short, long, keeps, leads, style, next, elsewhere, stays }
    }

    const fn keeps(self, keeps: usize) -> Self {
        Self { keeps, ..self }
    }

    const fn leads(self) -> Self {
        Self { leads: true, ..self }
    }

    const fn styled(self, style: Style) -> Self {
        Self { style, ..self }
    }

    const fn then(self, next: Next) -> Self {
        Self { next, ..self }
    }

    const fn elsewhere(self, elsewhere: &'static str) -> Self {
        Self { elsewhere, ..self }
    }

    const fn stays(self) -> Self {
        Self { stays: true, ..self }
    }

    /// Whether it reads options behind the words that it keeps, such as `flock FILE -c SCRIPT`.
    pub(super) fn late_options(&self) -> bool {
        matches!(self.next, Next::ScriptOr(_))
    }
}

/// The loader of dynamic programs, which may be asked to start one: `ld-linux-x86-64.so.2 PROGRAM`.
static LOADER: Wrapper = Wrapper::new(
    &[],
    "",
    "library-path= preload= inhibit-rpath= audit= argv0= glibc-hwcaps-prepend= glibc-hwcaps-mask=",
)
.styled(Style::Go)
.stays();

/// QEMU's user mode: `qemu-aarch64-static PROGRAM`.
static EMULATOR: Wrapper =
    Wrapper::new(&[], "", "L= E= U= cpu= B= R= s= d= D= g= p= 0= r= seed= plugin= dfilter=")
        .styled(Style::Go)
        .stays();

/// The wrapper of this name.
pub(super) fn wrapper(name: &str) -> Option<&'static Wrapper> {
    let loader = ["ld-linux", "ld-musl", "ld.so", "ld-2.", "ld64.so"];
    if loader.iter().any(|known| name.starts_with(known)) {
        return Some(&LOADER);
    }
    if name.starts_with("qemu-") && !name.starts_with("qemu-system") {
        return Some(&EMULATOR);
    }
    WRAPPERS.iter().find(|wrapper| wrapper.names.contains(&name))
}

const SU: &str = "flmpPTc:C:g:G:s:w:hV";
const SU_LONG: &str = "login preserve-environment command= session-command= fast group= \
     supp-group= shell= pty no-pty whitelist-environment= help version";

const ARCH_LONG: &str = "32bit fdpic-funcptrs short-inode addr-compat-layout addr-no-randomize \
     whole-seconds sticky-timeouts read-implies-exec mmap-page-zero 3gb 4gb uname-2.6 verbose";

static WRAPPERS: &[Wrapper] = &[
    Wrapper::new(&["busybox", "nohup", "catchsegv", "with-contenv", "box64", "pgrphack"], "", ""),
    Wrapper::new(&["setsid"], "cfw", "ctty fork wait"),
    Wrapper::new(
        &["go-runner"],
        "",
        "log-file= redirect-stderr also-stdout log-file-max-size= log-flush-interval=",
    )
    .styled(Style::Go),
    Wrapper::new(
        &["watch-termination"],
        "",
        "termination-touch-file= termination-log-file= process-overlap-detection-file= \
         graceful-termination-duration= kubeconfig= namespace=",
    )
    .styled(Style::Go),
    Wrapper::new(&["tini", "tini-static", "docker-init"], "p:e:sgvwlh", "version"),
    Wrapper::new(&["dumb-init"], "cvr:hV", "single-child verbose rewrite= help version"),
    Wrapper::new(&["catatonit"], "gLPhV", "help version"),
    Wrapper::new(&["nice"], "n:", "adjustment="),
    Wrapper::new(&["ionice"], "c:n:p:P:u:t", "class= classdata= pid= pgid= uid= ignore"),
    Wrapper::new(&["taskset"], "apc", "all-tasks pid cpu-list").keeps(1),
    Wrapper::new(
        &["chrt"],
        "abdefiormpvT:P:D:RG",
        "all-tasks batch deadline ext fifo idle other rr reset-on-fork pid verbose \
         sched-runtime= sched-period= sched-deadline=",
    )
    .keeps(1),
    Wrapper::new(
        &["numactl"],
        "i:m:N:C:p:P:w:lba",
        "interleave= membind= cpunodebind= physcpubind= preferred= preferred-many= \
         weighted-interleave= localalloc balancing all cpubind=",
    ),
    Wrapper::new(
        &["timeout"],
        "k:s:vpf",
        "kill-after= signal= verbose foreground preserve-status",
    )
    .keeps(1),
    Wrapper::new(
        &["sudo"],
        "AbBEeHiKklnNPSsvVC:D:g:h:p:R:r:T:t:U:u:",
        "askpass background bell preserve-env? edit set-home login reset-timestamp non-interactive \
         no-update preserve-groups stdin shell close-from= chdir= group= host= prompt= chroot= role= \
         command-timeout= type= other-user= user=",
    )
    .then(Next::Assignments)
    .elsewhere("R chroot"),
    Wrapper::new(&["doas"], "a:C:Lnsu:", ""),
    Wrapper::new(&["su"], SU, SU_LONG)
        .styled(Style::Permuted)
        .then(Next::Script("c command session-command C")),
    Wrapper::new(
        &["runuser"],
        "u:flmpPTc:C:g:G:s:w:",
        "user= login preserve-environment command= session-command= fast group= supp-group= shell= \
         pty whitelist-environment=",
    )
    .then(Next::ScriptOr("c command session-command C")),
    Wrapper::new(
        &["setpriv"],
        "d",
        "dump no-new-privs nnp ambient-caps= inh-caps= bounding-set= ruid= euid= rgid= egid= reuid= \
         regid= groups= clear-groups keep-groups init-groups reset-env pdeathsig= securebits= \
         selinux-label= apparmor-profile= landlock-access= landlock-rule= seccomp-filter= ptracer=",
    ),
    Wrapper::new(&["stdbuf"], "i:o:e:", "input= output= error="),
    Wrapper::new(
        &["systemd-run"],
        "p:u:E:M:H:C:tPqGrdSvh",
        "scope unit= property= description= slice= slice-inherit uid= gid= nice= working-directory= \
         same-dir setenv= pty pipe quiet collect remain-after-exit send-sighup service-type= user \
         system host= machine= capsule= no-block wait no-ask-password expand-environment= on-active= \
         on-boot= on-startup= on-unit-active= on-unit-inactive= on-calendar= on-clock-change \
         on-timezone-change timer-property= path-property= socket-property= background= job-mode= \
         ignore-failure verbose no-pager",
    )
    .elsewhere("M machine H host"),
    Wrapper::new(
        &["systemd-cat"],
        "t:p:",
        "identifier= priority= stderr-priority= level-prefix= namespace=",
    ),
    Wrapper::new(
        &["systemd-inhibit"],
        "",
        "what= who= why= mode= list no-ask-password no-pager no-legend",
    ),
    Wrapper::new(
        &["start-stop-daemon"],
        "STKHVa:x:p:n:u:g:s:r:R:c:d:N:P:I:k:O:bmtoqvCiw:1:2:e:",
        "start stop status help exec= startas= pidfile= name= user= group= signal= chroot= retry= \
         chuid= chdir= nicelevel= procsched= iosched= umask= output= background make-pidfile \
         remove-pidfile test oknodo quiet verbose no-close notify-await notify-timeout= ppid= pid= \
         stdout= stderr= env= wait= interpreted stdout-logger= stderr-logger= progress",
    )
    .then(Next::Program(&["a startas", "x exec"]))
    .elsewhere("r chroot"),
    Wrapper::new(
        &["prlimit"],
        "p:o:c?d?e?f?i?l?m?n?q?r?s?t?u?v?x?y?",
        "pid= output= noheadings raw verbose core? data? nice? fsize? sigpending? memlock? rss? \
         nofile? msgqueue? rtprio? stack? cpu? nproc? as? locks? rttime?",
    ),
    Wrapper::new(
        &["unshare"],
        "m?u?i?n?p?U?C?T?fcrR:w:S:G:l:",
        "mount? uts? ipc? net? pid? user? cgroup? time? fork map-user= map-group= map-root-user \
         map-current-user map-auto map-users= map-groups= keep-caps kill-child? mount-proc? \
         mount-binfmt? propagation= setgroups= root= wd= setuid= setgid= monotonic= boottime= \
         load-interp= forward-signals owner=",
    )
    .elsewhere("R root"),
    Wrapper::new(
        &["nsenter"],
        "at:N:m?u?i?n?p?C?U?T?S:G:r?w?W:FZec",
        "all target= net-socket= mount? uts? ipc? net? pid? cgroup? user? user-parent time? setuid= \
         setgid= preserve-credentials root? wd? wdns= no-fork follow-context env join-cgroup \
         keep-caps",
    )
    .elsewhere("*"),
    Wrapper::new(&["chroot"], "", "userspec= groups= skip-chdir").keeps(1).elsewhere("*"),
    Wrapper::new(
        &["strace"],
        "a:b:e:E:I:o:O:p:P:s:S:u:U:X:AcCdfFhikntNqrTtvVwxyYzZD",
        "attach= argv0= color? follow-forks output-separately columns= abbrev= verbose= raw= \
         signals= status= trace= trace-path= string-limit= output= output-append-mode user= env= \
         interruptible= detach-on= daemonize? quiet? silent? summary summary-only summary-wall-clock \
         summary-sort-by= summary-columns= absolute-timestamps? relative-timestamps? \
         syscall-times? decode-fds? decode-pids= stack-traces? instruction-pointer syscall-number \
         strings-in-hex? const-print-style= no-abbrev successful-only failed-only seccomp-bpf \
         syscall-limit= kill-on-exit tips? secontext?",
    ),
    Wrapper::new(
        &["ltrace"],
        "a:A:e:D:F:l:n:o:p:s:u:w:x:bcCfhiLrStTVq",
        "align= config= debug= demangle indent= library= output= no-signals where=",
    ),
    Wrapper::new(&["time"], "f:o:apqvV", "format= output= append portability quiet verbose"),
    Wrapper::new(&["gosu", "su-exec", "s6-setuidgid", "setuidgid", "envuidgid"], "", "").keeps(1),
    Wrapper::new(&["s6-applyuidgid"], "u:g:G:Uz", ""),
    Wrapper::new(&["s6-envuidgid"], "uginBD:", "").keeps(1),
    Wrapper::new(&["s6-envdir"], "InfFL:l:c:", "").keeps(1).then(Next::Nothing),
    Wrapper::new(&["envdir"], "", "").keeps(1).then(Next::Nothing),
    Wrapper::new(&["s6-setlock"], "nNrwt:d:", "").keeps(1),
    Wrapper::new(&["s6-notifyoncheck"], "d3:s:T:t:w:n:c:", ""),
    Wrapper::new(&["s6-setsid"], "siqbfIdD:", ""),
    Wrapper::new(&["setlock"], "nNxX", "").keeps(1),
    Wrapper::new(
        &["softlimit", "s6-softlimit"],
        "a:c:d:f:l:m:o:p:r:s:t:hH",
        "",
    ),
    Wrapper::new(&["chpst"], "u:U:b:/:C:e:n:l:L:m:d:o:p:f:c:r:t:s:a:vVP012", "").elsewhere("/"),
    Wrapper::new(&["cgexec"], "g:b:", "sticky"),
    Wrapper::new(
        &["flock"],
        "sexnouw:E:Fvhc:",
        "shared exclusive unlock nonblock nb timeout= wait= conflict-exit-code= close no-fork fcntl \
         verbose command=",
    )
    .keeps(1)
    .then(Next::ScriptOr("c command")),
    Wrapper::new(
        &["xargs"],
        "0rtxpoa:d:E:I:L:n:P:s:e?i?l?",
        "null no-run-if-empty verbose exit interactive open-tty arg-file= delimiter= eof? replace? \
         max-lines? max-args= max-procs= max-chars= process-slot-var= show-limits",
    )
    .then(Next::MoreWords),
    Wrapper::new(
        &["linux32", "linux64", "i386", "x86_64", "arm64", "aarch64"],
        "BFILRSTXZv3",
        ARCH_LONG,
    ),
    Wrapper::new(&["setarch"], "BFILRSTXZv3", ARCH_LONG).leads(),
    Wrapper::new(&["daemonize"], "ac:e:E:l:o:p:u:v", ""),
    Wrapper::new(&["unbuffer"], "p", ""),
    Wrapper::new(&["cpulimit"], "l:e:p:P:c:bqzvim", "limit= exe= pid= path= cpu= background"),
    Wrapper::new(&["fakeroot", "eatmydata", "dbus-run-session"], "", ""),
    Wrapper::new(
        &["script"],
        "aefqTt?c:I:O:B:m:E:o:h",
        "append return flush force quiet command= log-in= log-out= log-io= log-timing= echo= \
         output-limit= logging-format= timing?",
    )
    .styled(Style::Permuted)
    .then(Next::Script("c command")),
    Wrapper::new(&["runsv", "runsvdir", "s6-supervise", "s6-svscan", "rkt"], "", "")
        .then(Next::Nothing),
];

#[cfg(test)]
mod tests {
    use super::{WRAPPERS, wrapper};

    #[test]
    fn each_name_has_one_row() {
        for row in WRAPPERS {
            for name in row.names {
                let found = wrapper(name).expect("a row");
                assert!(std::ptr::eq(found, row), "{name}");
            }
        }
    }
}
