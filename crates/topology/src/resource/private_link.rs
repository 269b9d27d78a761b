//! Private link services and private endpoints.

use std::net::Ipv4Addr;

use smol_str::{SmolStr, format_smolstr};
use wire::hash::stable_guid;

use super::RoleAssignment;
use crate::schema::{resource, words};
use crate::{ChildRef, Id};

resource! {
    /// A list of subscription ids, or `*` for everyone.
    #[derive(Default)]
    pub struct Subscriptions {
        /// Subscription ids, or the one entry `*`.
        pub subscriptions: Vec<SmolStr> = "subscriptions" or Vec::new(),
    }
}

words! {
    /// `privateIPAddressVersion`.
    #[derive(Default)]
    pub enum AddressVersion {
        /// The one a private link service carries [PLS-OV].
        #[default]
        Ipv4 = "IPv4",
        /// Refused.
        Ipv6 = "IPv6",
    }
}

resource! {
    /// One NAT IP of a private link service.
    pub struct NatIpConfiguration {
        /// What it is called; its position when absent.
        pub name: Option<SmolStr> = "name" or None,
        /// The subnet the address is taken from.
        pub subnet: Id = "subnet",
        /// The address (allocation `Static`); the lowest free one of the subnet when absent (`Dynamic`).
        pub private_ip_address: Option<Ipv4Addr> = "privateIPAddress" or None,
        /// IPv4, unless the document asks for what Azure refuses.
        pub private_ip_address_version: AddressVersion = "privateIPAddressVersion" or AddressVersion::default(),
        /// Whether it is the primary one. When none says so, the first is.
        pub primary: bool = "primary" or false,
    }
}

words! {
    /// `accessMode`. In the schema, but nowhere explained: nothing depends on it [REST-PLS].
    #[derive(Default)]
    pub enum AccessMode {
        /// As it always was.
        #[default]
        Default = "Default",
        /// Not explained.
        Restricted = "Restricted",
    }
}

resource! {
    /// `Microsoft.Network/privateLinkServices` [PLS-OV].
    #[derive(Default)]
    pub struct PrivateLinkService {
        /// Azure region; that of its network when absent.
        pub location: Option<SmolStr> = "location" or None,
        /// The frontends traffic arrives at, as `loadBalancer/frontend`.
        pub load_balancer_frontend_ip_configurations: Vec<ChildRef> = "loadBalancerFrontendIpConfigurations" or Vec::new(),
        /// The NAT IPs consumers appear as: one to eight.
        pub ip_configurations: Vec<NatIpConfiguration> = "ipConfigurations" or Vec::new(),
        /// Whether each connection to the backend begins with a PROXY v2 header.
        pub enable_proxy_protocol: bool = "enableProxyProtocol" or false,
        /// Direct Connect: where traffic goes after the translation, instead of to a frontend [PLS-DC].
        pub destination_ip_address: Option<Ipv4Addr> = "destinationIPAddress" or None,
        /// Nothing depends on it.
        pub access_mode: AccessMode = "accessMode" or AccessMode::default(),
        /// Names the owner suggests to consumers for their DNS.
        pub fqdns: Vec<SmolStr> = "fqdns" or Vec::new(),
        /// Who can see the service. Empty: only through role-based access control.
        pub visibility: Subscriptions = "visibility" or Subscriptions::default(),
        /// Whose connections are approved at once; a subset of visibility.
        pub auto_approval: Subscriptions = "autoApproval" or Subscriptions::default(),
        /// Who may do what with it; its own tenant everything, when absent.
        pub role_assignments: Option<Vec<RoleAssignment>> = "roleAssignments" or None,
    }
}

impl PrivateLinkService {
    /// The position of the primary NAT IP: the first that says so, or else the first. Exactly one is [PLS-OV].
    #[must_use]
    pub fn primary_ip_configuration(&self) -> usize {
        self.ip_configurations.iter().position(|configuration| configuration.primary).unwrap_or(0)
    }
}

words! {
    /// `privateLinkServiceConnectionState.status` [PE-OV].
    #[derive(Default)]
    pub enum ConnectionStatus {
        /// The owner has not decided.
        #[default]
        Pending = "Pending",
        /// Traffic flows.
        Approved = "Approved",
        /// The owner said no.
        Rejected = "Rejected",
        /// The owner removed the connection, or the target is gone.
        Disconnected = "Disconnected",
    }
}

resource! {
    /// `privateLinkServiceConnectionState`.
    #[derive(Default)]
    pub struct ConnectionState {
        /// Where the approval stands.
        pub status: ConnectionStatus = "status" or ConnectionStatus::default(),
        /// What the owner wrote.
        pub description: Option<String> = "description" or None,
    }
}

resource! {
    /// One connection of a private endpoint to its target.
    pub struct PrivateLinkServiceConnection {
        /// The private link service or platform service it connects to.
        pub private_link_service_id: Id = "privateLinkServiceId",
        /// The sub-resource of a platform service; empty for a private link service [PE-OV].
        pub group_ids: Vec<SmolStr> = "groupIds" or Vec::new(),
        /// What the consumer wrote to the owner.
        pub request_message: Option<String> = "requestMessage" or None,
        /// Where the approval stands.
        pub private_link_service_connection_state: ConnectionState = "privateLinkServiceConnectionState" or ConnectionState::default(),
    }
}

resource! {
    /// One zone of a zone group.
    pub struct DnsZoneConfig {
        /// The zone that holds the endpoint's record.
        pub private_dns_zone_id: Id = "privateDnsZoneId",
    }
}

resource! {
    /// `privateDnsZoneGroups/default`: the zones whose records follow the endpoint's life [PE-DNSINT].
    #[derive(Default)]
    pub struct DnsZoneGroup {
        /// Up to five zones.
        pub private_dns_zone_configs: Vec<DnsZoneConfig> = "privateDnsZoneConfigs" or Vec::new(),
    }
}

resource! {
    /// `ipConfigurations[]` of a private endpoint: a static address for one of its members [CARML-PE].
    pub struct EndpointIpConfiguration {
        /// The member, as `requiredMembers` lists it: the group id for most services, one more for each region of some.
        pub member_name: SmolStr = "memberName",
        /// The address.
        pub private_ip_address: Ipv4Addr = "privateIPAddress",
    }
}

resource! {
    /// `Microsoft.Network/privateEndpoints` [PE-OV].
    pub struct PrivateEndpoint {
        /// The subnet its network interface stands in.
        pub subnet: Id = "subnet",
        /// The first address of its network interface; the lowest free one of the subnet when absent (assumption A3).
        pub private_ip_address: Option<Ipv4Addr> = "privateIPAddress" or None,
        /// Static addresses by member, for services that take several addresses [PE-DNS].
        pub ip_configurations: Vec<EndpointIpConfiguration> = "ipConfigurations" or Vec::new(),
        /// The name of its network interface, given when it is created, never later.
        pub custom_network_interface_name: Option<SmolStr> = "customNetworkInterfaceName" or None,
        /// The connection, when its creator may approve it.
        pub private_link_service_connections: Vec<PrivateLinkServiceConnection> = "privateLinkServiceConnections" or Vec::new(),
        /// The connection, when the owner has to approve it.
        pub manual_private_link_service_connections: Vec<PrivateLinkServiceConnection> = "manualPrivateLinkServiceConnections" or Vec::new(),
        /// Which zones hold its records.
        pub private_dns_zone_group: Option<DnsZoneGroup> = "privateDnsZoneGroup" or None,
        /// The application security groups it has joined; they mean something only where security groups apply to it.
        pub application_security_groups: Vec<Id> = "applicationSecurityGroups" or Vec::new(),
    }
}

impl PrivateEndpoint {
    /// The address the document states for a member; `first` says whether it is the first one.
    #[must_use]
    pub fn stated_address(&self, member: &str, first: bool) -> Option<Ipv4Addr> {
        let configured = self.ip_configurations.iter().find(|own| own.member_name.eq_ignore_ascii_case(member));
        configured.map(|own| own.private_ip_address).or(self.private_ip_address.filter(|_| first))
    }

    /// The name of its network interface: its own, or `<name>.nic.<guid>` as the command line makes it, the guid here
    /// being a hash of the name [SEED4].
    #[must_use]
    pub fn network_interface_name(&self, id: &Id) -> SmolStr {
        self.custom_network_interface_name
            .clone()
            .unwrap_or_else(|| format_smolstr!("{id}.nic.{}", stable_guid(id.as_str())))
    }

    /// Its one connection, whichever list holds it.
    #[must_use]
    pub fn connection(&self) -> Option<&PrivateLinkServiceConnection> {
        self.private_link_service_connections.iter().chain(&self.manual_private_link_service_connections).next()
    }

    /// Its one connection, to be changed.
    pub(crate) fn connection_mut(&mut self) -> Option<&mut PrivateLinkServiceConnection> {
        self.private_link_service_connections.iter_mut().chain(&mut self.manual_private_link_service_connections).next()
    }
}
