//! Load balancers.

use std::net::Ipv4Addr;

use indexmap::IndexMap;
use smol_str::SmolStr;

use crate::Id;
use crate::schema::{resource, words};

/// Minutes after which a load balancer forgets an idle flow, when the document says nothing [LB-TCPRST].
pub const DEFAULT_IDLE_MINUTES: u32 = 4;

words! {
    /// `sku.name` of a load balancer.
    #[derive(Default)]
    pub enum Sku {
        /// Standard: the only one a private link service accepts [PLS-OV].
        #[default]
        Standard = "Standard",
        /// Basic.
        Basic = "Basic",
    }
}

resource! {
    /// Where a load balancer receives: at an address of a subnet, or at a public one [LB-COMP].
    #[derive(Default)]
    pub struct FrontendIpConfiguration {
        /// The subnet of an internal frontend.
        pub subnet: Option<Id> = "subnet" or None,
        /// The address of an internal frontend; the lowest free one of the subnet when absent.
        pub private_ip_address: Option<Ipv4Addr> = "privateIPAddress" or None,
        /// The public IP address of a public frontend.
        pub public_ip_address: Option<Id> = "publicIPAddress" or None,
    }
}

resource! {
    /// A member of a pool by address [LB-COMP].
    pub struct LoadBalancerBackendAddress {
        /// Its address, in the network of the pool.
        pub ip_address: Ipv4Addr = "ipAddress",
    }
}

resource! {
    /// The machines a load balancer spreads flows over, by network interface or by address.
    #[derive(Default)]
    pub struct BackendAddressPool {
        /// Members by network interface. A private link service needs such a pool [PLS-OV].
        pub network_interfaces: Vec<Id> = "networkInterfaces" or Vec::new(),
        /// The network that the addresses of an IP-based pool belong to.
        pub virtual_network: Option<Id> = "virtualNetwork" or None,
        /// Members by address. No private link service accepts such a pool [ISS-75134].
        pub load_balancer_backend_addresses: IndexMap<SmolStr, LoadBalancerBackendAddress> = "loadBalancerBackendAddresses" or IndexMap::new(),
    }
}

words! {
    /// How a probe asks.
    pub enum ProbeProtocol {
        /// TCP handshake.
        Tcp = "Tcp",
        /// HTTP GET; only 200 counts as healthy [PROBE].
        Http = "Http",
        /// HTTPS GET; only 200 counts as healthy.
        Https = "Https",
    }
}

words! {
    /// `noHealthyBackendsBehavior` [OBS-PROBEUP].
    #[derive(Default)]
    pub enum NoHealthyBackendsBehavior {
        /// New flows find no backend.
        #[default]
        AllProbedDown = "AllProbedDown",
        /// Every member counts as healthy again.
        AllProbedUp = "AllProbedUp",
    }
}

resource! {
    /// A health probe.
    pub struct Probe {
        /// How it asks.
        pub protocol: ProbeProtocol = "protocol",
        /// The port on the backend it asks.
        pub port: u16 = "port",
        /// The path an HTTP probe asks for.
        pub request_path: Option<SmolStr> = "requestPath" or None,
        /// Seconds from one probe to the next; 5 or more (assumption A20).
        pub interval_in_seconds: u32 = "intervalInSeconds" or 5,
        /// How many in a row change its mind, 1 to 100.
        pub probe_threshold: Option<u32> = "probeThreshold" or None,
        /// The older name of the same number; `probeThreshold` wins [LB-RETIRE].
        pub number_of_probes: Option<u32> = "numberOfProbes" or None,
        /// What new flows get while no member is up.
        pub no_healthy_backends_behavior: NoHealthyBackendsBehavior = "noHealthyBackendsBehavior" or NoHealthyBackendsBehavior::default(),
    }
}

impl Probe {
    /// How many probes in a row change its mind: 1 when the document says nothing [PROBE].
    #[must_use]
    pub fn threshold(&self) -> u32 {
        self.probe_threshold.or(self.number_of_probes).unwrap_or(1)
    }
}

words! {
    /// What a rule matches.
    #[derive(Default)]
    pub enum RuleProtocol {
        /// TCP.
        #[default]
        Tcp = "Tcp",
        /// UDP.
        Udp = "Udp",
        /// Every protocol and port (HA ports).
        All = "All",
    }
}

words! {
    /// Which part of a flow decides its backend [LB-DIST].
    #[derive(Default)]
    pub enum LoadDistribution {
        /// Five-tuple.
        #[default]
        Default = "Default",
        /// Source and destination address.
        SourceIp = "SourceIP",
        /// Source and destination address, and protocol.
        SourceIpProtocol = "SourceIPProtocol",
    }
}

resource! {
    /// A load-balancing rule.
    pub struct LoadBalancingRule {
        /// The frontend it listens on, by name.
        pub frontend_ip_configuration: SmolStr = "frontendIPConfiguration",
        /// The pool it spreads over, by name.
        pub backend_address_pool: SmolStr = "backendAddressPool",
        /// The probe that decides who is healthy, by name. Without one every member counts as healthy.
        pub probe: Option<SmolStr> = "probe" or None,
        /// What it matches.
        pub protocol: RuleProtocol = "protocol",
        /// Port on the frontend.
        pub frontend_port: u16 = "frontendPort",
        /// Port on the backend.
        pub backend_port: u16 = "backendPort",
        /// What decides the backend.
        pub load_distribution: LoadDistribution = "loadDistribution" or LoadDistribution::default(),
        /// Minutes after which an idle flow is forgotten, 4 to 100 (dispute D5).
        pub idle_timeout_in_minutes: u32 = "idleTimeoutInMinutes" or DEFAULT_IDLE_MINUTES,
        /// Whether packets keep the frontend as their destination. The guest needs that address, too [LB-FLOAT].
        pub enable_floating_ip: bool = "enableFloatingIP" or false,
        /// Whether both ends of a forgotten flow get an RST [LB-TCPRST].
        pub enable_tcp_reset: bool = "enableTcpReset" or false,
        /// Whether the frontend is no way out for the members of the pool [LB-OUT].
        pub disable_outbound_snat: bool = "disableOutboundSnat" or false,
    }
}

impl LoadBalancingRule {
    /// Whether it takes every port: HA ports [LB-HAPORT].
    #[must_use]
    pub fn is_ha_ports(&self) -> bool {
        self.protocol == RuleProtocol::All && self.frontend_port == 0
    }
}

resource! {
    /// An inbound NAT rule: one port of a frontend for one machine, or a range of ports for a pool [LB-COMP].
    pub struct InboundNatRule {
        /// The frontend it listens on, by name.
        pub frontend_ip_configuration: SmolStr = "frontendIPConfiguration",
        /// What it matches.
        pub protocol: RuleProtocol = "protocol" or RuleProtocol::default(),
        /// Port on the frontend, for one machine.
        pub frontend_port: u16 = "frontendPort" or 0,
        /// Port on the backend.
        pub backend_port: u16 = "backendPort",
        /// The network interface it leads to.
        pub backend_ip_configuration: Option<Id> = "backendIPConfiguration" or None,
        /// The pool it leads to instead, by name: the first member by the first port, and so on.
        pub backend_address_pool: Option<SmolStr> = "backendAddressPool" or None,
        /// The first port on the frontend, for a pool.
        pub frontend_port_range_start: u16 = "frontendPortRangeStart" or 0,
        /// The last port on the frontend, for a pool.
        pub frontend_port_range_end: u16 = "frontendPortRangeEnd" or 0,
        /// Minutes after which an idle flow is forgotten, 4 to 100 (dispute D5).
        pub idle_timeout_in_minutes: u32 = "idleTimeoutInMinutes" or DEFAULT_IDLE_MINUTES,
        /// Whether packets keep the frontend as their destination.
        pub enable_floating_ip: bool = "enableFloatingIP" or false,
        /// Whether both ends of a forgotten flow get an RST.
        pub enable_tcp_reset: bool = "enableTcpReset" or false,
    }
}

resource! {
    /// An outbound rule: public frontends as the way out of a pool [LB-OUT].
    pub struct OutboundRule {
        /// The public frontends machines appear as, by name.
        pub frontend_ip_configurations: Vec<SmolStr> = "frontendIPConfigurations" or Vec::new(),
        /// The pool whose members it lets out, by name.
        pub backend_address_pool: SmolStr = "backendAddressPool",
        /// What it matches.
        pub protocol: RuleProtocol = "protocol" or RuleProtocol::All,
        /// Ports for each machine; by the size of the pool when 0 [LB-OUT].
        pub allocated_outbound_ports: u32 = "allocatedOutboundPorts" or 0,
        /// Minutes after which an idle port is free again, 4 to 120.
        pub idle_timeout_in_minutes: u32 = "idleTimeoutInMinutes" or DEFAULT_IDLE_MINUTES,
        /// Whether both ends of a forgotten flow get an RST.
        pub enable_tcp_reset: bool = "enableTcpReset" or false,
    }
}

resource! {
    /// `Microsoft.Network/loadBalancers`.
    #[derive(Default)]
    pub struct LoadBalancer {
        /// The subscription it lives in; that of its network when absent.
        pub subscription: Option<Id> = "subscription" or None,
        /// Azure region; that of its network when absent.
        pub location: Option<SmolStr> = "location" or None,
        /// Standard or Basic.
        pub sku: Sku = "sku" or Sku::default(),
        /// Frontends by name.
        pub frontend_ip_configurations: IndexMap<SmolStr, FrontendIpConfiguration> = "frontendIPConfigurations" or IndexMap::new(),
        /// Pools by name.
        pub backend_address_pools: IndexMap<SmolStr, BackendAddressPool> = "backendAddressPools" or IndexMap::new(),
        /// Probes by name.
        pub probes: IndexMap<SmolStr, Probe> = "probes" or IndexMap::new(),
        /// Rules by name.
        pub load_balancing_rules: IndexMap<SmolStr, LoadBalancingRule> = "loadBalancingRules" or IndexMap::new(),
        /// Inbound NAT rules by name.
        pub inbound_nat_rules: IndexMap<SmolStr, InboundNatRule> = "inboundNatRules" or IndexMap::new(),
        /// Outbound rules by name.
        pub outbound_rules: IndexMap<SmolStr, OutboundRule> = "outboundRules" or IndexMap::new(),
    }
}
