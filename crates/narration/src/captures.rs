//! What stands in a frame, in words.

use capture::Origin;
use topology::Document;

use crate::message::{Arg, Message};
use crate::{Narrator, Span};

impl Narrator {
    /// What a field of a frame is, by its name such as `ip.src`.
    #[must_use]
    pub fn field(&self, name: &str) -> String {
        self.word(&format!("field.{name}"))
    }

    /// The protocol a field belongs to, by its name such as `ip.src`.
    #[must_use]
    pub fn layer(&self, name: &str) -> String {
        let (layer, _) = name.split_once('.').unwrap_or((name, ""));
        self.word(&format!("layer.{layer}"))
    }

    /// Where the value of a field comes from.
    #[must_use]
    pub fn origin(&self, origin: &Origin, document: &Document) -> Vec<Span> {
        let message = match origin {
            Origin::Path(path) => Message::new("origin.path", vec![("path", Arg::Code(path.to_string()))]),
            Origin::Request(field) => Message::new("origin.request", vec![("field", Arg::Code((*field).to_owned()))]),
            Origin::Answer(name) => Message::new("origin.answer", vec![("name", Arg::Code(name.to_string()))]),
            Origin::Computed => Message::new("origin.computed", Vec::new()),
            Origin::Fixed(standard) => {
                Message::new("origin.fixed", vec![("standard", Arg::Code((*standard).to_owned()))])
            }
            Origin::Convention => Message::new("origin.convention", Vec::new()),
        };
        self.sentence(&message, document)
    }
}
