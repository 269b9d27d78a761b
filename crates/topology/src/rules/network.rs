//! Address spaces of virtual networks, and their subnets.

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

use super::limit;
use crate::address::{LONGEST_SUBNET_PREFIX, overlap};
use crate::command::Refusal;
use crate::resource::Enabled;
use crate::{Document, Id};

/// The ranges no virtual network can have [OBS-RESERVED].
const FORBIDDEN: [Ipv4Net; 5] = [
    Ipv4Net::new_assert(Ipv4Addr::new(224, 0, 0, 0), 4),
    Ipv4Net::new_assert(Ipv4Addr::new(255, 255, 255, 255), 32),
    Ipv4Net::new_assert(Ipv4Addr::new(127, 0, 0, 0), 8),
    Ipv4Net::new_assert(Ipv4Addr::new(169, 254, 0, 0), 16),
    Ipv4Net::new_assert(Ipv4Addr::new(168, 63, 129, 16), 32),
];

/// The largest subnet or address space.
const SHORTEST_PREFIX: u8 = 2;

/// An address space Azure takes, whose ranges do not overlap and hold every subnet.
pub(super) fn virtual_network(document: &Document, id: &Id, faults: &mut Vec<Refusal>) {
    let Some(row) = document.virtual_networks.get(id) else { return };
    for (position, prefix) in row.address_prefixes.iter().copied().enumerate() {
        if let Some(range) = FORBIDDEN.into_iter().find(|range| overlap(*range, prefix)) {
            faults.push(Refusal::AddressSpaceForbidden { network: id.clone(), prefix, range });
        }
        if !(SHORTEST_PREFIX..=LONGEST_SUBNET_PREFIX).contains(&prefix.prefix_len()) {
            faults.push(Refusal::AddressPrefixLength { resource: id.clone(), prefix });
        }
        if let Some(other) = row.address_prefixes[..position].iter().copied().find(|other| overlap(*other, prefix)) {
            faults.push(Refusal::AddressPrefixesOverlap { network: id.clone(), prefix, other });
        }
    }
    for (subnet, child) in document.subnets.iter().filter(|(_, child)| child.virtual_network == *id) {
        if !row.address_prefixes.iter().any(|prefix| prefix.contains(&child.address_prefix)) {
            let (network, subnet, prefix) = (id.clone(), subnet.clone(), child.address_prefix);
            faults.push(Refusal::InUsePrefixCannotBeDeleted { network, subnet, prefix });
        }
    }
    limit(faults, id, "dnsServers", row.dns_servers.len(), 20);
}

/// Within its network, beside the others, and with the switch a private link service needs.
pub(super) fn subnet(document: &Document, id: &Id, faults: &mut Vec<Refusal>) {
    let Some(row) = document.subnets.get(id) else { return };
    let (network, prefix) = (row.virtual_network.clone(), row.address_prefix);
    if !(SHORTEST_PREFIX..=LONGEST_SUBNET_PREFIX).contains(&prefix.prefix_len()) {
        faults.push(Refusal::AddressPrefixLength { resource: id.clone(), prefix });
    }
    if let Some(space) = document.virtual_networks.get(&network)
        && !space.address_prefixes.iter().any(|space| space.contains(&prefix))
    {
        faults.push(Refusal::NetcfgSubnetRangeOutsideVnet { subnet: id.clone(), network: network.clone() });
    }
    let siblings = document.subnets.iter().filter(|(other, row)| *other != id && row.virtual_network == network);
    for (other, _) in siblings.filter(|(_, row)| overlap(row.address_prefix, prefix)) {
        let (subnet, other, network) = (id.clone(), other.clone(), network.clone());
        faults.push(Refusal::NetcfgSubnetRangesOverlap { subnet, other, network });
    }
    if row.private_link_service_network_policies == Enabled::Enabled {
        for (service, row) in &document.private_link_services {
            if row.ip_configurations.iter().any(|nat| nat.subnet == *id) {
                let (subnet, service) = (id.clone(), service.clone());
                faults.push(Refusal::PrivateLinkServiceNetworkPoliciesCannotBeEnabledOnPrivateLinkServiceSubnet {
                    subnet,
                    service,
                });
            }
        }
    }
}
