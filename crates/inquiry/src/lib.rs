//! Questions a page asks the simulator away from its main thread, and the answers.
//!
//! A page that plays packets needs the document, its routes and one trace at hand. What takes longer or is asked more
//! rarely (a name from everywhere, who reaches whom, what is wrong and how to mend it) is asked here: as JSON, of a
//! [`Desk`] that may stand in another thread. Answers are [`Report`]s: plain blocks that any page can show without
//! knowing what was asked.

mod desk;
mod diagnosis;
mod edit;
mod expectations;
mod form;
mod name;
mod packet;
pub mod palette;
mod reachability;
mod report;
mod shell;
#[cfg(test)]
mod testing;

pub use desk::{Answer, Desk, Question};
pub use edit::{Change, Planned};
pub use form::{Control, FormField};
pub use packet::{Bytes, Packets, Part};
pub use report::{Block, Deed, Mark, MarkRow, Report, Row, Tone};
pub use shell::{At, Ink, ScreenLine, Typed};
