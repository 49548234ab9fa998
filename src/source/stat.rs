//! The line of `/proc/PID/stat`.

/// `PF_KTHREAD` of the kernel's `include/linux/sched.h`.
const KERNEL_THREAD: u64 = 0x0020_0000;

/// What is known of a process beside its arguments; nothing, if the line cannot be read.
#[derive(Clone, Debug, Default)]
pub struct Stat {
    /// The kernel's name of it, cut at 15 bytes.
    pub name: String,
    /// The process that started it.
    pub parent: Option<u32>,
    /// Whether it is no process but a thread of the kernel.
    pub kernel_thread: bool,
}

impl Stat {
    /// Reads `PID (name) state parent … flags …`. The name may hold any byte, parentheses too.
    pub(super) fn read(line: &[u8]) -> Self {
        let begins = memchr::memchr(b'(', line).map(|at| at + 1);
        let ends = memchr::memrchr(b')', line);
        let Some((begins, ends)) = begins.zip(ends).filter(|(begins, ends)| begins <= ends) else {
            return Self::default();
        };
        let name = String::from_utf8_lossy(&line[begins..ends]).into_owned();
        let rest = std::str::from_utf8(&line[ends + 1..]).unwrap_or_default();
        let mut words = rest.split_ascii_whitespace().skip(1);
        let parent = words.next().and_then(|word| word.parse().ok());
        let flags = words.nth(4).and_then(|word| word.parse::<u64>().ok());
        let kernel_thread = flags.is_some_and(|flags| flags & KERNEL_THREAD != 0);
        Self { name, parent, kernel_thread }
    }
}

#[cfg(test)]
mod tests {
    use super::Stat;

    #[test]
    fn no_name_makes_a_process_a_thread_of_the_kernel() {
        let forged = Stat::read(b"50 (a) S 2 0 0 0 -1 2129984) S 1 50 50 0 -1 4194304 377\n");
        assert_eq!(forged.name, "a) S 2 0 0 0 -1 2129984");
        assert_eq!((forged.parent, forged.kernel_thread), (Some(1), false));
        let thread = Stat::read(b"9 (kworker/0:1) I 2 0 0 0 -1 69238880 0\n");
        assert_eq!((thread.parent, thread.kernel_thread), (Some(2), true));
        // In a namespace of its own, process 2 is any process.
        assert!(!Stat::read(b"9 (kube-apiserver) S 2 0 0 0 -1 4194304 0\n").kernel_thread);
        for line in [&b""[..], b"9", b") S 2 (", b"9 (x", b"9 (x) \xff 2 0 0 0 -1 2129984 0"] {
            assert_eq!(Stat::read(line).parent, None);
        }
    }
}
