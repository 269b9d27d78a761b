//! The names a private endpoint answers for: what `customDnsConfigs` lists and what a zone group writes [PE-DNSINT].

use std::net::Ipv4Addr;

use smol_str::SmolStr;
use topology::Id;
use topology::resource::ConnectionStatus;
use wire::DomainName;

use crate::network::{Network, Target};

/// One name of a private endpoint's target, and the address it should lead to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndpointName {
    /// The name everybody uses (`customDnsConfigs[].fqdn`).
    pub fqdn: DomainName,
    /// The recommended private zone.
    pub zone: DomainName,
    /// The name of the record set in it.
    pub record: SmolStr,
    /// The member of the endpoint that has the address.
    pub member: SmolStr,
    /// The address; absent while the subnet could give none.
    pub address: Option<Ipv4Addr>,
}

impl Network {
    /// The names of a private endpoint, once its connection is approved [DMAUSER-ISSUE]. A private link service has
    /// none: its consumer chooses one [PE-DNS].
    #[must_use]
    pub fn endpoint_names(&self, endpoint: &Id) -> Vec<EndpointName> {
        let Some(endpoint) = self.endpoints.by_id(endpoint) else { return Vec::new() };
        let (Some(ConnectionStatus::Approved), Some(Target::Platform(platform, sub_resource))) =
            (endpoint.status, endpoint.target)
        else {
            return Vec::new();
        };
        let names = self.platforms[platform].sub_resources[&sub_resource].names.iter();
        let named = names.map(|name| EndpointName {
            fqdn: name.public.clone(),
            zone: name.zone.clone(),
            record: name.record.clone(),
            member: name.member.clone(),
            address: endpoint.members.iter().find(|member| member.name == name.member).and_then(|own| own.address),
        });
        named.collect()
    }
}
