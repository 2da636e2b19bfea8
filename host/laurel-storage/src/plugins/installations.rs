use uuid::Uuid;

use laurel_core::id::{InstallationId, OrganisationId};
use laurel_core::page::{Page, PageRequest};
use laurel_core::plugins::{Installation, PluginDigest};
use laurel_core::store::StoreError;
use laurel_core::time::Timestamp;

use crate::engine::{Conn, Fault, Named, all, one, run};
use crate::stored::{fixed, from_json, json};
use crate::{paging, rules};

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    organisation: Uuid,
    plugin: Vec<u8>,
    name: String,
    settings: String,
    granted: String,
    enabled: bool,
    created: i64,
}

fn read(row: Row) -> Result<Installation, Fault> {
    Ok(Installation {
        id: InstallationId(row.id),
        organisation: OrganisationId(row.organisation),
        plugin: PluginDigest(fixed("installation", &row.plugin)?),
        name: row.name,
        settings: row.settings,
        grant: from_json("grant", &row.granted)?,
        enabled: row.enabled,
        created: Timestamp(row.created),
    })
}

/// Says by name which of two rows is missing: the engines' own messages do not.
async fn check_plugin(conn: &mut Conn<'_>, plugin: PluginDigest) -> Result<(), Fault> {
    let found = one!(conn, (i32,), "SELECT 1 FROM plugin WHERE digest = $1", plugin.0.as_slice())?;
    found.map(|_| ()).ok_or(Fault::Store(StoreError::Missing("plugin")))
}

pub(super) async fn insert(conn: &mut Conn<'_>, installation: &Installation) -> Result<(), Fault> {
    check_plugin(conn, installation.plugin).await?;
    let sql = "INSERT INTO installation (id, organisation, plugin, name, settings, granted, enabled, created)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    run!(
        conn,
        sql,
        installation.id.0,
        installation.organisation.0,
        installation.plugin.0.as_slice(),
        installation.name.as_str(),
        installation.settings.as_str(),
        json(&installation.grant)?,
        installation.enabled,
        installation.created.0,
    )
    .taken("installation")
    .missing("organisation")?;
    Ok(())
}

pub(super) async fn update(conn: &mut Conn<'_>, installation: &Installation, now: Timestamp) -> Result<bool, Fault> {
    check_plugin(conn, installation.plugin).await?;
    let before = one!(conn, (Vec<u8>,), "SELECT plugin FROM installation WHERE id = $1", installation.id.0)?;
    if before.is_some_and(|(before,)| before != installation.plugin.0) {
        park_all(conn, installation, now).await?;
    }
    let sql = "UPDATE installation SET plugin = $2, name = $3, settings = $4, granted = $5, enabled = $6 WHERE id = $1";
    let touched = run!(
        conn,
        sql,
        installation.id.0,
        installation.plugin.0.as_slice(),
        installation.name.as_str(),
        installation.settings.as_str(),
        json(&installation.grant)?,
        installation.enabled,
    )?;
    rules::bump(conn).await?;
    Ok(touched == 1)
}

/// Another plugin cannot go on from these states. They wait, without a trigger, to be folded again; what waited for an operator does too.
async fn park_all(conn: &mut Conn<'_>, installation: &Installation, now: Timestamp) -> Result<(), Fault> {
    if let Conn::Postgres(c) = conn {
        // In the order in which a step of the pipeline writes them: neither waits for the other in a circle.
        let sql = "SELECT 1 FROM rule_state WHERE rule IN (SELECT id FROM rule WHERE installation = $1)
            ORDER BY subject, rule FOR UPDATE";
        sqlx::query(sql).bind(installation.id.0).execute(&mut **c).await?;
    }
    let sql =
        "UPDATE rule_state SET organisation = $2, blocked_from = COALESCE(blocked_from, seq + 1), blocked_by = NULL,
            error = 'its plugin was replaced: it folds again', since = $3
        WHERE rule IN (SELECT id FROM rule WHERE installation = $1)";
    run!(conn, sql, installation.id.0, installation.organisation.0, now.0)?;
    Ok(())
}

pub(super) async fn by_id(conn: &mut Conn<'_>, id: InstallationId) -> Result<Option<Installation>, Fault> {
    let sql =
        "SELECT id, organisation, plugin, name, settings, granted, enabled, created FROM installation WHERE id = $1";
    one!(conn, Row, sql, id.0)?.map(read).transpose()
}

pub(super) async fn list(
    conn: &mut Conn<'_>,
    organisation: OrganisationId,
    page: PageRequest,
) -> Result<Page<Installation>, Fault> {
    let sql = "SELECT id, organisation, plugin, name, settings, granted, enabled, created FROM installation
        WHERE organisation = $1 AND id > $2 ORDER BY id LIMIT $3";
    let rows = all!(conn, Row, sql, organisation.0, paging::after(page), paging::limit(page))?;
    paging::page(page, rows, read, |installation| installation.id.0)
}
