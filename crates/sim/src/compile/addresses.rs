//! Who has which address: stated ones first, then the lowest free ones in document order (assumption A3).

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use smol_str::{SmolStr, format_smolstr};
use topology::address::{AddressError, Pool};
use topology::problem::ProblemCode;
use topology::{Document, Id};

use super::Problems;
use crate::network::{Holder, Network};
use crate::table::{BalancerIx, EndpointIx, GatewayIx, Index, InterfaceIx, NetworkIx, ResolverIx, ServiceIx, SubnetIx};

/// A place in the document that wants an address.
struct Claim<'d> {
    subject: &'d Id,
    field: SmolStr,
    subnet: &'d Id,
    stated: Option<Ipv4Addr>,
    holder: Holder,
    /// Position within the resource, for those that have several.
    position: usize,
}

pub(super) fn allocate(document: &Document, network: &mut Network, problems: &mut Problems) {
    check_subnets(document, network, problems);
    let claims = claims(document, network);
    let mut pools: Vec<Pool<Id>> = document.subnets.iter().map(|(_, row)| Pool::new(row.address_prefix)).collect();
    let mut given: Vec<Option<Ipv4Addr>> = vec![None; claims.len()];
    for pass in [true, false] {
        for (claim, given) in claims.iter().zip(&mut given).filter(|(claim, _)| claim.stated.is_some() == pass) {
            let Some(subnet) = document.subnets.index_of(claim.subnet) else { continue };
            let pool = &mut pools[subnet];
            let taken = match claim.stated {
                Some(address) => pool.take(address, claim.subject.clone()).map(|()| address),
                None => pool.take_lowest(claim.subject.clone()),
            };
            match taken {
                Ok(address) => *given = enter(network, SubnetIx::new(subnet), address, claim, problems),
                Err(error) => report(error, claim, pool, problems),
            }
        }
    }
    for (claim, address) in claims.iter().zip(given) {
        let Some(address) = address else { continue };
        match claim.holder {
            Holder::Interface(index) => network.interfaces[index].address = Some(address),
            Holder::Frontend(index, position) => network.balancers[index].frontends[position].address = Some(address),
            Holder::NatIp(index) => network.services[index].nat_ips.push((claim.position, address)),
            Holder::Endpoint(index) => network.endpoints[index].members[claim.position].address = Some(address),
            Holder::Gateway(index) => network.gateways[index].address = Some(address),
            Holder::Inbound(index, position) => network.resolvers[index].inbound[position].address = Some(address),
            Holder::Outbound(index, position) => network.resolvers[index].outbound[position].address = Some(address),
        }
    }
    public_frontends(network);
    index_endpoints(network);
}

/// A public frontend has the address of its public IP address.
fn public_frontends(network: &mut Network) {
    let balancers: Vec<BalancerIx> = network.balancers.iter().map(|(index, _, _)| index).collect();
    for index in balancers {
        let addresses = &network.public_addresses;
        for frontend in &mut network.balancers[index].frontends {
            frontend.address = frontend.address.or(frontend.public.map(|public| addresses[public].address));
        }
    }
}

fn claims<'d>(document: &'d Document, network: &Network) -> Vec<Claim<'d>> {
    let mut claims = Vec::with_capacity(document.network_interfaces.len() + document.private_endpoints.len());
    let own = SmolStr::new_static("privateIPAddress");
    for (index, (subject, row)) in document.network_interfaces.iter().enumerate() {
        let holder = Holder::Interface(InterfaceIx::new(index));
        let stated = row.private_ip_address;
        claims.push(Claim { subject, field: own.clone(), subnet: &row.subnet, stated, holder, position: 0 });
    }
    for (subject, _, subnet) in super::apps::integrated(document) {
        let Some(interface) = network.interfaces.find(subject) else { continue };
        let (holder, field) = (Holder::Interface(interface), SmolStr::new_static("virtualNetworkSubnetId"));
        claims.push(Claim { subject, field, subnet, stated: None, holder, position: 0 });
    }
    for (index, (subject, row)) in document.load_balancers.iter().enumerate() {
        for (position, (name, frontend)) in row.frontend_ip_configurations.iter().enumerate() {
            let field = format_smolstr!("frontendIPConfigurations/{name}");
            let holder = Holder::Frontend(BalancerIx::new(index), position);
            let (Some(subnet), stated) = (&frontend.subnet, frontend.private_ip_address) else { continue };
            claims.push(Claim { subject, field, subnet, stated, holder, position });
        }
    }
    for (index, (subject, row)) in document.private_link_services.iter().enumerate() {
        for (position, nat) in row.ip_configurations.iter().enumerate() {
            let field = format_smolstr!("ipConfigurations/{position}");
            let holder = Holder::NatIp(ServiceIx::new(index));
            let stated = nat.private_ip_address;
            claims.push(Claim { subject, field, subnet: &nat.subnet, stated, holder, position });
        }
    }
    for (index, (subject, row)) in document.private_endpoints.iter().enumerate() {
        let index = EndpointIx::new(index);
        for (position, member) in network.endpoints[index].members.iter().enumerate() {
            let configured = row.ip_configurations.iter().position(|own| own.member_name == member.name);
            let field = configured.map_or_else(|| own.clone(), |at| format_smolstr!("ipConfigurations/{at}"));
            let (holder, stated) = (Holder::Endpoint(index), member.stated);
            claims.push(Claim { subject, field, subnet: &row.subnet, stated, holder, position });
        }
    }
    for (index, (subject, row)) in document.virtual_network_gateways.iter().enumerate() {
        let holder = Holder::Gateway(GatewayIx::new(index));
        let field = SmolStr::new_static("subnet");
        claims.push(Claim { subject, field, subnet: &row.subnet, stated: None, holder, position: 0 });
    }
    resolver_claims(document, &mut claims);
    claims
}

/// Inbound endpoints have an address; outbound ones use one they do not show (assumption A43).
fn resolver_claims<'d>(document: &'d Document, claims: &mut Vec<Claim<'d>>) {
    for (index, (subject, row)) in document.dns_resolvers.iter().enumerate() {
        let index = ResolverIx::new(index);
        for (position, (name, endpoint)) in row.inbound_endpoints.iter().enumerate() {
            let field = format_smolstr!("inboundEndpoints/{name}");
            let (subnet, stated) = (&endpoint.subnet, endpoint.private_ip_address);
            claims.push(Claim { subject, field, subnet, stated, holder: Holder::Inbound(index, position), position });
        }
        for (position, (name, endpoint)) in row.outbound_endpoints.iter().enumerate() {
            let field = format_smolstr!("outboundEndpoints/{name}");
            let (subnet, holder) = (&endpoint.subnet, Holder::Outbound(index, position));
            claims.push(Claim { subject, field, subnet, stated: None, holder, position });
        }
    }
}

/// Puts an address into its network's table. Overlapping subnets can hand out the same one twice.
fn enter(
    network: &mut Network,
    subnet: SubnetIx,
    address: Ipv4Addr,
    claim: &Claim<'_>,
    problems: &mut Problems,
) -> Option<Ipv4Addr> {
    let Some(owner) = network.subnets[subnet].network else { return Some(address) };
    if let Some(holder) = network.networks[owner].addresses.get(&address).copied() {
        let by = holder_id(network, holder).clone();
        problems.add(claim.subject, claim.field.clone(), ProblemCode::AddressInUse { address, by });
        return None;
    }
    network.networks[owner].addresses.insert(address, claim.holder);
    Some(address)
}

fn report(error: AddressError, claim: &Claim<'_>, pool: &Pool<Id>, problems: &mut Problems) {
    let code = match (error, claim.stated) {
        (AddressError::NotInSubnet, Some(address)) => ProblemCode::AddressNotInSubnet { address },
        (AddressError::Reserved, Some(address)) => ProblemCode::AddressReserved { address },
        (AddressError::InUse, Some(address)) => {
            let by = pool.owner(address).unwrap_or(claim.subject).clone();
            ProblemCode::AddressInUse { address, by }
        }
        (AddressError::SubnetIsFull, _)
        | (AddressError::NotInSubnet | AddressError::Reserved | AddressError::InUse, None) => {
            ProblemCode::SubnetIsFull { subnet: claim.subnet.clone() }
        }
    };
    problems.add(claim.subject, claim.field.clone(), code);
}

fn holder_id(network: &Network, holder: Holder) -> &Id {
    match holder {
        Holder::Interface(index) => network.interfaces.id(index),
        Holder::Frontend(index, _) => network.balancers.id(index),
        Holder::NatIp(index) => network.services.id(index),
        Holder::Endpoint(index) => network.endpoints.id(index),
        Holder::Gateway(index) => network.gateways.id(index),
        Holder::Inbound(index, _) | Holder::Outbound(index, _) => network.resolvers.id(index),
    }
}

/// The private endpoints of each network by address. One outside the address space gets no route.
fn index_endpoints(network: &mut Network) {
    let placed: Vec<(NetworkIx, Ipv4Addr, EndpointIx)> = network
        .endpoints
        .iter()
        .flat_map(|(index, _, endpoint)| {
            endpoint.addresses().filter_map(move |address| Some((endpoint.network?, address, index)))
        })
        .collect();
    for (owner, address, endpoint) in placed {
        let owner = &mut network.networks[owner];
        if owner.prefixes.iter().any(|prefix| prefix.contains(&address)) {
            owner.endpoints.push((address, endpoint));
        }
    }
    let networks: Vec<NetworkIx> = network.networks.iter().map(|(index, _, _)| index).collect();
    for index in networks {
        network.networks[index].endpoints.sort_unstable();
    }
}

fn check_subnets(document: &Document, network: &Network, problems: &mut Problems) {
    let mut by_network: BTreeMap<NetworkIx, Vec<(u32, u32, &Id)>> = BTreeMap::new();
    for (id, row) in &document.subnets {
        let Some(owner) = network.subnets.by_id(id).and_then(|subnet| subnet.network) else { continue };
        if !network.networks[owner].prefixes.iter().any(|prefix| prefix.contains(&row.address_prefix)) {
            problems.add(id, "addressPrefix", ProblemCode::SubnetOutsideNetwork);
        }
        let range = (row.address_prefix.network().into(), row.address_prefix.broadcast().into(), id);
        by_network.entry(owner).or_default().push(range);
    }
    for ranges in by_network.values_mut() {
        ranges.sort_by_key(|(first, last, _)| (*first, std::cmp::Reverse(*last)));
        let mut widest: Option<(u32, &Id)> = None;
        for (first, last, id) in ranges.iter() {
            if let Some((end, other)) = widest
                && *first <= end
            {
                problems.add(id, "addressPrefix", ProblemCode::SubnetsOverlap { other: other.clone() });
            }
            if widest.is_none_or(|(end, _)| *last > end) {
                widest = Some((*last, id));
            }
        }
    }
}
