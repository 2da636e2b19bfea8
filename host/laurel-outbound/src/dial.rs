//! From a target to a connection: look the name up once, check every address, dial those and no others.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use laurel_core::plugins::OutboundError;
use tokio::net::TcpStream;
use url::Host;

use crate::address::is_public;
use crate::network::Network;
use crate::target::Target;

/// Addresses of one name that are tried, and how long each.
const MAX_ADDRESSES: usize = 4;
const PER_ADDRESS: Duration = Duration::from_secs(4);

/// A connection to an address that was checked.
pub(crate) async fn dial(target: &Target, network: &dyn Network) -> Result<TcpStream, OutboundError> {
    let addresses = addresses(target, network).await?;
    let mut failure = OutboundError::Failed("the name has no address".to_owned());
    for address in addresses.into_iter().take(MAX_ADDRESSES) {
        let dialled = tokio::time::timeout(PER_ADDRESS, network.dial(SocketAddr::new(address, target.port))).await;
        failure = match dialled {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) => OutboundError::Failed(format!("no connection to {}: {}", target.host, error.kind())),
            Err(_) => OutboundError::Timeout,
        };
    }
    Err(failure)
}

/// The addresses of the target, all of them outside. One that is not refuses all: a name that answers with both is an attempt.
async fn addresses(target: &Target, network: &dyn Network) -> Result<Vec<IpAddr>, OutboundError> {
    let addresses = match &target.host {
        Host::Ipv4(address) => vec![IpAddr::from(*address)],
        Host::Ipv6(address) => vec![IpAddr::from(*address)],
        Host::Domain(name) => network.resolve(name).await.map_err(|error| unresolved(name, &error))?,
    };
    let fits = |address: &IpAddr| if target.loopback { address.is_loopback() } else { is_public(*address) };
    if addresses.iter().all(fits) {
        return Ok(addresses);
    }
    // Which address it was stays untold: a plugin could map the inner network by asking.
    Err(OutboundError::NotAllowed(format!("{} leads to an address that is not on the public internet", target.host)))
}

fn unresolved(name: &str, error: &io::Error) -> OutboundError {
    OutboundError::Failed(format!("the name {name} is not found: {}", error.kind()))
}
