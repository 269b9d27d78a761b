//! Links that were once given out open for ever: `NAME.link` holds one, `NAME.json` the document it must give.

#![allow(clippy::unwrap_used, reason = "a test that cannot read the project has failed")]

use std::fs;
use std::path::PathBuf;

use tests::root;

fn links() -> Vec<PathBuf> {
    let folder = fs::read_dir(root().join("tests/links")).unwrap();
    let mut links: Vec<PathBuf> = folder.map(|entry| entry.unwrap().path()).collect();
    links.retain(|path| path.extension().is_some_and(|extension| extension == "link"));
    links.sort();
    links
}

#[test]
fn every_published_link_still_opens_the_same_document() {
    let links = links();
    assert!(!links.is_empty(), "the corpus is gone");
    for path in links {
        let link = fs::read_to_string(&path).unwrap();
        let expected = fs::read_to_string(path.with_extension("json")).unwrap();
        let opened = topology::link::decode(link.trim()).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert_eq!(topology::file::print(&opened), expected, "{}", path.display());
    }
}
