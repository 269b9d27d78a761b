//! Platform services as senders: with an interface in the subnet they are integrated with, or outside every network.

use topology::resource::PlatformService;
use topology::{Document, Id};

use super::Problems;
use crate::identity::outbound_address;
use crate::network::{Interface, Machine, Network};
use crate::outside::Outside;
use crate::table::{InterfaceIx, MachineIx};

/// Every platform service may send; none serves anything as a machine.
pub(super) fn machines(document: &Document) -> impl Iterator<Item = (Id, Machine)> {
    document.platform_services.iter().map(|(id, row)| {
        let outside = row.virtual_network_subnet_id.is_none().then(|| address_outside(id));
        (id.clone(), Machine { outside, ..Machine::default() })
    })
}

/// Where a platform service stands that sends without a virtual network.
pub(crate) fn address_outside(id: &Id) -> Outside {
    Outside { address: outbound_address(id.as_str()), site: None, vpn: None }
}

/// The services with a subnet to send from, in document order.
pub(super) fn integrated(document: &Document) -> impl Iterator<Item = (&Id, &PlatformService, &Id)> {
    document.platform_services.iter().filter_map(|(id, row)| Some((id, row, row.virtual_network_subnet_id.as_ref()?)))
}

/// Their interfaces, after those of virtual machines.
pub(super) fn interfaces(document: &Document, problems: &mut Problems) -> Vec<(Id, Interface)> {
    let interface = |(id, _, subnet): (&Id, &PlatformService, &Id)| {
        let subnet = problems.reference(&document.subnets, subnet, id, "virtualNetworkSubnetId");
        (id.clone(), Interface { subnet, ..Interface::default() })
    };
    integrated(document).map(interface).collect()
}

/// Gives the interfaces to their senders.
pub(super) fn attach(document: &Document, network: &mut Network) {
    for (id, _, _) in integrated(document) {
        let found: Option<(InterfaceIx, MachineIx)> = network.interfaces.find(id).zip(network.machines.find(id));
        if let Some((interface, machine)) = found {
            network.interfaces[interface].machine = Some(machine);
        }
    }
}
