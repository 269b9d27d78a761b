//! Load balancers.

use std::net::Ipv4Addr;

use indexmap::IndexMap;
use smol_str::SmolStr;

use crate::Id;
use crate::schema::{resource, words};

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
    /// Where a load balancer receives.
    pub struct FrontendIpConfiguration {
        /// The subnet of an internal frontend.
        pub subnet: Id = "subnet",
        /// Its address; the lowest free one of the subnet when absent.
        pub private_ip_address: Option<Ipv4Addr> = "privateIPAddress" or None,
    }
}

resource! {
    /// The machines a load balancer spreads flows over, by network interface.
    #[derive(Default)]
    pub struct BackendAddressPool {
        /// Members by network interface. A private link service needs such a pool [PLS-OV].
        pub network_interfaces: Vec<Id> = "networkInterfaces" or Vec::new(),
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

resource! {
    /// A health probe.
    pub struct Probe {
        /// How it asks.
        pub protocol: ProbeProtocol = "protocol",
        /// The port on the backend it asks.
        pub port: u16 = "port",
        /// The path an HTTP probe asks for.
        pub request_path: Option<SmolStr> = "requestPath" or None,
    }
}

words! {
    /// What a rule matches.
    pub enum RuleProtocol {
        /// TCP.
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
    }
}

resource! {
    /// `Microsoft.Network/loadBalancers`.
    #[derive(Default)]
    pub struct LoadBalancer {
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
    }
}
