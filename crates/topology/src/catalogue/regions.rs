//! Azure regions: `public/catalogue/regions.json`.

use std::sync::OnceLock;

use serde::Deserialize;
use smol_str::SmolStr;

/// A region.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Region {
    /// Its name, such as `westeurope`.
    pub name: SmolStr,
    /// The region it is paired with, where it has one.
    #[serde(default)]
    pub paired: Option<SmolStr>,
    /// The code backup vaults and automation accounts have in their names, such as `we` [PE-DNS].
    pub geo: SmolStr,
}

/// Every region the program knows, by name.
#[must_use]
pub fn regions() -> &'static [Region] {
    static REGIONS: OnceLock<Vec<Region>> = OnceLock::new();
    REGIONS.get_or_init(|| {
        serde_json::from_str(include_str!("../../../../public/catalogue/regions.json"))
            .expect("a test reads the embedded regions")
    })
}

/// The region of this name, in any case.
#[must_use]
pub fn region(name: &str) -> Option<&'static Region> {
    regions().iter().find(|region| region.name.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paired_region_exists_and_no_code_is_used_twice() {
        let mut codes = std::collections::BTreeSet::new();
        for known in regions() {
            assert!(codes.insert(&known.geo), "{}", known.geo);
            assert!(known.paired.as_ref().is_none_or(|paired| region(paired).is_some()), "{}", known.name);
        }
        assert_eq!(region("EastUS").and_then(|region| region.paired.as_deref()), Some("westus"));
    }
}
