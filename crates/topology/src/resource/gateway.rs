//! Virtual network gateways, what they connect to, and the connections [VPN-NAT][PEER-MANAGE].

use std::net::Ipv4Addr;

use indexmap::IndexMap;
use ipnet::Ipv4Net;
use smol_str::SmolStr;

use crate::schema::{resource, words};
use crate::{ChildRef, Id};

words! {
    /// `gatewayType`.
    #[derive(Default)]
    pub enum GatewayType {
        /// IPsec over the Internet, to sites, to other gateways and to single clients.
        #[default]
        Vpn = "Vpn",
        /// ExpressRoute circuits.
        ExpressRoute = "ExpressRoute",
    }
}

words! {
    /// `type` of a NAT rule.
    #[derive(Default)]
    pub enum NatRuleType {
        /// One to one, both ways.
        #[default]
        Static = "Static",
        /// Many to few with ports; only the internal side can begin.
        Dynamic = "Dynamic",
    }
}

words! {
    /// `mode` of a NAT rule.
    #[derive(Default)]
    pub enum NatRuleMode {
        /// The internal side is the virtual network.
        #[default]
        EgressSnat = "EgressSnat",
        /// The internal side is on premises.
        IngressSnat = "IngressSnat",
    }
}

resource! {
    /// One side of a NAT rule.
    pub struct NatRuleMapping {
        /// Its range.
        pub address_space: Ipv4Net = "addressSpace",
    }
}

resource! {
    /// `natRules` of a VPN gateway. It works on the connections that name it, in both directions [VPN-NAT].
    pub struct NatRule {
        /// How addresses are mapped.
        pub rule_type: NatRuleType = "type" or NatRuleType::default(),
        /// Whose addresses are mapped.
        pub mode: NatRuleMode = "mode" or NatRuleMode::default(),
        /// The range before the translation; one.
        pub internal_mappings: Vec<NatRuleMapping> = "internalMappings" or Vec::new(),
        /// The range after it; one.
        pub external_mappings: Vec<NatRuleMapping> = "externalMappings" or Vec::new(),
    }
}

resource! {
    /// `vpnClientConfiguration`: what point-to-site clients get [DMAUSER-P2S].
    #[derive(Default)]
    pub struct VpnClientConfiguration {
        /// Where their addresses come from.
        pub vpn_client_address_pool: Vec<Ipv4Net> = "vpnClientAddressPool" or Vec::new(),
        /// The DNS servers of the profile; the virtual network's when it names none.
        pub dns_servers: Vec<Ipv4Addr> = "dnsServers" or Vec::new(),
    }
}

resource! {
    /// `Microsoft.Network/virtualNetworkGateways`.
    pub struct VirtualNetworkGateway {
        /// The subnet it stands in, whose name is exactly `GatewaySubnet` [UDR-OV].
        pub subnet: Id = "subnet",
        /// What it speaks.
        pub gateway_type: GatewayType = "gatewayType" or GatewayType::default(),
        /// Its size, such as `VpnGw2`. NAT rules need VpnGw2 or larger [VPN-NAT].
        pub sku: Option<SmolStr> = "sku" or None,
        /// The address tunnels end at; one of a documentation range when absent.
        pub public_ip_address: Option<Ipv4Addr> = "publicIPAddress" or None,
        /// NAT rules by name.
        pub nat_rules: IndexMap<SmolStr, NatRule> = "natRules" or IndexMap::new(),
        /// Whether learned and advertised routes are translated as packets are.
        pub enable_bgp_route_translation_for_nat: bool = "enableBgpRouteTranslationForNat" or false,
        /// What point-to-site clients get.
        pub vpn_client_configuration: VpnClientConfiguration = "vpnClientConfiguration" or VpnClientConfiguration::default(),
    }
}

resource! {
    /// `Microsoft.Network/localNetworkGateways`: what Azure is told about a VPN device on premises.
    pub struct LocalNetworkGateway {
        /// The subscription it lives in.
        pub subscription: Id = "subscription",
        /// The site whose device it describes.
        pub on_premises_site: Id = "onPremisesSite",
        /// `localNetworkAddressSpace.addressPrefixes`: the ranges Azure sends there, before any translation.
        pub address_prefixes: Vec<Ipv4Net> = "addressPrefixes" or Vec::new(),
    }
}

words! {
    /// A peering of an ExpressRoute circuit.
    pub enum CircuitPeering {
        /// Private addresses of virtual networks, private endpoints among them [PE-OV].
        AzurePrivatePeering = "AzurePrivatePeering",
        /// Public addresses of Microsoft's services.
        MicrosoftPeering = "MicrosoftPeering",
    }
}

resource! {
    /// `Microsoft.Network/expressRouteCircuits`: a line from a site to Microsoft's edge.
    pub struct ExpressRouteCircuit {
        /// The subscription it lives in.
        pub subscription: Id = "subscription",
        /// The site it begins at.
        pub on_premises_site: Id = "onPremisesSite",
        /// Its peerings. Virtual networks are reached over the private one.
        pub peerings: Vec<CircuitPeering> = "peerings" or vec![CircuitPeering::AzurePrivatePeering],
    }
}

words! {
    /// `connectionType`.
    #[derive(Default)]
    pub enum ConnectionType {
        /// Site to site.
        #[default]
        IPsec = "IPsec",
        /// Between two VPN gateways.
        Vnet2Vnet = "Vnet2Vnet",
        /// Over an ExpressRoute circuit.
        ExpressRoute = "ExpressRoute",
    }
}

resource! {
    /// `Microsoft.Network/connections`: a tunnel between a gateway and what it connects to.
    pub struct Connection {
        /// The gateway it belongs to.
        pub virtual_network_gateway1: Id = "virtualNetworkGateway1",
        /// What kind of tunnel it is; says which of the next three fields counts.
        pub connection_type: ConnectionType = "connectionType" or ConnectionType::default(),
        /// The other gateway of a Vnet2Vnet connection.
        pub virtual_network_gateway2: Option<Id> = "virtualNetworkGateway2" or None,
        /// The other end of an IPsec connection.
        pub local_network_gateway2: Option<Id> = "localNetworkGateway2" or None,
        /// The circuit of an ExpressRoute connection.
        pub peer: Option<Id> = "peer" or None,
        /// Whether both ends tell each other their prefixes (ExpressRoute always does). Without, the gateway knows what
        /// the local network gateway states.
        pub enable_bgp: bool = "enableBgp" or false,
        /// The rules that translate on-premises addresses, as `gateway/rule`.
        pub ingress_nat_rules: Vec<ChildRef> = "ingressNatRules" or Vec::new(),
        /// The rules that translate the virtual network's addresses, as `gateway/rule`.
        pub egress_nat_rules: Vec<ChildRef> = "egressNatRules" or Vec::new(),
        /// Whether the tunnel is up.
        pub connection_status: ConnectionTunnelStatus = "connectionStatus" or ConnectionTunnelStatus::default(),
        /// Whether packets from on premises bypass the gateway: FastPath [ER-FASTPATH].
        pub express_route_gateway_bypass: bool = "expressRouteGatewayBypass" or false,
    }
}

words! {
    /// `connectionStatus` of a tunnel.
    #[derive(Default)]
    pub enum ConnectionTunnelStatus {
        /// It carries packets.
        #[default]
        Connected = "Connected",
        /// It does not.
        NotConnected = "NotConnected",
    }
}
