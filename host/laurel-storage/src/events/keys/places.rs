//! Where the events with given keys are, on both engines.

use uuid::Uuid;

use laurel_core::id::Partition;

use super::{Place, runs};
use crate::engine::{Conn, Fault, Rows};

/// Where the events with these keys are, for those that the log has. On SQLite only the writer's connection can say.
pub(crate) async fn places(conn: &mut Conn<'_>, wanted: &[Uuid]) -> Result<Vec<Place>, Fault> {
    if matches!(conn, Conn::Sqlite(_)) {
        return remembered_or_filed(conn, wanted).await;
    }
    let sql = "SELECT partition, seq FROM event WHERE key IN ({rows})";
    let found: Vec<(i32, i64)> = Rows::of(wanted).uuid(|key| *key).all(conn, sql).await?;
    Ok(found.into_iter().map(|(partition, seq)| (Partition(partition), seq)).collect())
}

async fn remembered_or_filed(conn: &mut Conn<'_>, wanted: &[Uuid]) -> Result<Vec<Place>, Fault> {
    let mut places = Vec::new();
    for key in wanted {
        let keys = conn.keys()?;
        if let Some(place) = keys.remembered(*key) {
            places.push(place);
        } else {
            let candidates = keys.runs.candidates(*key);
            places.extend(runs::find(conn, *key, &candidates).await?);
        }
    }
    Ok(places)
}
