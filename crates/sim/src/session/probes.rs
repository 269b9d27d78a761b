//! What health probes have found so far [PROBE].
//!
//! A probe changes its mind after so many results in a row, so after interval × threshold (assumption A20); an HTTP
//! status other than 200 counts at once. Only targets whose answer has changed lately are kept here: a session costs
//! nothing for the rest, and a request looks no further than its own rule.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use smol_str::SmolStr;
use topology::Id;

/// What a probe gets from a backend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum ProbeAnswer {
    /// What it wants.
    Up,
    /// The backend does not exist, or has no address.
    Nobody,
    /// Nothing listens on the port: RST.
    Refused,
    /// A security group denies the probe.
    Denied,
    /// An HTTP status other than 200.
    Status(u16),
    /// The probe carries a PROXY header, which this private link service has switched on, and the listener does not
    /// understand it (assumption A71).
    HeaderNotUnderstood {
        /// The private link service.
        service: Id,
    },
    /// The listener waits for a PROXY header, which the probe does not carry.
    HeaderMissing,
}

impl ProbeAnswer {
    /// Whether the backend is up.
    #[must_use]
    pub fn is_up(&self) -> bool {
        *self == Self::Up
    }
}

/// One backend that one probe asks.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ProbeKey {
    pub(crate) balancer: Id,
    pub(crate) probe: SmolStr,
    /// The network interface of the backend.
    pub(crate) interface: Id,
}

/// What it answers while the network stays as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Probed {
    pub(crate) answer: ProbeAnswer,
    pub(crate) interval_s: u64,
    pub(crate) threshold: u64,
}

impl Probed {
    /// Seconds until the probe believes this answer.
    fn settles_after_s(&self) -> u64 {
        match self.answer {
            ProbeAnswer::Status(_) => self.interval_s,
            ProbeAnswer::Up
            | ProbeAnswer::Nobody
            | ProbeAnswer::Refused
            | ProbeAnswer::Denied
            | ProbeAnswer::HeaderNotUnderstood { .. }
            | ProbeAnswer::HeaderMissing => self.interval_s.saturating_mul(self.threshold.max(1)),
        }
    }
}

/// Every backend that a probe asks, with its answer.
pub(crate) type ProbeTable = BTreeMap<ProbeKey, Probed>;

#[derive(Clone, Debug, Default)]
pub(crate) struct Probes {
    /// The answers of the network seen last.
    seen: Option<Arc<ProbeTable>>,
    /// Targets whose probe has not yet changed its mind, with the moment their answer changed.
    unsettled: BTreeMap<ProbeKey, u64>,
}

impl Probes {
    /// Looks at a network. Answers that differ from the last one's begin to count now; a target that is new is believed
    /// at once [PROBE].
    pub(crate) fn observe(&mut self, table: &Arc<ProbeTable>, now_s: u64) {
        let Some(before) = self.seen.replace(table.clone()) else { return };
        if Arc::ptr_eq(&before, table) {
            return;
        }
        let unsettled = std::mem::take(&mut self.unsettled);
        for (key, probed) in table.iter() {
            let Some(earlier) = before.get(key) else { continue };
            let since_s = unsettled.get(key).copied();
            let is_up = earlier.answer.is_up() != since_s.is_some();
            if is_up != probed.answer.is_up() {
                self.unsettled.insert(key.clone(), since_s.unwrap_or(now_s));
            }
        }
        self.settle(now_s);
    }

    /// Believes what has been said often enough.
    pub(crate) fn settle(&mut self, now_s: u64) {
        let Some(table) = &self.seen else { return };
        self.unsettled.retain(|key, since_s| {
            table.get(key).is_some_and(|probed| now_s.saturating_sub(*since_s) < probed.settles_after_s())
        });
    }

    /// Whether the probe still holds the opposite of the target's answer; for how many more seconds.
    pub(crate) fn lags(&self, key: &ProbeKey, now_s: u64) -> Option<u64> {
        let since_s = self.unsettled.get(key)?;
        let probed = self.seen.as_ref()?.get(key)?;
        Some((since_s + probed.settles_after_s()).saturating_sub(now_s))
    }

    /// Whether any target of a probe is unsettled.
    pub(crate) fn any_lags(&self, balancer: &Id, probe: &str) -> bool {
        self.unsettled.keys().any(|key| key.balancer == *balancer && key.probe == probe)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> ProbeKey {
        ProbeKey { balancer: "lb".parse().unwrap(), probe: "http".into(), interface: "nic".parse().unwrap() }
    }

    fn table(answer: ProbeAnswer) -> Arc<ProbeTable> {
        Arc::new([(key(), Probed { answer, interval_s: 5, threshold: 3 })].into())
    }

    #[test]
    fn rule_7_3_3_a_flapping_target_waits_for_results_in_a_row() {
        let (up, down) = (table(ProbeAnswer::Up), table(ProbeAnswer::Refused));
        let mut probes = Probes::default();
        probes.observe(&up, 0);
        assert_eq!(probes.lags(&key(), 0), None, "what is new is believed at once");
        probes.observe(&down, 0);
        assert_eq!(probes.lags(&key(), 14), Some(1));
        probes.observe(&up, 14);
        assert_eq!(probes.lags(&key(), 14), None, "it never went down");
        probes.observe(&down, 14);
        probes.settle(28);
        assert_eq!(probes.lags(&key(), 28), Some(1), "and begins to count anew");
        probes.settle(29);
        assert_eq!(probes.lags(&key(), 29), None);
        probes.observe(&up, 29);
        assert_eq!(probes.lags(&key(), 29), Some(15), "rising takes as long");
    }

    #[test]
    fn rule_7_3_2_a_status_other_than_200_counts_at_once() {
        let mut probes = Probes::default();
        probes.observe(&table(ProbeAnswer::Up), 0);
        probes.observe(&table(ProbeAnswer::Refused), 2);
        probes.observe(&table(ProbeAnswer::Status(503)), 4);
        assert_eq!(probes.lags(&key(), 4), Some(3), "one interval, from when it stopped being up");
        probes.settle(7);
        assert!(!probes.any_lags(&key().balancer, "http"));
    }
}
