//! What a web app sends around the subnet it is integrated with [ISS-71181][AVM-2188].

use std::net::Ipv4Addr;

use topology::catalogue::catalogue;
use wire::DomainName;

use super::Walk;
use crate::compile::address_outside;
use crate::outside::{Stand, Station};
use crate::table::MachineIx;

/// The group id of file shares, where an app keeps its content.
const CONTENT_SHARE: &str = "file";

impl Walk<'_> {
    /// Where a request for a name sets out: that for a content share outside the network, unless the app says otherwise
    /// (assumption A85).
    pub(super) fn station_for(&self, station: Station, name: &DomainName) -> Station {
        let Some(app) = self.network.platforms.by_id(&self.request.from) else { return station };
        let used = self.network.public_names.services.get(name);
        let is_share = used.is_some_and(|used| catalogue().services[used.sub_resource].group_id == CONTENT_SHARE);
        if is_share && !app.resource.vnet_content_share_enabled { self.outside(station.machine) } else { station }
    }

    /// Where a connection sets out: to a public address outside the network, unless the app routes everything through it.
    pub(super) fn station_towards(&self, station: Station, address: Ipv4Addr) -> Station {
        let Some(app) = self.network.platforms.by_id(&self.request.from) else { return station };
        if address.is_private() || app.resource.vnet_route_all_enabled {
            return station;
        }
        self.outside(station.machine)
    }

    fn outside(&self, machine: MachineIx) -> Station {
        let address = address_outside(&self.request.from).address;
        Station { machine, address, stand: Stand::Internet { vpn: None } }
    }
}
