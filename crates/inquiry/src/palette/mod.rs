//! The palette: what can be added to a diagram, in groups, and what it starts as.
//!
//! A new resource gets a name nothing else has, free ranges and addresses, and what Azure's portal would make with it: a
//! machine its network interface, a network its first subnet, a load balancer a rule with a probe.

mod addition;
mod place;

use topology::Kind;

pub(crate) use self::addition::addition;

/// Something that can be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The type of resource.
    pub kind: Kind,
    /// The ARM type, for platform services.
    pub service: Option<&'static str>,
    /// The name it gets, with a number when it is taken.
    pub stem: &'static str,
}

/// A group of the palette, by the stable name its heading is found by.
#[derive(Clone, Copy, Debug)]
pub struct Group {
    /// The name.
    pub key: &'static str,
    /// What it holds.
    pub offers: &'static [Offer],
}

const fn offer(kind: Kind, stem: &'static str) -> Offer {
    Offer { kind, service: None, stem }
}

const fn service(resource_type: &'static str, stem: &'static str) -> Offer {
    Offer { kind: Kind::PlatformService, service: Some(resource_type), stem }
}

/// The groups in the order shown.
pub const GROUPS: &[Group] = &[
    Group {
        key: "network",
        offers: &[
            offer(Kind::VirtualNetwork, "vnet"),
            offer(Kind::Subnet, "subnet"),
            offer(Kind::VirtualNetworkPeering, "peering"),
            offer(Kind::NetworkSecurityGroup, "nsg"),
            offer(Kind::ApplicationSecurityGroup, "asg"),
            offer(Kind::RouteTable, "routes"),
            offer(Kind::ServiceEndpointPolicy, "sep"),
            offer(Kind::PublicIpAddress, "pip"),
            offer(Kind::NatGateway, "natgw"),
        ],
    },
    Group { key: "compute", offers: &[offer(Kind::VirtualMachine, "vm"), offer(Kind::LoadBalancer, "lb")] },
    Group {
        key: "private-link",
        offers: &[offer(Kind::PrivateEndpoint, "pe"), offer(Kind::PrivateLinkService, "pls")],
    },
    Group {
        key: "dns",
        offers: &[
            offer(Kind::PrivateDnsZone, "zone"),
            offer(Kind::DnsResolver, "resolver"),
            offer(Kind::DnsForwardingRuleset, "ruleset"),
        ],
    },
    Group {
        key: "platform",
        offers: &[
            service("Microsoft.Storage/storageAccounts", "storage"),
            service("Microsoft.Sql/servers", "sql"),
            service("Microsoft.KeyVault/vaults", "vault"),
            service("Microsoft.Web/sites", "web"),
        ],
    },
    Group {
        key: "hybrid",
        offers: &[
            offer(Kind::VirtualNetworkGateway, "gateway"),
            offer(Kind::OnPremisesSite, "site"),
            offer(Kind::OnPremisesHost, "host"),
            offer(Kind::LocalNetworkGateway, "local-gateway"),
            offer(Kind::Connection, "connection"),
            offer(Kind::ExpressRouteCircuit, "circuit"),
            offer(Kind::InternetClient, "internet-client"),
        ],
    },
    Group { key: "owners", offers: &[offer(Kind::Tenant, "tenant"), offer(Kind::Subscription, "subscription")] },
];

/// What is offered under a name.
#[must_use]
pub fn find(stem: &str) -> Option<Offer> {
    GROUPS.iter().flat_map(|group| group.offers).find(|offer| offer.stem == stem).copied()
}

/// Why something cannot be added where it was asked for. The names are stable codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// It stands in a subnet, and there is none here.
    NeedsSubnet,
    /// It stands in a virtual network, and there is none here.
    NeedsNetwork,
    /// Every range of the network is taken.
    NoFreePrefix,
    /// Every range for networks is taken.
    NoFreeAddressSpace,
    /// It stands before a load balancer's frontend that no other service uses, and there is none in this network.
    NeedsFrontend,
    /// It connects to a service, and there is none.
    NeedsTarget,
    /// It joins two networks, and there is only one.
    NeedsSecondNetwork,
    /// It belongs to an on-premises site, and there is none.
    NeedsSite,
    /// It joins a virtual network gateway with something on premises, and one of the two is missing.
    NeedsBothEnds,
}

impl Obstacle {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NeedsSubnet => "NeedsSubnet",
            Self::NeedsNetwork => "NeedsNetwork",
            Self::NoFreePrefix => "NoFreePrefix",
            Self::NoFreeAddressSpace => "NoFreeAddressSpace",
            Self::NeedsFrontend => "NeedsFrontend",
            Self::NeedsTarget => "NeedsTarget",
            Self::NeedsSecondNetwork => "NeedsSecondNetwork",
            Self::NeedsSite => "NeedsSite",
            Self::NeedsBothEnds => "NeedsBothEnds",
        }
    }
}

#[cfg(test)]
mod tests {
    use topology::command::{Command, plan};
    use topology::{Document, Id};

    use super::*;

    fn add(document: &mut Document, stem: &str, at: Option<&str>) -> Result<Id, Obstacle> {
        let at: Option<Id> = at.map(|id| id.parse().unwrap());
        let (command, id) = addition(document, find(stem).unwrap(), at.as_ref())?;
        let planned = plan(document, command.clone());
        planned.unwrap_or_else(|refusal| panic!("{command:?}: {refusal:?}")).apply(document);
        Ok(id)
    }

    #[test]
    fn from_an_empty_diagram_everything_can_be_added_in_the_order_of_its_needs() {
        let mut document = Document::default();
        assert_eq!(add(&mut document, "vm", None), Err(Obstacle::NeedsSubnet));
        assert_eq!(add(&mut document, "pe", None), Err(Obstacle::NeedsSubnet));
        let stems = [
            "vnet",
            "vnet",
            "subnet",
            "vm",
            "lb",
            "pls",
            "pe",
            "zone",
            "storage",
            "sql",
            "vault",
            "web",
            "peering",
            "nsg",
            "asg",
            "routes",
            "sep",
            "pip",
            "natgw",
            "resolver",
            "ruleset",
            "gateway",
            "site",
            "host",
            "local-gateway",
            "connection",
            "circuit",
            "internet-client",
            "tenant",
            "subscription",
        ];
        for stem in stems {
            add(&mut document, stem, None).unwrap_or_else(|obstacle| panic!("{stem}: {obstacle:?}"));
        }
        let offered: Vec<&str> = GROUPS.iter().flat_map(|group| group.offers).map(|offer| offer.stem).collect();
        assert!(offered.iter().all(|stem| stems.contains(stem)), "{offered:?}");
    }

    #[test]
    fn what_is_added_stands_where_the_selection_is() {
        let mut document = Document::default();
        add(&mut document, "vnet", None).unwrap();
        let second = add(&mut document, "vnet", None).unwrap();
        let subnet = add(&mut document, "subnet", Some(second.as_str())).unwrap();
        let machine = add(&mut document, "vm", Some(subnet.as_str())).unwrap();
        assert_eq!(document.subnet_of(&machine), Some(&subnet));
        assert_eq!(document.virtual_network_of(&machine), Some(&second));
    }

    #[test]
    fn the_topology_of_two_tenants_is_built_from_the_palette() {
        let mut document = Document::default();
        let provider = add(&mut document, "vnet", None).unwrap();
        let balancer = add(&mut document, "lb", Some(provider.as_str())).unwrap();
        let backend = add(&mut document, "vm", Some(provider.as_str())).unwrap();
        let member = Command::Set {
            id: balancer.clone(),
            path: vec!["backendAddressPools".into(), "backend".into(), "networkInterfaces".into(), "0".into()],
            value: format!("{backend}-nic").into(),
        };
        let listener = serde_json::json!([{ "name": "IIS", "port": 80 }]);
        let listens = Command::Set { id: backend, path: vec!["services".into()], value: listener };
        plan(&document, Command::All { commands: vec![member, listens] }).unwrap().apply(&mut document);
        let service = add(&mut document, "pls", Some(balancer.as_str())).unwrap();
        let consumer = add(&mut document, "tenant", None).unwrap();
        let network = add(&mut document, "vnet", Some(consumer.as_str())).unwrap();
        let client = add(&mut document, "vm", Some(network.as_str())).unwrap();
        let endpoint = add(&mut document, "pe", Some(network.as_str())).unwrap();
        plan(&document, Command::ApproveConnection { endpoint: endpoint.clone() }).unwrap().apply(&mut document);

        let (network, _) = sim::compile(&document);
        let address = network.address_of(&endpoint).unwrap();
        let request = serde_json::from_value(serde_json::json!({ "from": client, "to": address })).unwrap();
        let trace = sim::send(&network, &mut sim::Session::new(), &request);
        assert!(trace.succeeded(), "{:?}", trace.outcome);
        assert!(trace.passes(&service));
    }
}
