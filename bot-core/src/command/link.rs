//! What joins or parts accounts or forums.

/// What somebody wants to become one, or two again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// Another account and this one become one person.
    Account {
        /// The code that the other account was given, or this one; none to be given one.
        code: Option<String>,
        /// Whether that is agreed to.
        agrees: bool,
    },
    /// This account becomes a person of its own again.
    Apart,
    /// Forums become one, or two again.
    Forum(JoinCommand),
}

/// What becomes of a place's forum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JoinCommand {
    /// A code is made, by which another can join it.
    Code,
    /// It joins the one whose code it is; or lets the one join that said the code.
    Join {
        /// The code.
        code: String,
        /// Whether that is agreed to.
        agrees: bool,
    },
    /// It leaves the one that it joined, or one that joined it is parted from it.
    Leave {
        /// The own name of the one that is to be parted; none where there is but one.
        which: Option<String>,
        /// Whether that is really meant.
        agrees: bool,
    },
}
