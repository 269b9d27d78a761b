//! What something from the palette starts as.

use std::net::Ipv4Addr;

use serde_json::{Value, json};
use topology::command::Command;
use topology::{Document, Id, Kind};

use super::place::{Place, title};
use super::{Obstacle, Offer};

/// The only name Azure takes for a gateway's subnet [UDR-OV].
const GATEWAY_SUBNET: &str = "GatewaySubnet";

/// The command that adds something at a place of the diagram (a resource, or nowhere in particular), and the id it gets.
///
/// # Errors
/// When nothing there can hold it.
pub(crate) fn addition(document: &Document, offer: Offer, at: Option<&Id>) -> Result<(Command, Id), Obstacle> {
    let id = document.free_id(offer.stem);
    let place = Place { document, at };
    let create = |value: Value| Command::Create { kind: offer.kind, id: id.clone(), value };
    let command = match offer.kind {
        Kind::Tenant => Command::All {
            commands: vec![
                create(json!({ "name": title(&id) })),
                Command::Create {
                    kind: Kind::Subscription,
                    id: document.free_id(&format!("{id}-subscription")),
                    value: json!({ "tenant": id }),
                },
            ],
        },
        Kind::Subscription => match place.tenant() {
            Some(tenant) => create(json!({ "tenant": tenant })),
            None => place.with_owner(|_| create(json!({ "tenant": "tenant" }))),
        },
        Kind::VirtualNetwork => {
            let space = document.free_address_space().ok_or(Obstacle::NoFreeAddressSpace)?;
            let first = ipnet::Ipv4Net::new(space.network(), 24).unwrap_or(space);
            let subnet = document.free_id(&format!("{id}-default"));
            place.with_owner(|subscription| Command::All {
                commands: vec![
                    create(json!({ "subscription": subscription, "addressPrefixes": [space] })),
                    Command::Create {
                        kind: Kind::Subnet,
                        id: subnet.clone(),
                        value: json!({ "virtualNetwork": id, "name": "default", "addressPrefix": first }),
                    },
                ],
            })
        }
        Kind::Subnet => {
            let network = place.network().ok_or(Obstacle::NeedsNetwork)?;
            let prefix = [24, 26, 28].into_iter().find_map(|length| document.free_subnet_prefix(network, length));
            let prefix = prefix.ok_or(Obstacle::NoFreePrefix)?;
            create(json!({ "virtualNetwork": network, "addressPrefix": prefix }))
        }
        Kind::VirtualNetworkPeering => {
            let network = place.network().ok_or(Obstacle::NeedsNetwork)?;
            let remote = place.unpeered(network).ok_or(Obstacle::NeedsSecondNetwork)?;
            Command::Peer { network: network.clone(), remote: remote.clone() }
        }
        Kind::VirtualMachine => {
            let subnet = place.subnet().ok_or(Obstacle::NeedsSubnet)?;
            let interface = document.free_id(&format!("{id}-nic"));
            Command::All {
                commands: vec![
                    create(json!({})),
                    Command::Create {
                        kind: Kind::NetworkInterface,
                        id: interface,
                        value: json!({ "virtualMachine": id, "subnet": subnet }),
                    },
                ],
            }
        }
        Kind::NetworkInterface => {
            let subnet = place.subnet().ok_or(Obstacle::NeedsSubnet)?;
            let machine = place.machine().ok_or(Obstacle::NeedsSubnet)?;
            create(json!({ "virtualMachine": machine, "subnet": subnet }))
        }
        Kind::LoadBalancer => {
            let subnet = place.subnet().ok_or(Obstacle::NeedsSubnet)?;
            create(json!({
                "frontendIPConfigurations": { "frontend": { "subnet": subnet } },
                "backendAddressPools": { "backend": {} },
                "probes": { "tcp-80": { "protocol": "Tcp", "port": 80 } },
                "loadBalancingRules": { "http": {
                    "frontendIPConfiguration": "frontend", "backendAddressPool": "backend", "probe": "tcp-80",
                    "protocol": "Tcp", "frontendPort": 80, "backendPort": 80,
                } },
            }))
        }
        Kind::PrivateLinkService => {
            let subnet = place.subnet().ok_or(Obstacle::NeedsSubnet)?;
            let frontend = place.free_frontend(subnet).ok_or(Obstacle::NeedsFrontend)?;
            // The portal switches the policy off with the service [PLS-POLICY].
            let policy = Command::Set {
                id: subnet.clone(),
                path: vec!["privateLinkServiceNetworkPolicies".into()],
                value: json!("Disabled"),
            };
            let service = create(json!({
                "loadBalancerFrontendIpConfigurations": [frontend],
                "ipConfigurations": [{ "subnet": subnet }],
                "visibility": { "subscriptions": ["*"] },
            }));
            let is_off = document.subnets.get(subnet).is_some_and(|subnet| {
                subnet.private_link_service_network_policies == topology::resource::Enabled::Disabled
            });
            if is_off { service } else { Command::All { commands: vec![policy, service] } }
        }
        Kind::PrivateEndpoint => {
            let subnet = place.subnet().ok_or(Obstacle::NeedsSubnet)?;
            let target = targets(document).into_iter().next().ok_or(Obstacle::NeedsTarget)?;
            create(endpoint(subnet, &target, document.tenant_of(subnet) != document.tenant_of(&target.id)))
        }
        Kind::PrivateDnsZone => {
            place.with_owner(|subscription| create(json!({ "subscription": subscription, "name": zone_name(document) })))
        }
        Kind::DnsResolver => {
            let network = place.network().ok_or(Obstacle::NeedsNetwork)?;
            create(json!({ "virtualNetwork": network }))
        }
        Kind::DnsForwardingRuleset
        | Kind::NetworkSecurityGroup
        | Kind::ApplicationSecurityGroup
        | Kind::RouteTable
        | Kind::ServiceEndpointPolicy
        | Kind::PublicIpAddress
        | Kind::NatGateway => place.with_owner(|subscription| create(json!({ "subscription": subscription }))),
        Kind::VirtualNetworkGateway => gateway(document, &place, create)?,
        Kind::OnPremisesSite => create(json!({ "addressPrefixes": ["192.168.0.0/24"] })),
        Kind::OnPremisesHost => {
            let site = document.on_premises_sites.ids().next().ok_or(Obstacle::NeedsSite)?;
            create(json!({ "onPremisesSite": site, "ipAddress": free_host(document, site) }))
        }
        Kind::InternetClient => create(json!({})),
        Kind::LocalNetworkGateway | Kind::ExpressRouteCircuit => {
            let site = document.on_premises_sites.ids().next().ok_or(Obstacle::NeedsSite)?;
            place.with_owner(|subscription| create(json!({ "subscription": subscription, "onPremisesSite": site })))
        }
        Kind::Connection => {
            let gateway = document.virtual_network_gateways.ids().next().ok_or(Obstacle::NeedsBothEnds)?;
            let local = document.local_network_gateways.ids().next();
            let circuit = document.express_route_circuits.ids().next();
            create(match (local, circuit) {
                (Some(local), _) => json!({ "virtualNetworkGateway1": gateway, "localNetworkGateway2": local }),
                (None, Some(circuit)) => {
                    json!({ "virtualNetworkGateway1": gateway, "connectionType": "ExpressRoute", "peer": circuit })
                }
                (None, None) => return Err(Obstacle::NeedsBothEnds),
            })
        }
        Kind::PlatformService => place.with_owner(|subscription| {
            create(json!({ "subscription": subscription, "type": offer.service.unwrap_or("Microsoft.Storage/storageAccounts") }))
        }),
    };
    Ok((command, id))
}

/// What a private endpoint can connect to.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Target {
    /// The service.
    id: Id,
    /// The sub-resource; none for a private link service [PE-OV].
    group_id: Option<String>,
}

/// Everything a private endpoint could connect to: private link services, then platform services by sub-resource.
fn targets(document: &Document) -> Vec<Target> {
    let services = document.private_link_services.ids().map(|id| Target { id: id.clone(), group_id: None });
    let platform = document.platform_services.iter().flat_map(|(id, service)| {
        let rows = topology::catalogue::catalogue().services.iter();
        let groups = rows.filter(|row| row.resource_type == service.resource_type && !row.group_id.is_empty());
        groups.map(|row| Target { id: id.clone(), group_id: Some(row.group_id.to_string()) })
    });
    services.chain(platform).collect()
}

/// A private endpoint as its creator writes it.
fn endpoint(subnet: &Id, target: &Target, manual: bool) -> Value {
    let mut connection = json!({ "privateLinkServiceId": target.id });
    if let Some(group) = &target.group_id {
        connection["groupIds"] = json!([group]);
    }
    let list = if manual { "manualPrivateLinkServiceConnections" } else { "privateLinkServiceConnections" };
    json!({ "subnet": subnet, list: [connection] })
}

/// The zone the first private endpoint without a record would want, or the one for blobs.
fn zone_name(document: &Document) -> String {
    let rows = &topology::catalogue::catalogue().services;
    let wanted = document.private_endpoints.iter().find_map(|(_, endpoint)| {
        let group = endpoint.connection()?.group_ids.first()?;
        let row = rows.iter().find(|row| row.group_id == *group)?;
        let zone = row.names.first()?.private_zone.as_str();
        let there = document.private_dns_zones.iter().any(|(_, other)| other.name.as_str() == zone);
        (!there).then(|| zone.to_string())
    });
    wanted.unwrap_or_else(|| String::from("privatelink.blob.core.windows.net"))
}

/// A gateway in the network's `GatewaySubnet`, which is made where there is none.
fn gateway(document: &Document, place: &Place<'_>, create: impl FnOnce(Value) -> Command) -> Result<Command, Obstacle> {
    let network = place.network().ok_or(Obstacle::NeedsNetwork)?;
    let is_gateways = |id: &Id| document.display_name(id) == GATEWAY_SUBNET;
    let mut subnets = document.subnets.iter();
    let there = subnets.find(|(id, row)| row.virtual_network == *network && is_gateways(id)).map(|(id, _)| id.clone());
    if let Some(subnet) = there {
        return Ok(create(json!({ "subnet": subnet })));
    }
    let prefix = document.free_subnet_prefix(network, 27).ok_or(Obstacle::NoFreePrefix)?;
    let subnet = document.free_id(&format!("{network}-gateways"));
    let value = json!({ "virtualNetwork": network, "name": GATEWAY_SUBNET, "addressPrefix": prefix });
    let first = Command::Create { kind: Kind::Subnet, id: subnet.clone(), value };
    Ok(Command::All { commands: vec![first, create(json!({ "subnet": subnet }))] })
}

/// The first address from the tenth on that no host of the site has.
fn free_host(document: &Document, site: &Id) -> Ipv4Addr {
    let prefix = document.on_premises_sites.get(site).and_then(|site| site.address_prefixes.first());
    let network = prefix.map_or(Ipv4Addr::new(192, 168, 0, 0), ipnet::Ipv4Net::network);
    let taken = |address: &Ipv4Addr| document.on_premises_hosts.iter().any(|(_, host)| host.ip_address == *address);
    let mut candidates = (10..250).map(|host| Ipv4Addr::from(u32::from(network).saturating_add(host)));
    candidates.find(|address| !taken(address)).unwrap_or(network)
}
