//! Columns by their names, looked up when the program is built: a row is read by numbers, which cost nothing to find, and a column that
//! moves takes its reader along.

/// The number of a column of a `SELECT`, which must be a constant: by what stands there, or by what it is called (`… AS name`).
macro_rules! column {
    ($select:expr, $name:literal) => {
        const { $crate::store::db::column_number($select, $name) }
    };
}
pub(crate) use column;

/// The number of the column of a `SELECT` that is, or is called, `name`.
///
/// # Panics
/// When there is none: as [`column!`] asks, the program is not built.
pub const fn column_number(select: &str, name: &str) -> usize {
    let select = select.as_bytes();
    let name = name.as_bytes();
    let mut begin = "SELECT".len();
    let mut at = begin;
    let mut number = 0;
    let mut depth = 0;
    while at < select.len() {
        let ends = depth == 0
            && (select[at] == b',' || (is_space(select[at]) && stands(select, at + 1, b"FROM")));
        if ends {
            if is_called(select, begin, at, name) {
                return number;
            }
            assert!(
                select[at] == b',',
                "no column of the statement is called so"
            );
            number += 1;
            begin = at + 1;
        }
        match select[at] {
            b'(' => depth += 1,
            b')' => depth -= 1,
            _ => {}
        }
        at += 1;
    }
    panic!("the statement reads from nowhere")
}

const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n')
}

/// Whether this stands at a place of a text.
const fn stands(text: &[u8], at: usize, what: &[u8]) -> bool {
    if at + what.len() > text.len() {
        return false;
    }
    let mut nth = 0;
    while nth < what.len() {
        if text[at + nth] != what[nth] {
            return false;
        }
        nth += 1;
    }
    true
}

/// Whether what stands between two places is this name, or ends with `AS` and this name.
const fn is_called(text: &[u8], mut begin: usize, mut end: usize, name: &[u8]) -> bool {
    while begin < end && is_space(text[begin]) {
        begin += 1;
    }
    while end > begin && is_space(text[end - 1]) {
        end -= 1;
    }
    if end - begin < name.len() || !stands(text, end - name.len(), name) {
        return false;
    }
    let before = end - name.len();
    before == begin || (before - begin >= 4 && stands(text, before - 4, b" AS "))
}

#[cfg(test)]
mod tests {
    use super::column_number;

    const SELECT: &str = "SELECT post.id, EXISTS (SELECT 1, 2 FROM tag) AS tagged,
        coalesce(a, b) AS \"c\", post.kind
        FROM post";

    #[test]
    fn a_column_is_found_by_what_it_is_or_is_called() {
        assert_eq!(column!(SELECT, "post.id"), 0);
        assert_eq!(column!(SELECT, "tagged"), 1);
        assert_eq!(column!(SELECT, "post.kind"), 3);
    }

    #[test]
    #[should_panic(expected = "no column of the statement is called so")]
    fn a_column_that_is_not_there_is_refused() {
        column_number(SELECT, "kind");
    }
}
