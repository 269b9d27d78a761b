//! Public prefixes of services as captures show them: `public/catalogue/service-prefixes.json` [SEED4].

use std::collections::BTreeMap;
use std::sync::OnceLock;

use ipnet::Ipv4Net;
use smol_str::SmolStr;

type Prefixes = BTreeMap<SmolStr, Vec<Ipv4Net>>;

/// The captured prefixes of what a service endpoint names, by region; `*` where they are not regional. Captures are
/// abridged, and most services have none.
#[must_use]
pub fn published_prefixes(service: &str) -> &'static BTreeMap<SmolStr, Vec<Ipv4Net>> {
    static KNOWN: OnceLock<BTreeMap<SmolStr, Prefixes>> = OnceLock::new();
    static NONE: Prefixes = BTreeMap::new();
    let known = KNOWN.get_or_init(|| {
        let read: BTreeMap<SmolStr, BTreeMap<SmolStr, Vec<SmolStr>>> =
            serde_json::from_str(include_str!("../../../../public/catalogue/service-prefixes.json"))
                .expect("a test reads the embedded prefixes");
        let parse = |texts: Vec<SmolStr>| texts.iter().filter_map(|text| text.parse().ok()).collect();
        let by_region = |regions: BTreeMap<SmolStr, Vec<SmolStr>>| {
            regions.into_iter().map(|(region, texts)| (region, parse(texts))).collect()
        };
        read.into_iter().map(|(service, regions)| (service, by_region(regions))).collect()
    });
    known.get(service).unwrap_or(&NONE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_captured_prefixes_read_in_the_order_of_the_capture() {
        let storage = &published_prefixes("Microsoft.Storage")["eastus"];
        assert_eq!((storage.len(), storage[0].to_string().as_str()), (26, "191.239.224.0/26"));
        assert_eq!(published_prefixes("Microsoft.KeyVault")["*"].len(), 24);
        assert!(published_prefixes("Microsoft.Web").is_empty());
        assert!(storage.windows(2).all(|pair| pair[0] > pair[1]));
    }
}
