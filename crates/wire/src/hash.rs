//! FNV-1a, 64 bit: a hash whose value is the same on every platform and in every release.
//!
//! Everything that must look random but stay reproducible (the load balancer's choice of a backend,
//! generated identifiers) takes it from here.

/// FNV-1a over the bytes, with the published 64-bit offset basis and prime.
#[must_use]
pub fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// A GUID that is always the same for the same text.
#[must_use]
pub fn stable_guid(text: &str) -> String {
    let high = spread(fnv1a(text.as_bytes()));
    let low = spread(high ^ fnv1a(text.as_bytes()).rotate_left(32));
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0x0fff,
        0x8000 | ((low >> 48) & 0x3fff),
        low & 0xffff_ffff_ffff
    )
}

/// FNV-1a leaves neighbouring texts close together in its high bits; this stirs them (the finaliser of `SplitMix64`).
#[must_use]
pub const fn spread(hash: u64) -> u64 {
    let hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

#[cfg(test)]
mod tests {
    #[test]
    fn equals_the_published_test_vectors() {
        assert_eq!(super::fnv1a(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(super::fnv1a(b"a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(super::fnv1a(b"foobar"), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn a_guid_has_the_shape_of_version_4_and_depends_on_the_text() {
        let guid = super::stable_guid("pls-iis");
        let parts: Vec<usize> = guid.split('-').map(str::len).collect();
        assert_eq!(parts, [8, 4, 4, 4, 12]);
        assert!(guid.split('-').nth(2).unwrap().starts_with('4'));
        assert_eq!(guid, super::stable_guid("pls-iis"));
        assert_ne!(guid, super::stable_guid("pls-iis2"));
    }
}
