//! Plugins, installations and their secrets.

mod installations;
mod secrets;

use async_trait::async_trait;

use laurel_core::id::{InstallationId, OrganisationId};
use laurel_core::page::{Page, PageRequest};
use laurel_core::plugins::{Installation, Plugin, PluginDigest, PluginStore};
use laurel_core::store::StoreError;
use laurel_core::time::Timestamp;

use crate::Database;
use crate::engine::{Conn, Fault, all, one, run};
use crate::stored::{fixed, from_json, json};

#[derive(sqlx::FromRow)]
struct Row {
    digest: Vec<u8>,
    manifest: String,
    added: i64,
    broken: Option<String>,
}

fn read(row: Row) -> Result<Plugin, Fault> {
    Ok(Plugin {
        digest: PluginDigest(fixed("plugin", &row.digest)?),
        manifest: from_json("manifest", &row.manifest)?,
        added: Timestamp(row.added),
        broken: row.broken,
    })
}

async fn insert(conn: &mut Conn<'_>, plugin: &Plugin, component: &[u8]) -> Result<(), Fault> {
    let sql = "INSERT INTO plugin (digest, manifest, added, broken, component) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (digest) DO UPDATE SET broken = excluded.broken";
    let manifest = json(&plugin.manifest)?;
    run!(conn, sql, plugin.digest.0.as_slice(), manifest, plugin.added.0, plugin.broken.as_deref(), component)?;
    Ok(())
}

async fn set_broken(conn: &mut Conn<'_>, digest: PluginDigest, why: Option<&str>) -> Result<(), Fault> {
    run!(conn, "UPDATE plugin SET broken = $2 WHERE digest = $1", digest.0.as_slice(), why)?;
    Ok(())
}

/// The numbers of a version, so that 0.10 comes after 0.9.
fn version_order(version: &str) -> Vec<u64> {
    let core = version.split(['-', '+']).next().unwrap_or_default();
    core.split('.').map(|number| number.parse().unwrap_or(0)).collect()
}

#[async_trait]
impl PluginStore for Database {
    async fn insert_plugin(&self, plugin: &Plugin, component: &[u8]) -> Result<(), StoreError> {
        let work = (plugin.clone(), component.to_vec());
        Ok(self.write(work, |(plugin, component), conn| Box::pin(insert(conn, plugin, component))).await?)
    }

    async fn plugin(&self, digest: PluginDigest) -> Result<Option<Plugin>, StoreError> {
        let sql = "SELECT digest, manifest, added, broken FROM plugin WHERE digest = $1";
        let row = one!(&mut self.reader().await?.conn(), Row, sql, digest.0.as_slice())?;
        Ok(row.map(read).transpose()?)
    }

    async fn plugins(&self) -> Result<Vec<Plugin>, StoreError> {
        let rows = all!(&mut self.reader().await?.conn(), Row, "SELECT digest, manifest, added, broken FROM plugin")?;
        let mut plugins = rows.into_iter().map(read).collect::<Result<Vec<_>, _>>()?;
        plugins.sort_by_cached_key(|plugin| {
            let manifest = &plugin.manifest;
            (
                manifest.name.clone(),
                version_order(&manifest.version),
                manifest.version.clone(),
                plugin.added,
                plugin.digest,
            )
        });
        Ok(plugins)
    }

    async fn component(&self, digest: PluginDigest) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "SELECT component FROM plugin WHERE digest = $1";
        let row = one!(&mut self.reader().await?.conn(), (Vec<u8>,), sql, digest.0.as_slice())?;
        Ok(row.map(|(component,)| component))
    }

    async fn set_plugin_broken(&self, digest: PluginDigest, why: Option<&str>) -> Result<(), StoreError> {
        let work = (digest, why.map(str::to_owned));
        Ok(self.write(work, |(digest, why), conn| Box::pin(set_broken(conn, *digest, why.as_deref()))).await?)
    }

    async fn insert_installation(&self, installation: &Installation) -> Result<(), StoreError> {
        let work = installation.clone();
        Ok(self.write(work, |installation, conn| Box::pin(installations::insert(conn, installation))).await?)
    }

    async fn update_installation(&self, installation: &Installation) -> Result<bool, StoreError> {
        let work = (installation.clone(), self.ports().clock.now());
        Ok(self.write(work, |(changed, now), conn| Box::pin(installations::update(conn, changed, *now))).await?)
    }

    async fn installation(&self, id: InstallationId) -> Result<Option<Installation>, StoreError> {
        Ok(installations::by_id(&mut self.reader().await?.conn(), id).await?)
    }

    async fn installations(
        &self,
        organisation: OrganisationId,
        page: PageRequest,
    ) -> Result<Page<Installation>, StoreError> {
        Ok(installations::list(&mut self.reader().await?.conn(), organisation, page).await?)
    }

    async fn set_secret(&self, installation: InstallationId, name: &str, sealed: &[Vec<u8>]) -> Result<(), StoreError> {
        let work = (installation, name.to_owned(), sealed.to_vec());
        Ok(self.write(work, |(of, name, sealed), conn| Box::pin(secrets::set(conn, *of, name, sealed))).await?)
    }

    async fn secrets(&self, installation: InstallationId) -> Result<Vec<(String, Vec<Vec<u8>>)>, StoreError> {
        Ok(secrets::list(&mut self.reader().await?.conn(), installation).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::version_order;

    #[test]
    fn ten_comes_after_nine() {
        assert!(version_order("0.9.1") < version_order("0.10.0"));
        assert_eq!(version_order("1.2.3-rc.1"), [1, 2, 3]);
    }
}
