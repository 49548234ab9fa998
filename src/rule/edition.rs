//! Benchmarks that are read when they are needed, and not before.

use std::borrow::Cow;
use std::sync::OnceLock;

use super::Benchmark;
use super::pack;
use super::shipped::ShippedEdition;
use crate::version::MinorRange;

/// A benchmark that may not have been read yet.
#[derive(Debug)]
pub struct Edition {
    /// The benchmark's id.
    pub id: Cow<'static, str>,
    /// The minors it is made for.
    pub kubernetes: MinorRange,
    /// What it is read from; a user's has been read.
    shipped: Option<&'static ShippedEdition>,
    benchmark: OnceLock<Benchmark>,
}

impl Edition {
    /// The benchmark, with what it names.
    ///
    /// # Panics
    ///
    /// If a benchmark in the binary is invalid, which a test rules out.
    pub(super) fn benchmark(&self, known: &impl pack::Known) -> &Benchmark {
        self.benchmark.get_or_init(|| {
            let shipped = self.shipped.expect("a benchmark of a pack has been read");
            match pack::shipped_benchmark(shipped, self.kubernetes, known) {
                Ok(benchmark) => benchmark,
                Err(problems) => panic!("{problems}"),
            }
        })
    }

    /// Whether it is the one in the binary, and no user's.
    pub(super) fn is_shipped(&self) -> bool {
        self.shipped.is_some()
    }

    /// An entry for a benchmark that was read.
    pub(super) fn read(benchmark: Benchmark) -> Self {
        let (id, kubernetes) = (benchmark.id.clone(), benchmark.kubernetes);
        Self { id, kubernetes, shipped: None, benchmark: OnceLock::from(benchmark) }
    }

    /// The entry of a benchmark in the binary.
    pub(super) fn shipped(shipped: &'static ShippedEdition) -> Self {
        Self {
            id: shipped.id.into(),
            kubernetes: shipped.kubernetes.parse().expect("a test has parsed it"),
            shipped: Some(shipped),
            benchmark: OnceLock::new(),
        }
    }
}
