//! How well a search finds what people judged to be an answer: judged sets and runs in the formats of TREC, the usual
//! measures, and whether two runs really differ. Knows nothing of Stoa.

mod calibration;
mod halves;
mod judged;
mod measures;
mod significance;

pub use calibration::{Calibration, calibration};
pub use halves::left_out;
pub use judged::{Judgements, Order, Queries, Run};
pub use measures::{MEASURES, Measured, measure};
pub use significance::{Difference, difference};
