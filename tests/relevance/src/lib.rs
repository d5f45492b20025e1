//! How well a search finds what people judged to be an answer: judged sets and runs in the formats of TREC, the usual
//! measures, and whether two runs really differ. Knows nothing of Stoa.

mod judged;
mod measures;
mod significance;

pub use judged::{Judgements, Queries, Run};
pub use measures::{MEASURES, Measured, measure};
pub use significance::{Difference, difference};
