//! Where the value of a field comes from.

use std::net::Ipv4Addr;

use sim::trace::{Event, Field, Forwarding, Place, Step};
use smol_str::{SmolStr, format_smolstr};
use topology::Id;
use topology::document::Kind;
use wire::DomainName;
use wire::packet::Packet;

use crate::Scene;

/// Where the value of a field comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A field of the document or a row of the session's tables, as [`sim::trace::Rewrite::origin`] names them:
    /// `privateLinkServices/pls/ipConfigurations/0`, `natBindings/1`, `ephemeralPorts/vm`.
    Path(SmolStr),
    /// A field of the request: `to`, `port`, `path`, `protocol`.
    Request(&'static str),
    /// The answer to the question for this name.
    Answer(DomainName),
    /// It follows from other bytes: a length, a checksum, a number acknowledged.
    Computed,
    /// The same everywhere, by this standard or rule: `RFC 791 §3.1`, or a source key of the fact sheet.
    Fixed(&'static str),
    /// Not decided by the trace; a convention of captures.
    Convention,
}

/// Where the addresses and ports of a packet come from.
#[derive(Clone, Debug)]
pub(crate) struct Ends {
    pub(crate) source_address: Origin,
    pub(crate) source_port: Origin,
    pub(crate) destination_address: Origin,
    pub(crate) destination_port: Origin,
}

impl Ends {
    /// Of a packet the other way.
    pub(crate) fn reversed(&self) -> Self {
        Self {
            source_address: self.destination_address.clone(),
            source_port: self.destination_port.clone(),
            destination_address: self.source_address.clone(),
            destination_port: self.source_port.clone(),
        }
    }

    /// After a step's rewrites.
    pub(crate) fn rewritten(mut self, step: &Step) -> Self {
        for rewrite in &step.rewrites {
            let changed = match rewrite.field {
                Field::SourceAddress => &mut self.source_address,
                Field::SourcePort => &mut self.source_port,
                Field::DestinationAddress => &mut self.destination_address,
                Field::DestinationPort => &mut self.destination_port,
            };
            *changed = Origin::Path(rewrite.origin.clone());
        }
        self
    }
}

impl Scene<'_> {
    /// Of the first packet of a flow, at the place that sends it.
    pub(crate) fn first_ends(&self, step: &Step, packet: Packet) -> Ends {
        let source_port = match &step.at {
            Place::Resource(id) => Origin::Path(format_smolstr!("ephemeralPorts/{id}")),
            Place::AzureDns(_) | Place::PublicDns | Place::Internet => Origin::Convention,
        };
        let (destination_address, destination_port) = self.first_destination(step);
        let source_address = self.own_address(&step.at, packet);
        Ends { source_address, source_port, destination_address, destination_port }
    }

    fn first_destination(&self, step: &Step) -> (Origin, Origin) {
        let dns_port = Origin::Fixed("RFC 1035 §4.2");
        if let Event::QuerySent { server, .. } = &step.event {
            return (self.server_of(&step.at, *server), dns_port);
        }
        if let Event::QueryForwarded { reason, .. } = &step.event {
            let target = forwarder_of(&step.at, reason);
            let port = if matches!(reason, Forwarding::Rule { .. }) { target.clone() } else { dns_port };
            return (target, port);
        }
        (self.target(), Origin::Request(if self.trace.request.port.is_some() { "port" } else { "protocol" }))
    }

    /// The address the request goes to: written in it, or what its name resolved to.
    fn target(&self) -> Origin {
        let to = self.trace.request.to.trim();
        match to.parse::<DomainName>() {
            Ok(name) if to.parse::<Ipv4Addr>().is_err() => Origin::Answer(name),
            Ok(_) | Err(_) => Origin::Request("to"),
        }
    }

    fn own_address(&self, place: &Place, packet: Packet) -> Origin {
        let interface = self.interface(place, packet);
        match interface.resource {
            Some((kind @ Kind::NetworkInterface, id)) => {
                Origin::Path(format_smolstr!("{}/{id}/privateIPAddress", kind.as_str()))
            }
            Some((kind, id)) => Origin::Path(format_smolstr!("{}/{id}", kind.as_str())),
            None => Origin::Convention,
        }
    }

    /// Where a machine knows its DNS server from.
    fn server_of(&self, place: &Place, server: Ipv4Addr) -> Origin {
        let Place::Resource(machine) = place else { return Origin::Convention };
        if server == sim::walk::AZURE_DNS {
            return Origin::Fixed("WIRE-IP");
        }
        let of_interface = self.document.interfaces_of(machine).find_map(|(id, interface)| {
            let named = interface.dns_settings.dns_servers.contains(&server);
            named.then(|| format_smolstr!("networkInterfaces/{id}/dnsSettings/dnsServers"))
        });
        let network = self.document.virtual_network_of(machine);
        let of_network = network.filter(|network| {
            self.document.virtual_networks.get(network).is_some_and(|network| network.dns_servers.contains(&server))
        });
        let path = of_interface
            .or_else(|| of_network.map(|network| format_smolstr!("virtualNetworks/{network}/dnsServers")))
            .unwrap_or_else(|| format_smolstr!("leases/{machine}"));
        Origin::Path(path)
    }

    /// Where an answer knows its record from; `None` for steps that hold none.
    pub(crate) fn record_of(&self, step: &Step) -> Option<(DomainName, Origin)> {
        let zone_path = |zone: &Id, name: &DomainName| {
            let zone_name = self.document.private_dns_zones.get(zone).map(|zone| &zone.name);
            let relative = zone_name.and_then(|zone_name| name.relative_to(zone_name)).unwrap_or("@");
            Origin::Path(format_smolstr!("privateDnsZones/{zone}/recordSets/{relative}"))
        };
        let server_path = |zone: &DomainName, name: &DomainName| match &step.at {
            Place::Resource(machine) => {
                let relative = name.relative_to(zone).unwrap_or("@");
                let zones = format_smolstr!("virtualMachines/{machine}/dnsServer/zones");
                Origin::Path(format_smolstr!("{zones}/{zone}/recordSets/{relative}"))
            }
            Place::AzureDns(_) | Place::PublicDns | Place::Internet => Origin::Convention,
        };
        if let Event::PrivateRecord { zone, name, .. } | Event::PrivateAlias { zone, name, .. } = &step.event {
            return Some((name.clone(), zone_path(zone, name)));
        }
        if let Event::ServerRecord { zone, name, .. } | Event::ServerAlias { zone, name, .. } = &step.event {
            return Some((name.clone(), server_path(zone, name)));
        }
        if let Event::PublicAlias { name, .. } | Event::PublicAddress { name, .. } = &step.event {
            return Some((name.clone(), Origin::Fixed("DMAUSER-DNS")));
        }
        None
    }
}

/// The field that names the server a question is sent on to.
fn forwarder_of(place: &Place, reason: &Forwarding) -> Origin {
    let Place::Resource(owner) = place else { return Origin::Convention };
    let server = format_smolstr!("virtualMachines/{owner}/dnsServer");
    Origin::Path(match reason {
        Forwarding::Forwarder { position } => format_smolstr!("{server}/forwarders/{}", position.saturating_sub(1)),
        Forwarding::ConditionalForwarder { suffix, position } => {
            format_smolstr!("{server}/conditionalForwarders/{suffix}/{}", position.saturating_sub(1))
        }
        Forwarding::RootHints => format_smolstr!("{server}/rootHints"),
        Forwarding::Rule { ruleset, rule, position, .. } => {
            let rules = format_smolstr!("dnsForwardingRulesets/{ruleset}/forwardingRules");
            format_smolstr!("{rules}/{rule}/targetDnsServers/{}", position.saturating_sub(1))
        }
    })
}
