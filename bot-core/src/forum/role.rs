//! Who may. What a platform claims of somebody becomes a role at its adapter's edge; the rules know the role alone.

/// What an actor may do in a forum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Is in the place.
    Member,
    /// Keeps order.
    Moderator,
    /// Decides about the forum.
    Admin,
}

impl Role {
    /// Whether the role includes a moderator's rights.
    #[must_use]
    pub fn moderates(self) -> bool {
        self >= Self::Moderator
    }
}
