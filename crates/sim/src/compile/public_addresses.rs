//! Public IP addresses and NAT gateways.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use smol_str::format_smolstr;
use topology::Document;

use super::Problems;
use crate::balancing::{NatGateway, PublicAddress, PublicHolder};
use crate::identity::public_address;
use crate::network::Network;
use crate::table::{NatGatewayIx, PublicIx, Rows};

/// Stated addresses stay; the rest get one of their own from a documentation range (assumption A70).
pub(super) fn public_addresses(document: &Document) -> Rows<PublicIx, PublicAddress> {
    let stated = document.public_ip_addresses.iter().filter_map(|(_, row)| row.ip_address);
    let mut taken: BTreeSet<Ipv4Addr> = stated.collect();
    Rows::compile(&document.public_ip_addresses, |id, row| {
        let address = row.ip_address.unwrap_or_else(|| public_address(id.as_str(), &mut taken));
        PublicAddress { address }
    })
}

pub(super) fn nat_gateways(document: &Document, problems: &mut Problems) -> Rows<NatGatewayIx, NatGateway> {
    Rows::compile(&document.nat_gateways, |id, row| {
        let addresses = row.public_ip_addresses.iter().enumerate();
        let addresses = addresses.filter_map(|(n, address)| {
            problems.reference(&document.public_ip_addresses, address, id, format_smolstr!("publicIpAddresses/{n}"))
        });
        NatGateway { addresses: addresses.collect(), idle_s: u64::from(row.idle_timeout_in_minutes) * 60 }
    })
}

/// Who has each public IP address; of several the first counts.
pub(super) fn hold(network: &mut Network) {
    let mut uses: Vec<(PublicIx, PublicHolder)> = Vec::new();
    for (index, _, row) in network.balancers.iter() {
        let publics = row.frontends.iter().enumerate();
        uses.extend(publics.filter_map(|(n, row)| Some((row.public?, PublicHolder::Frontend(index, n)))));
    }
    uses.extend(
        network.interfaces.iter().filter_map(|(index, _, row)| Some((row.public?, PublicHolder::Interface(index)))),
    );
    for (index, _, row) in network.nat_gateways.iter() {
        uses.extend(row.addresses.iter().map(|public| (*public, PublicHolder::NatGateway(index))));
    }
    uses.extend(network.public_addresses.iter().map(|(index, _, _)| (index, PublicHolder::Nobody)));
    for (public, holder) in uses {
        let address = network.public_addresses[public].address;
        network.public_holders.entry(address).or_insert((public, holder));
    }
}
