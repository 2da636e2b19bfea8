use std::collections::BTreeMap;

use laurel_core::id::InstallationId;

use crate::engine::{Conn, Fault, Named, Rows, all, run};

pub(super) async fn set(
    conn: &mut Conn<'_>,
    installation: InstallationId,
    name: &str,
    sealed: &[Vec<u8>],
) -> Result<(), Fault> {
    run!(conn, "DELETE FROM secret WHERE installation = $1 AND name = $2", installation.0, name)?;
    let values: Vec<(i32, &Vec<u8>)> = (0..).zip(sealed).collect();
    Rows::of(&values)
        .uuid(|_| installation.0)
        .text(|_| name)
        .int(|(place, _)| *place)
        .bytes(|(_, sealed)| sealed.as_slice())
        .run(conn, "INSERT INTO secret (installation, name, place, sealed) {rows}")
        .await
        .missing("installation")?;
    Ok(())
}

pub(super) async fn list(
    conn: &mut Conn<'_>,
    installation: InstallationId,
) -> Result<Vec<(String, Vec<Vec<u8>>)>, Fault> {
    let sql = "SELECT name, sealed FROM secret WHERE installation = $1 ORDER BY name, place";
    let mut by_name: BTreeMap<String, Vec<Vec<u8>>> = BTreeMap::new();
    for (name, sealed) in all!(conn, (String, Vec<u8>), sql, installation.0)? {
        by_name.entry(name).or_default().push(sealed);
    }
    Ok(by_name.into_iter().collect())
}
