//! Whatever is done can be undone, byte for byte, and what is accepted dangles nowhere.

use proptest::prelude::*;
use topology::command::plan;
use topology::{Document, file};

use crate::random::any_command;
use crate::support::document;

/// Every place that names something that is not there.
fn dangling(document: &Document) -> Vec<String> {
    let mut found = Vec::new();
    for (kind, id) in document.ids() {
        for (path, reference) in document.dangling_in(kind, id) {
            found.push(format!("{id}/{}: {reference}", path.join("/")));
        }
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_sequence_of_commands_is_undone_byte_for_byte_and_dangles_nowhere(
        commands in prop::collection::vec(any_command(), 1..24),
    ) {
        let mut document = document();
        let mut done = Vec::new();
        for command in commands {
            let before = file::print(&document);
            if let Ok(diff) = plan(&document, command.clone()) {
                diff.apply(&mut document);
                prop_assert_eq!(dangling(&document), Vec::<String>::new(), "after {:?}", command);
                prop_assert!(file::parse(&file::print(&document)).as_ref() == Ok(&document));
                done.push((diff, before));
            }
        }
        while let Some((diff, before)) = done.pop() {
            let after = file::print(&document);
            diff.clone().reversed().apply(&mut document);
            prop_assert_eq!(&file::print(&document), &before);
            diff.apply(&mut document);
            prop_assert_eq!(file::print(&document), after, "a command done again gives the same");
            diff.reversed().apply(&mut document);
        }
    }
}
