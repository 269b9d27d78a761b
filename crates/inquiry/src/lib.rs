//! Questions a page asks the simulator away from its main thread, and the answers.
//!
//! A page that plays packets needs the document, its routes and one trace at hand. What takes longer or is asked more
//! rarely (a name from everywhere, who reaches whom, what is wrong and how to mend it) is asked here: as JSON, of a
//! [`Desk`] that may stand in another thread. Answers are [`Report`]s: plain blocks that any page can show without
//! knowing what was asked.

mod desk;
mod name;
mod report;

pub use desk::{Answer, Desk, Question};
pub use report::{Block, Deed, Report, Row, Tone};
