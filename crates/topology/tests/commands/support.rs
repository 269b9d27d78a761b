//! A document of two tenants, and commands in few words.

use serde_json::{Value, json};
use topology::command::{Command, Refusal, plan};
use topology::{Document, Id, Kind, file};

/// Contoso consumes, Fabrikam provides.
pub(crate) fn document() -> Document {
    let document = json!({
        "schema": 1,
        "tenants": {"contoso": {}, "fabrikam": {}},
        "subscriptions": {
            "shop": {"tenant": "contoso"}, "lab": {"tenant": "contoso"}, "maker": {"tenant": "fabrikam"}
        },
        "virtualNetworks": {
            "hub": {"subscription": "shop", "addressPrefixes": ["10.0.0.0/16"]},
            "spoke": {"subscription": "shop", "addressPrefixes": ["10.1.0.0/16"]},
            "plant": {"subscription": "maker", "addressPrefixes": ["10.0.0.0/16"]}
        },
        "subnets": {
            "clients": {"virtualNetwork": "hub", "addressPrefix": "10.0.0.0/24", "networkSecurityGroup": "nsg"},
            "endpoints": {"virtualNetwork": "hub", "addressPrefix": "10.0.1.0/24"},
            "small": {"virtualNetwork": "spoke", "addressPrefix": "10.1.0.0/29"},
            "web": {"virtualNetwork": "plant", "addressPrefix": "10.0.0.0/24"},
            "nat": {
                "virtualNetwork": "plant", "addressPrefix": "10.0.1.0/24",
                "privateLinkServiceNetworkPolicies": "Disabled"
            }
        },
        "virtualMachines": {"client": {}, "web-0": {"services": [{"name": "IIS", "port": 80}]}},
        "networkInterfaces": {
            "client-nic": {"virtualMachine": "client", "subnet": "clients"},
            "web-0-nic": {"virtualMachine": "web-0", "subnet": "web"}
        },
        "loadBalancers": {"lb": {
            "frontendIPConfigurations": {"one": {"subnet": "web"}, "two": {"subnet": "web"}},
            "backendAddressPools": {"pool": {"networkInterfaces": ["web-0-nic"]}},
            "loadBalancingRules": {"http": {
                "frontendIPConfiguration": "one", "backendAddressPool": "pool", "protocol": "Tcp",
                "frontendPort": 80, "backendPort": 80
            }}
        }},
        "privateLinkServices": {"pls": {
            "loadBalancerFrontendIpConfigurations": ["lb/one"],
            "ipConfigurations": [{"subnet": "nat"}],
            "visibility": {"subscriptions": ["*"]}
        }},
        "privateDnsZones": {
            "blob-zone": {
                "subscription": "shop", "name": "privatelink.blob.core.windows.net",
                "virtualNetworkLinks": {"to-hub": {"virtualNetwork": "hub"}}
            },
            "other-blob-zone": {"subscription": "shop", "name": "privatelink.blob.core.windows.net"},
            "corp-zone": {"subscription": "shop", "name": "corp.example"}
        },
        "platformServices": {
            "acct": {"type": "Microsoft.Storage/storageAccounts", "subscription": "shop"},
            "kv": {"type": "Microsoft.KeyVault/vaults", "subscription": "shop"},
            "srv": {"type": "Microsoft.Sql/servers", "subscription": "shop"},
            "reg": {"type": "Microsoft.ContainerRegistry/registries", "subscription": "shop"},
            "aks": {"type": "Microsoft.ContainerService/managedClusters", "subscription": "shop"},
            "site": {"type": "Microsoft.Web/sites", "subscription": "shop"},
            "theirs": {"type": "Microsoft.Storage/storageAccounts", "subscription": "maker"}
        },
        "networkSecurityGroups": {"nsg": {"subscription": "shop", "securityRules": {
            "from-group": {
                "priority": 100, "direction": "Inbound", "access": "Allow",
                "sourceApplicationSecurityGroups": ["asg"]
            }
        }}},
        "applicationSecurityGroups": {"asg": {"subscription": "shop"}},
        "requests": [{"from": "client", "to": "acct.blob.core.windows.net"}]
    });
    file::parse(&document.to_string()).unwrap()
}

pub(crate) fn id(text: &str) -> Id {
    text.parse().unwrap()
}

pub(crate) fn create(kind: Kind, name: &str, value: Value) -> Command {
    Command::Create { kind, id: id(name), value }
}

/// `path` is written `a/b/0`.
pub(crate) fn set(name: &str, path: &str, value: Value) -> Command {
    Command::Set { id: id(name), path: path.split('/').map(Into::into).collect(), value }
}

pub(crate) fn delete(name: &str) -> Command {
    Command::Delete { id: id(name), cascade: false }
}

pub(crate) fn cascade(name: &str) -> Command {
    Command::Delete { id: id(name), cascade: true }
}

/// A private endpoint in the subnet `endpoints` that may approve itself.
pub(crate) fn endpoint(name: &str, target: &str, group_ids: &[&str]) -> Command {
    let connection = json!({"privateLinkServiceId": target, "groupIds": group_ids});
    create(Kind::PrivateEndpoint, name, json!({"subnet": "endpoints", "privateLinkServiceConnections": [connection]}))
}

/// A private endpoint in the subnet `endpoints` that leaves the approval to the owner.
pub(crate) fn manual_endpoint(name: &str, target: &str, group_ids: &[&str]) -> Command {
    let connection = json!({"privateLinkServiceId": target, "groupIds": group_ids});
    let body = json!({"subnet": "endpoints", "manualPrivateLinkServiceConnections": [connection]});
    create(Kind::PrivateEndpoint, name, body)
}

/// Carries a command out.
#[track_caller]
pub(crate) fn run(document: &mut Document, command: Command) {
    let diff = plan(document, command).unwrap_or_else(|refusal| panic!("refused: {refusal:?}"));
    diff.apply(document);
}

/// Why a command is refused. The document is as it was.
#[track_caller]
pub(crate) fn refused(document: &Document, command: Command) -> Refusal {
    plan(document, command).expect_err("the command is refused")
}

/// A resource as JSON.
#[track_caller]
pub(crate) fn row(document: &Document, name: &str) -> Value {
    let kind = document.kind_of(&id(name)).unwrap_or_else(|| panic!("{name} is there"));
    document.resource(kind, &id(name)).unwrap()
}

/// Where the connection of an endpoint stands.
#[track_caller]
pub(crate) fn status(document: &Document, endpoint: &str) -> String {
    let row = document.private_endpoints.get(&id(endpoint)).unwrap();
    row.connection().unwrap().private_link_service_connection_state.status.to_string()
}

/// The addresses of a record set, joined; empty when there is none.
#[track_caller]
pub(crate) fn record(document: &Document, zone: &str, name: &str) -> String {
    let sets = &document.private_dns_zones.get(&id(zone)).unwrap().record_sets;
    let addresses = sets.get(name).map(|set| set.a_records.iter().map(ToString::to_string).collect::<Vec<_>>());
    addresses.unwrap_or_default().join(" ")
}
