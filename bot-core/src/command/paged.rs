//! What is only looked at: what each view says of itself beside its command.

/// A view that may have several pages.
pub trait Paged: Sized {
    /// The same at another page, from 1; what has a single page stays as it is.
    #[must_use]
    fn at_page(self, page: u32) -> Self;
}
