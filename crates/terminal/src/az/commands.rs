//! The commands there are, as data: path, options, what each does and how its table looks.

use serde_json::Value;
use topology::Kind;

use super::arguments::{Argument, Values, flag, many, one, required, switch};
use super::call::Call;
use super::error::AzError;
use super::print::Arrange;
use super::{connection, link_service, nic, policy, private_dns, private_endpoint, storage, vnet, zone_group};

/// A command.
pub(super) struct Command {
    /// The words that name it, with one blank between them.
    pub(super) path: &'static str,
    /// What it is for.
    pub(super) about: &'static str,
    pub(super) arguments: &'static [Argument],
    pub(super) table: Option<Arrange>,
    pub(super) run: fn(&mut Call<'_>) -> Result<Option<Value>, AzError>,
}

impl Command {
    /// Whether these words name it.
    pub(super) fn is_at(&self, words: &[String]) -> bool {
        self.path.split(' ').eq(words.iter().map(String::as_str))
    }
}

const GROUP: Argument = one(&["--resource-group", "-g"], "the resource group", Values::Groups);
const IN_GROUP: Argument = Argument { is_required: true, ..GROUP };
const IDS: Argument = one(&["--ids"], "the id of the resource, instead of group and name", Values::Free);
const YES: Argument = flag(&["--yes", "-y"], "do not ask first");

const fn name(kind: Kind) -> Argument {
    one(&["--name", "-n"], "the name", Values::Names(kind))
}

const fn read(
    path: &'static str,
    about: &'static str,
    arguments: &'static [Argument],
    run: fn(&mut Call<'_>) -> Result<Option<Value>, AzError>,
) -> Command {
    Command { path, about, arguments, table: None, run }
}

const fn required_switch(names: &'static [&'static str], about: &'static str) -> Argument {
    Argument { is_required: true, ..switch(names, about) }
}

const fn with_table(table: Arrange, command: Command) -> Command {
    Command { table: Some(table), ..command }
}

const INTERFACE: &[Argument] = &[name(Kind::NetworkInterface), GROUP, IDS];
const NETWORK: &[Argument] = &[name(Kind::VirtualNetwork), GROUP, IDS];
const ENDPOINT: &[Argument] = &[name(Kind::PrivateEndpoint), GROUP, IDS, YES];
const POLICY: &[Argument] = &[name(Kind::ServiceEndpointPolicy), GROUP, IDS];
const SERVICE: &[Argument] = &[name(Kind::PrivateLinkService), GROUP, IDS, YES];
const ZONE: &[Argument] = &[name(Kind::PrivateDnsZone), GROUP, IDS];
const OF_ZONE: Argument = required(&["--zone-name", "-z"], "the zone", Values::Names(Kind::PrivateDnsZone));
const LINK: Argument = required(&["--name", "-n"], "the name of the link", Values::Free);
const OF_ENDPOINT: Argument =
    required(&["--endpoint-name"], "the private endpoint", Values::Names(Kind::PrivateEndpoint));
const CONNECTION: &[Argument] = &[
    one(&["--id"], "the id of the connection", Values::Connections),
    one(&["--name", "-n"], "the name of the connection", Values::Free),
    one(&["--resource-name"], "the name of the resource it leads to", Values::Names(Kind::PrivateLinkService)),
    GROUP,
    one(&["--type"], "the type of that resource", Values::Words(CONNECTABLE)),
    one(&["--description", "--rejection-description", "--approval-description"], "what the owner writes", Values::Free),
    YES,
];
const NEW_NAME: Argument = required(&["--name", "-n"], "the name", Values::Free);
const SUBNET: Argument = required(&["--subnet"], "the subnet, by name or id", Values::Names(Kind::Subnet));
const VNET: Argument = one(&["--vnet-name"], "the virtual network of the subnet", Values::Names(Kind::VirtualNetwork));
const LOCATION: Argument = one(&["--location", "-l"], "the region; that of the virtual network", Values::Free);
const NEW_ENDPOINT: &[Argument] = &[
    IN_GROUP,
    NEW_NAME,
    SUBNET,
    VNET,
    required(
        &["--private-connection-resource-id"],
        "what it connects to: an id, or the alias of a private link service",
        Values::Targets,
    ),
    required(&["--connection-name"], "the name of the connection", Values::Free),
    many(&["--group-id", "--group-ids"], "the sub-resource, such as blob", Values::Free),
    switch(&["--manual-request"], "leave the approval to the owner"),
    one(&["--request-message"], "what the owner reads", Values::Free),
    one(&["--nic-name"], "the name of its network interface", Values::Free),
    LOCATION,
];
const NEW_SERVICE: &[Argument] = &[
    IN_GROUP,
    NEW_NAME,
    SUBNET,
    VNET,
    one(&["--lb-name"], "the load balancer", Values::Names(Kind::LoadBalancer)),
    Argument { is_required: true, ..many(&["--lb-frontend-ip-configs"], "its frontends, by name or id", Values::Free) },
    one(&["--private-ip-address"], "the NAT IP", Values::Free),
    switch(&["--enable-proxy-protocol"], "begin connections with a PROXY v2 header"),
    many(&["--visibility"], "the subscriptions that see it, or *", Values::Subscriptions),
    many(&["--auto-approval"], "the subscriptions approved at once", Values::Subscriptions),
    LOCATION,
];
const GROUP_NAME: Argument = required(&["--name", "-n"], "the name of the group", Values::Words(&["default"]));
const CONNECTABLE: &[&str] = &[
    "Microsoft.Network/privateLinkServices",
    "Microsoft.Storage/storageAccounts",
    "Microsoft.KeyVault/vaults",
    "Microsoft.Sql/servers",
];

pub(super) const COMMANDS: &[Command] = &[
    with_table(
        nic::routes_table,
        read(
            "network nic show-effective-route-table",
            "Show the routes of a network interface, as they are in effect.",
            INTERFACE,
            nic::effective_routes,
        ),
    ),
    with_table(
        nic::rules_table,
        read(
            "network nic list-effective-nsg",
            "List the security rules of a network interface, as they are in effect.",
            INTERFACE,
            nic::effective_rules,
        ),
    ),
    read("network nic list", "List network interfaces.", &[GROUP], nic::list),
    read("network nic show", "Show a network interface.", INTERFACE, nic::show),
    with_table(vnet::table, read("network vnet list", "List virtual networks.", &[GROUP], vnet::list)),
    with_table(vnet::table, read("network vnet show", "Show a virtual network.", NETWORK, vnet::show)),
    read("network private-endpoint list", "List private endpoints.", &[GROUP], private_endpoint::list),
    read("network private-endpoint show", "Show a private endpoint.", ENDPOINT, private_endpoint::show),
    read(
        "network private-endpoint dns-zone-group list",
        "List the zone groups of a private endpoint.",
        &[IN_GROUP, OF_ENDPOINT],
        zone_group::list,
    ),
    read(
        "network private-endpoint dns-zone-group show",
        "Show a zone group.",
        &[IN_GROUP, OF_ENDPOINT, GROUP_NAME],
        zone_group::show,
    ),
    read(
        "network private-endpoint dns-zone-group create",
        "Let a zone follow a private endpoint.",
        &[
            IN_GROUP,
            OF_ENDPOINT,
            GROUP_NAME,
            required(&["--private-dns-zone"], "the zone, by name or id", Values::Names(Kind::PrivateDnsZone)),
            one(&["--zone-name"], "the name of the configuration", Values::Free),
        ],
        zone_group::create,
    ),
    read(
        "network private-endpoint dns-zone-group delete",
        "Delete a zone group, and its records.",
        &[IN_GROUP, OF_ENDPOINT, GROUP_NAME, YES],
        zone_group::delete,
    ),
    read("network private-endpoint create", "Create a private endpoint.", NEW_ENDPOINT, private_endpoint::create),
    read("network private-endpoint delete", "Delete a private endpoint.", ENDPOINT, private_endpoint::delete),
    read(
        "network private-endpoint-connection list",
        "List the private endpoint connections of a resource.",
        &[
            one(&["--id"], "the id of the resource", Values::Targets),
            one(&["--name", "-n"], "the name of the resource", Values::Names(Kind::PrivateLinkService)),
            GROUP,
            one(&["--type"], "its type", Values::Words(CONNECTABLE)),
        ],
        connection::list,
    ),
    read(
        "network private-endpoint-connection show",
        "Show a private endpoint connection.",
        CONNECTION,
        connection::show,
    ),
    read(
        "network private-endpoint-connection approve",
        "Approve a private endpoint connection.",
        CONNECTION,
        connection::approve,
    ),
    read(
        "network private-endpoint-connection reject",
        "Reject a private endpoint connection.",
        CONNECTION,
        connection::reject,
    ),
    read(
        "network private-endpoint-connection delete",
        "Delete a private endpoint connection.",
        CONNECTION,
        connection::delete,
    ),
    read("network private-link-service create", "Create a private link service.", NEW_SERVICE, link_service::create),
    read("network private-link-service delete", "Delete a private link service.", SERVICE, link_service::delete),
    read("network service-endpoint policy list", "List service endpoint policies.", &[GROUP], policy::list),
    read("network service-endpoint policy show", "Show a service endpoint policy.", POLICY, policy::show),
    read(
        "network private-dns link vnet create",
        "Link a zone to a virtual network.",
        &[
            IN_GROUP,
            OF_ZONE,
            LINK,
            required(&["--virtual-network", "-v"], "the network, by name or id", Values::Names(Kind::VirtualNetwork)),
            required_switch(&["--registration-enabled", "-e"], "whether its machines register themselves"),
            one(
                &["--resolution-policy"],
                "what happens to names the zone does not hold",
                Values::Words(&["Default", "NxDomainRedirect"]),
            ),
        ],
        private_dns::create_link,
    ),
    read("network private-link-service list", "List private link services.", &[GROUP], link_service::list),
    read("network private-link-service show", "Show a private link service.", SERVICE, link_service::show),
    with_table(
        private_dns::zones_table,
        read("network private-dns zone list", "List private DNS zones.", &[GROUP], private_dns::list_zones),
    ),
    with_table(
        private_dns::zones_table,
        read("network private-dns zone show", "Show a private DNS zone.", ZONE, private_dns::show_zone),
    ),
    with_table(
        private_dns::links_table,
        read(
            "network private-dns link vnet list",
            "List the links of a zone to virtual networks.",
            &[IN_GROUP, OF_ZONE],
            private_dns::list_links,
        ),
    ),
    with_table(
        private_dns::links_table,
        read(
            "network private-dns link vnet show",
            "Show a link of a zone.",
            &[IN_GROUP, OF_ZONE, LINK],
            private_dns::show_link,
        ),
    ),
    read(
        "network private-dns link vnet delete",
        "Delete a link of a zone.",
        &[IN_GROUP, OF_ZONE, LINK, YES],
        private_dns::delete_link,
    ),
    read("storage account list", "List storage accounts.", &[GROUP], storage::list),
    read("storage account show", "Show a storage account.", &[name(Kind::PlatformService), GROUP, IDS], storage::show),
];
