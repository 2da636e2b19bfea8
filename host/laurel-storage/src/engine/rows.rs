//! Many rows in one statement. `{rows}` in the SQL text stands for the rows: `UNNEST` of one array for each column on PostgreSQL,
//! `VALUES` with chunked binds on SQLite (statements stay few and bytes stay bytes).

use sqlx::query::{Query, QueryAs};
use sqlx::{AssertSqlSafe, FromRow, Postgres, Sqlite};
use std::fmt::Write as _;
use uuid::Uuid;

use super::{Conn, Fault};

/// Chunk sizes on SQLite: few different texts, so that each stays prepared.
const CHUNKS: [usize; 5] = [256, 64, 16, 4, 1];

type SqliteQuery<'q> = Query<'q, Sqlite, <Sqlite as sqlx::Database>::Arguments>;
type SqliteQueryAs<'q, R> = QueryAs<'q, Sqlite, R, <Sqlite as sqlx::Database>::Arguments>;

/// Rows to be written or matched, column by column.
#[derive(Debug)]
pub(crate) struct Rows<'a, T> {
    items: &'a [T],
    columns: Vec<Column<'a>>,
}

#[derive(Debug)]
enum Column<'a> {
    Uuid(Vec<Uuid>),
    MaybeUuid(Vec<Option<Uuid>>),
    Int(Vec<i32>),
    Big(Vec<i64>),
    MaybeBig(Vec<Option<i64>>),
    Text(Vec<&'a str>),
    MaybeText(Vec<Option<&'a str>>),
    Bytes(Vec<&'a [u8]>),
}

/// Runs `$body` with the column's values, whatever their type.
macro_rules! values {
    ($column:expr, $list:ident => $body:expr) => {
        match $column {
            Column::Uuid($list) => $body,
            Column::MaybeUuid($list) => $body,
            Column::Int($list) => $body,
            Column::Big($list) => $body,
            Column::MaybeBig($list) => $body,
            Column::Text($list) => $body,
            Column::MaybeText($list) => $body,
            Column::Bytes($list) => $body,
        }
    };
}

macro_rules! builder {
    ($($name:ident $variant:ident $type:ty),+ $(,)?) => {$(
        pub(crate) fn $name(mut self, value: impl Fn(&'a T) -> $type) -> Self {
            self.columns.push(Column::$variant(self.items.iter().map(value).collect()));
            self
        }
    )+};
}

impl<'a, T> Rows<'a, T> {
    /// One row for each item.
    pub(crate) fn of(items: &'a [T]) -> Self {
        Self { items, columns: Vec::new() }
    }

    builder! {
        uuid Uuid Uuid, maybe_uuid MaybeUuid Option<Uuid>,
        int Int i32, big Big i64, maybe_big MaybeBig Option<i64>,
        text Text &'a str, maybe_text MaybeText Option<&'a str>,
        bytes Bytes &'a [u8],
    }

    /// Runs a statement over the rows; gives the number of rows it touched.
    pub(crate) async fn run(self, conn: &mut Conn<'_>, sql: &'static str) -> Result<u64, Fault> {
        if self.items.is_empty() {
            return Ok(0);
        }
        match conn {
            Conn::Postgres(c) => Ok(self.postgres(sql).execute(&mut **c).await?.rows_affected()),
            Conn::Sqlite(c) => {
                let mut touched = 0;
                for (first, size) in chunks(self.items.len()) {
                    touched += self.sqlite(sql, first, size).execute(&mut **c).await?.rows_affected();
                }
                Ok(touched)
            }
        }
    }

    /// Runs a statement over the rows and reads what it gives. On SQLite it runs once for each chunk: the text may neither sort nor
    /// limit over all rows.
    pub(crate) async fn all<R>(self, conn: &mut Conn<'_>, sql: &'static str) -> Result<Vec<R>, Fault>
    where
        R: for<'r> FromRow<'r, sqlx::sqlite::SqliteRow> + for<'r> FromRow<'r, sqlx::postgres::PgRow>,
        R: Send + Unpin,
    {
        if self.items.is_empty() {
            return Ok(Vec::new());
        }
        match conn {
            Conn::Postgres(c) => {
                let mut query = sqlx::query_as::<Postgres, R>(AssertSqlSafe(self.postgres_text(sql)));
                for column in &self.columns {
                    query = values!(column, list => query.bind(list));
                }
                Ok(query.fetch_all(&mut **c).await?)
            }
            Conn::Sqlite(c) => {
                let mut found = Vec::new();
                for (first, size) in chunks(self.items.len()) {
                    found.append(&mut self.sqlite_as::<R>(sql, first, size).fetch_all(&mut **c).await?);
                }
                Ok(found)
            }
        }
    }

    fn postgres(&self, sql: &'static str) -> Query<'_, Postgres, <Postgres as sqlx::Database>::Arguments> {
        let mut query = sqlx::query::<Postgres>(AssertSqlSafe(self.postgres_text(sql)));
        for column in &self.columns {
            query = values!(column, list => query.bind(list));
        }
        query
    }

    fn postgres_text(&self, sql: &'static str) -> String {
        // A list of single values is looked up in the index and nothing else; joined with a set, the planner might begin with the table.
        if let ([column], Some((before, after))) = (self.columns.as_slice(), sql.split_once("IN ({rows})")) {
            return format!("{before}= ANY($1::{}[]){after}", column.postgres_type());
        }
        let mut rows = String::from("SELECT * FROM UNNEST(");
        for (index, column) in self.columns.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            let _ = write!(rows, "{comma}${}::{}[]", index + 1, column.postgres_type());
        }
        rows.push(')');
        sql.replace("{rows}", &rows)
    }

    fn sqlite(&self, sql: &'static str, first: usize, size: usize) -> SqliteQuery<'_> {
        let mut query = sqlx::query::<Sqlite>(AssertSqlSafe(self.sqlite_text(sql, size)));
        for row in first..first + size {
            for column in &self.columns {
                query = values!(column, list => query.bind(list[row]));
            }
        }
        query
    }

    fn sqlite_as<R>(&self, sql: &'static str, first: usize, size: usize) -> SqliteQueryAs<'_, R>
    where
        R: for<'r> FromRow<'r, sqlx::sqlite::SqliteRow>,
    {
        let mut query = sqlx::query_as::<Sqlite, R>(AssertSqlSafe(self.sqlite_text(sql, size)));
        for row in first..first + size {
            for column in &self.columns {
                query = values!(column, list => query.bind(list[row]));
            }
        }
        query
    }

    fn sqlite_text(&self, sql: &'static str, size: usize) -> String {
        let mut rows = String::from("VALUES ");
        for row in 0..size {
            rows.push_str(if row == 0 { "(" } else { ",(" });
            for column in 0..self.columns.len() {
                rows.push_str(if column == 0 { "?" } else { ",?" });
            }
            rows.push(')');
        }
        // A fault undoes the whole unit of work. Without `OR FAIL`, SQLite would keep a copy of each page to undo the statement alone.
        sql.replace("INSERT INTO", "INSERT OR FAIL INTO").replace("{rows}", &rows)
    }
}

impl Column<'_> {
    fn postgres_type(&self) -> &'static str {
        match self {
            Self::Uuid(_) | Self::MaybeUuid(_) => "uuid",
            Self::Int(_) => "int",
            Self::Big(_) | Self::MaybeBig(_) => "bigint",
            Self::Text(_) | Self::MaybeText(_) => "text",
            Self::Bytes(_) => "bytea",
        }
    }
}

/// Cuts `count` rows into chunks: (first row, size).
fn chunks(count: usize) -> impl Iterator<Item = (usize, usize)> {
    let mut first = 0;
    std::iter::from_fn(move || {
        let size = CHUNKS.into_iter().find(|size| first + size <= count)?;
        first += size;
        Some((first - size, size))
    })
}

#[cfg(test)]
mod tests {
    use super::chunks;

    #[test]
    fn chunks_cover_every_row_once() {
        for count in 0..300 {
            let rows: Vec<usize> = chunks(count).flat_map(|(first, size)| first..first + size).collect();
            assert_eq!(rows, (0..count).collect::<Vec<_>>());
        }
    }
}
