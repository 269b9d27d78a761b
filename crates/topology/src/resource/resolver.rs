//! Azure DNS Private Resolver and its forwarding rulesets.

use std::net::Ipv4Addr;

use indexmap::IndexMap;
use smol_str::SmolStr;

use crate::schema::{resource, words};
use crate::{ChildRef, Id};

resource! {
    /// `inboundEndpoints`: an address that answers as Azure DNS does in the resolver's network [PR-OV].
    pub struct InboundEndpoint {
        /// The subnet its address is taken from; delegated to `Microsoft.Network/dnsResolvers`.
        pub subnet: Id = "subnet",
        /// The address; the lowest free one of the subnet when absent.
        pub private_ip_address: Option<Ipv4Addr> = "privateIPAddress" or None,
    }
}

resource! {
    /// `outboundEndpoints`: where forwarded questions leave from. It shows no address [PR-OV].
    pub struct OutboundEndpoint {
        /// The subnet it stands in; delegated to `Microsoft.Network/dnsResolvers`.
        pub subnet: Id = "subnet",
    }
}

resource! {
    /// `Microsoft.Network/dnsResolvers`: one for each virtual network [PR-OV].
    pub struct DnsResolver {
        /// The network whose zones and rulesets it answers with.
        pub virtual_network: Id = "virtualNetwork",
        /// Inbound endpoints by name.
        pub inbound_endpoints: IndexMap<SmolStr, InboundEndpoint> = "inboundEndpoints" or IndexMap::new(),
        /// Outbound endpoints by name.
        pub outbound_endpoints: IndexMap<SmolStr, OutboundEndpoint> = "outboundEndpoints" or IndexMap::new(),
    }
}

resource! {
    /// One server a rule forwards to.
    pub struct TargetDnsServer {
        /// Its address; never 168.63.129.16 [PR-RULES].
        pub ip_address: Ipv4Addr = "ipAddress",
        /// Its port; 53 when absent.
        pub port: u16 = "port" or 53,
    }
}

words! {
    /// `forwardingRuleState` [PR-RULES].
    #[derive(Default)]
    pub enum ForwardingRuleState {
        /// It takes part.
        #[default]
        Enabled = "Enabled",
        /// It is ignored.
        Disabled = "Disabled",
    }
}

resource! {
    /// One rule of a ruleset.
    pub struct ForwardingRule {
        /// The names it takes, with a dot at the end: `contoso.com.`, or `.` for every name.
        pub domain_name: SmolStr = "domainName",
        /// Where they are forwarded, in the order tried.
        pub target_dns_servers: Vec<TargetDnsServer> = "targetDnsServers" or Vec::new(),
        /// Whether it takes part.
        pub forwarding_rule_state: ForwardingRuleState = "forwardingRuleState" or ForwardingRuleState::default(),
    }
}

resource! {
    /// `virtualNetworkLinks` of a ruleset: the network's questions to Azure DNS follow its rules. No peering is needed.
    pub struct RulesetLink {
        /// The network.
        pub virtual_network: Id = "virtualNetwork",
    }
}

resource! {
    /// `Microsoft.Network/dnsForwardingRulesets` [PR-RULES].
    pub struct DnsForwardingRuleset {
        /// The subscription it lives in.
        pub subscription: Id = "subscription",
        /// The outbound endpoints it leaves by, as `resolver/endpoint`.
        pub dns_resolver_outbound_endpoints: Vec<ChildRef> = "dnsResolverOutboundEndpoints" or Vec::new(),
        /// Rules by name.
        pub forwarding_rules: IndexMap<SmolStr, ForwardingRule> = "forwardingRules" or IndexMap::new(),
        /// Links by name.
        pub virtual_network_links: IndexMap<SmolStr, RulesetLink> = "virtualNetworkLinks" or IndexMap::new(),
    }
}
