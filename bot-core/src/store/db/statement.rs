//! Prepared statements.

use super::error::{Error, Result};
use super::params::Params;
use super::row::Row;

/// A statement that is prepared; `S` says whether its connection keeps it for the next time.
pub struct Prepared<S>(pub(super) S);

/// A statement that is prepared once.
pub type Statement<'c> = Prepared<rusqlite::Statement<'c>>;

/// A statement that its connection keeps prepared.
pub type CachedStatement<'c> = Prepared<rusqlite::CachedStatement<'c>>;

/// What has a statement of the library.
pub trait Holds<'c> {
    /// The statement.
    fn held(&mut self) -> &mut rusqlite::Statement<'c>;
}

impl<'c> Holds<'c> for rusqlite::Statement<'c> {
    fn held(&mut self) -> &mut rusqlite::Statement<'c> {
        self
    }
}

impl<'c> Holds<'c> for rusqlite::CachedStatement<'c> {
    fn held(&mut self) -> &mut rusqlite::Statement<'c> {
        self
    }
}

impl<'c, S: Holds<'c>> Prepared<S> {
    /// Runs it; gives how many rows it changed.
    pub fn execute(&mut self, params: impl Params) -> Result<usize> {
        let params = rusqlite::params_from_iter(params.values());
        self.0.held().execute(params).map_err(Error::from)
    }

    /// Its rows, one after the other.
    pub fn query<'s>(&'s mut self, params: impl Params) -> Result<Rows<'s>>
    where
        'c: 's,
    {
        let params = rusqlite::params_from_iter(params.values());
        self.0.held().query(params).map(Rows).map_err(Error::from)
    }

    /// Its rows as `read` makes them.
    pub fn query_map<'s, T, F>(
        &'s mut self,
        params: impl Params,
        read: F,
    ) -> Result<MappedRows<'s, F>>
    where
        'c: 's,
        F: FnMut(&Row<'_>) -> Result<T>,
    {
        let rows = self.query(params)?;
        Ok(MappedRows { rows, read })
    }

    /// Its first row as `read` makes it.
    ///
    /// # Errors
    /// Also when there is none.
    pub fn query_row<T>(
        &mut self,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> Result<T>,
    ) -> Result<T> {
        let mut rows = self.query(params)?;
        match rows.next()? {
            Some(row) => read(&row),
            None => Err(Error::no_row()),
        }
    }

    /// Whether it has a row.
    pub fn exists(&mut self, params: impl Params) -> Result<bool> {
        self.query(params)?.next().map(|row| row.is_some())
    }

    /// How many columns its rows have.
    #[cfg(test)]
    pub fn column_count(&mut self) -> usize {
        self.0.held().column_count()
    }

    /// Its rows without values for its parameters, as `EXPLAIN` takes them.
    #[cfg(test)]
    pub fn query_unbound<T>(
        &mut self,
        mut read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut rows = Rows(self.0.held().raw_query());
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            all.push(read(&row)?);
        }
        Ok(all)
    }
}

/// The rows of a statement that runs.
pub struct Rows<'s>(rusqlite::Rows<'s>);

impl Rows<'_> {
    /// The next row.
    pub fn next(&mut self) -> Result<Option<Row<'_>>> {
        Ok(self.0.next()?.map(Row))
    }
}

/// The rows of a statement that runs, as something makes them.
pub struct MappedRows<'s, F> {
    rows: Rows<'s>,
    read: F,
}

impl<T, F: FnMut(&Row<'_>) -> Result<T>> Iterator for MappedRows<'_, F> {
    type Item = Result<T>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.rows.next() {
            Ok(Some(row)) => Some((self.read)(&row)),
            Ok(None) => None,
            Err(error) => Some(Err(error)),
        }
    }
}
