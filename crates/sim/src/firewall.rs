//! The firewall of a platform service: which line decides about a request, and why the others do not [STG-NET].

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use smol_str::SmolStr;
use topology::Id;
use topology::catalogue::{self, catalogue};
use topology::resource::{DefaultAction, NetworkAcls, PlatformService, PublicNetworkAccess};

use crate::network::{Network, Platform};
use crate::table::PlatformIx;
use crate::trace::{Event, FirewallVerdict, Place, Trace};

/// Who asks, as the service sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// Whether it came through an approved private endpoint.
    pub private_endpoint: bool,
    /// The address it comes from.
    pub address: Ipv4Addr,
    /// The subnet whose identity it carries, by its service endpoint [SE-OV].
    pub identity: Option<Id>,
    /// The subnet it stands in, identity or not.
    pub subnet: Option<Id>,
    /// The Azure region it sends from; absent outside Azure.
    pub region: Option<SmolStr>,
    /// The platform service that asks, where it is one.
    pub resource: Option<Id>,
}

/// One line of a firewall and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirewallLine {
    /// The line.
    pub rule: FirewallRule,
    /// What became of it.
    pub verdict: LineVerdict,
}

/// A line of a firewall, in the order they are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FirewallRule {
    /// The service endpoint policies of the subnet: only listed resources are let through [SE-POL].
    EndpointPolicies {
        /// The policies.
        policies: Vec<Id>,
    },
    /// An approved private endpoint is not looked at any further [STG-PE].
    PrivateEndpoint,
    /// `publicNetworkAccess`.
    PublicNetworkAccess {
        /// What it says.
        access: PublicNetworkAccess,
        /// Whether a private endpoint says so and not the document (assumption A81).
        implied: bool,
    },
    /// An access rule of the network security perimeter.
    PerimeterRule {
        /// Its name.
        name: SmolStr,
    },
    /// `defaultAction`.
    DefaultAction {
        /// What it says.
        action: DefaultAction,
    },
    /// An entry of `virtualNetworkRules`.
    VirtualNetworkRule {
        /// The subnet it admits.
        subnet: Id,
    },
    /// An entry of `ipRules`.
    IpRule {
        /// The address or range as written.
        range: SmolStr,
    },
    /// An entry of a SQL server's `firewallRules`.
    FirewallRule {
        /// Its name.
        name: SmolStr,
    },
    /// An entry of `resourceAccessRules`.
    ResourceAccessRule {
        /// The resource or type it admits.
        resource: SmolStr,
    },
    /// `bypass`: Azure's own services.
    TrustedServices,
    /// Nothing admits the request.
    NothingElse,
}

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineVerdict {
    /// It decides.
    Decides(FirewallVerdict),
    /// It says nothing against the request, and the next line is read.
    Passes,
    /// It does not match.
    Misses(Mismatch),
    /// A line before it has decided.
    NotReached,
}

/// Why a line does not match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mismatch {
    /// The request does not come through a private endpoint.
    NotPrivate,
    /// The request carries the identity of another subnet.
    OtherSubnet,
    /// The request comes from this very subnet, but without a service endpoint it carries no identity [SE-OV].
    NoServiceEndpoint,
    /// The request carries no subnet's identity.
    NoIdentity,
    /// Another address.
    OtherAddress,
    /// The request comes by a service endpoint, from a private address: public addresses no longer match [SE-OV].
    PrivateAddress,
    /// The address matches, but rules have no effect within the service's own region [STG-IP].
    SameRegion,
    /// The rule is not one Azure accepts: a private range, a prefix that is too long, or no range at all.
    Invalid,
    /// Another resource, or no resource of Azure.
    OtherResource,
    /// `bypass` does not name `AzureServices`.
    BypassOff,
}

/// The lines read so far.
struct Reading {
    lines: Vec<FirewallLine>,
    decided: bool,
}

impl Reading {
    fn line(&mut self, rule: FirewallRule, verdict: LineVerdict) {
        let verdict = if self.decided { LineVerdict::NotReached } else { verdict };
        self.decided |= matches!(verdict, LineVerdict::Decides(_));
        self.lines.push(FirewallLine { rule, verdict });
    }

    /// A line that admits who it matches.
    fn admission(&mut self, rule: FirewallRule, admits: FirewallVerdict, mismatch: Option<Mismatch>) {
        self.line(rule, mismatch.map_or(LineVerdict::Decides(admits), LineVerdict::Misses));
    }
}

impl Network {
    /// The lines of a service's firewall in the order they are read, with what each means for this caller. At most one
    /// decides; none does when the service does not exist.
    #[must_use]
    pub fn explain_firewall(&self, service: &Id, caller: &Caller) -> Vec<FirewallLine> {
        let Some(index) = self.platforms.find(service) else { return Vec::new() };
        let row = self.platforms[index].sub_resources.keys().next().copied();
        row.map_or_else(Vec::new, |sub_resource| self.read_firewall(index, sub_resource, caller))
    }

    /// The same for the request of a trace that reached a platform service.
    #[must_use]
    pub fn explain_firewall_of(&self, trace: &Trace) -> Vec<FirewallLine> {
        let evaluated = trace.steps.iter().rev().find_map(|step| match (&step.at, &step.event) {
            (Place::Resource(service), event) => {
                let Event::FirewallEvaluated { verdict, caller, subnet } = event else { return None };
                let private_endpoint = *verdict == FirewallVerdict::AllowedByPrivateEndpoint;
                Some((service, self.caller(&trace.request.from, private_endpoint, *caller, subnet.clone())))
            }
            (Place::AzureDns(_) | Place::PublicDns | Place::Internet, _) => None,
        });
        evaluated.map_or_else(Vec::new, |(service, caller)| self.explain_firewall(service, &caller))
    }

    /// Who a request's sender is to a platform service.
    pub(crate) fn caller(&self, from: &Id, private_endpoint: bool, address: Ipv4Addr, identity: Option<Id>) -> Caller {
        let sender = self.machines.find(from).and_then(|machine| self.sender(machine));
        let service = self.platforms.by_id(from).filter(|_| self.machines.find(from).is_some());
        let region = sender.map(|sender| self.networks[sender.network].location.clone());
        Caller {
            private_endpoint,
            address,
            identity,
            subnet: sender.map(|sender| self.subnets.id(sender.subnet).clone()),
            region: region.or_else(|| service.map(|service| service.resource.location.clone())),
            resource: service.map(|_| from.clone()),
        }
    }

    pub(crate) fn read_firewall(&self, index: PlatformIx, sub_resource: usize, caller: &Caller) -> Vec<FirewallLine> {
        let platform = &self.platforms[index];
        let resource = &platform.resource;
        let kind = catalogue().firewall_of(&catalogue().services[sub_resource]);
        let mut reading = Reading { lines: Vec::with_capacity(8), decided: false };
        if let Some(subnet) = &caller.identity {
            self.read_policies(&mut reading, index, subnet);
        }
        let came = if caller.private_endpoint {
            LineVerdict::Decides(FirewallVerdict::AllowedByPrivateEndpoint)
        } else {
            LineVerdict::Misses(Mismatch::NotPrivate)
        };
        reading.line(FirewallRule::PrivateEndpoint, came);
        let (access, implied) = platform.public_network_access(kind);
        if access == PublicNetworkAccess::Disabled && kind.bypasses_when_disabled {
            self.read_exceptions(&mut reading, resource, kind, caller);
        }
        let verdict = match access {
            PublicNetworkAccess::Enabled | PublicNetworkAccess::SecuredByPerimeter => LineVerdict::Passes,
            PublicNetworkAccess::Disabled => LineVerdict::Decides(FirewallVerdict::DeniedPublicNetworkAccess),
        };
        reading.line(FirewallRule::PublicNetworkAccess { access, implied }, verdict);
        match access {
            PublicNetworkAccess::Disabled => {}
            PublicNetworkAccess::SecuredByPerimeter => self.read_perimeter(&mut reading, resource, caller),
            PublicNetworkAccess::Enabled => self.read_rules(&mut reading, resource, kind, caller),
        }
        reading.lines
    }

    /// With at least one policy only the listed resources of the service are reached [SE-POL].
    fn read_policies(&self, reading: &mut Reading, platform: PlatformIx, subnet: &Id) {
        let Some(subnet) = self.subnets.by_id(subnet) else { return };
        let provider = catalogue().endpoint_service_of(&self.platforms[platform].resource.resource_type);
        let bound: Vec<_> = subnet
            .service_endpoint_policies
            .iter()
            .filter(|policy| provider.is_some_and(|service| self.policies[**policy].speaks_of(&service.service)))
            .collect();
        if bound.is_empty() {
            return;
        }
        let listed = bound.iter().any(|policy| self.policies[**policy].lists(platform));
        let policies = bound.iter().map(|policy| self.policies.id(**policy).clone()).collect();
        let verdict =
            if listed { LineVerdict::Passes } else { LineVerdict::Decides(FirewallVerdict::DeniedByEndpointPolicy) };
        reading.line(FirewallRule::EndpointPolicies { policies }, verdict);
    }

    fn read_perimeter(&self, reading: &mut Reading, resource: &PlatformService, caller: &Caller) {
        let subscription = caller.resource.as_ref().and_then(|id| self.platforms.by_id(id));
        for (name, rule) in &resource.network_security_perimeter.access_rules {
            let named = subscription.is_some_and(|row| rule.subscriptions.contains(&row.resource.subscription));
            let mismatch = match rule.address_prefixes.iter().any(|prefix| prefix.contains(&caller.address)) {
                _ if named => None,
                _ if caller.address.is_private() => Some(Mismatch::PrivateAddress),
                true => None,
                false => Some(Mismatch::OtherAddress),
            };
            let rule = FirewallRule::PerimeterRule { name: name.clone() };
            reading.admission(rule, FirewallVerdict::AllowedByPerimeterRule, mismatch);
        }
        reading.line(FirewallRule::NothingElse, LineVerdict::Decides(FirewallVerdict::DeniedByPerimeter));
    }

    fn read_rules(
        &self,
        reading: &mut Reading,
        resource: &PlatformService,
        kind: &catalogue::Firewall,
        caller: &Caller,
    ) {
        let acls = &resource.network_acls;
        let action = default_action(resource, kind);
        let verdict = match action {
            DefaultAction::Allow => LineVerdict::Decides(FirewallVerdict::AllowedByDefault),
            DefaultAction::Deny => LineVerdict::Passes,
        };
        reading.line(FirewallRule::DefaultAction { action }, verdict);
        for rule in &acls.virtual_network_rules {
            let mismatch = match &caller.identity {
                Some(subnet) if *subnet == rule.subnet => None,
                Some(_) => Some(Mismatch::OtherSubnet),
                None if caller.subnet.as_ref() == Some(&rule.subnet) => Some(Mismatch::NoServiceEndpoint),
                None => Some(Mismatch::NoIdentity),
            };
            let rule = FirewallRule::VirtualNetworkRule { subnet: rule.subnet.clone() };
            reading.admission(rule, FirewallVerdict::AllowedByVirtualNetworkRule, mismatch);
        }
        for range in &acls.ip_rules {
            let mismatch = ip_rule_mismatch(range, resource, kind, caller);
            let rule = FirewallRule::IpRule { range: range.clone() };
            reading.admission(rule, FirewallVerdict::AllowedByIpRule, mismatch);
        }
        for (name, rule) in &resource.firewall_rules {
            let (first, last) = (rule.start_ip_address, rule.end_ip_address);
            let every_azure_service = first.is_unspecified() && last.is_unspecified();
            let mismatch = match (first..=last).contains(&caller.address) {
                _ if caller.address.is_private() => Some(Mismatch::PrivateAddress),
                _ if every_azure_service && caller.region.is_some() => None,
                true => None,
                false => Some(Mismatch::OtherAddress),
            };
            let rule = FirewallRule::FirewallRule { name: name.clone() };
            reading.admission(rule, FirewallVerdict::AllowedByIpRule, mismatch);
        }
        self.read_exceptions(reading, resource, kind, caller);
        reading.line(FirewallRule::NothingElse, LineVerdict::Decides(FirewallVerdict::DeniedByDefault));
    }

    /// Resources and services that pass whatever their address.
    fn read_exceptions(
        &self,
        reading: &mut Reading,
        resource: &PlatformService,
        kind: &catalogue::Firewall,
        caller: &Caller,
    ) {
        let acls: &NetworkAcls = &resource.network_acls;
        let asking = caller.resource.as_ref().and_then(|id| Some((id, &self.platforms.by_id(id)?.resource)));
        for rule in &acls.resource_access_rules {
            let named = asking.is_some_and(|(id, row)| {
                let same = rule.resource_id == id.as_str() || rule.resource_id.eq_ignore_ascii_case(&row.resource_type);
                let tenant = rule.tenant_id.as_ref();
                same && tenant.is_none_or(|tenant| self.tenants.get(&row.subscription) == Some(tenant))
            });
            let mismatch = (!named).then_some(Mismatch::OtherResource);
            let rule = FirewallRule::ResourceAccessRule { resource: rule.resource_id.clone() };
            reading.admission(rule, FirewallVerdict::AllowedByResourceAccessRule, mismatch);
        }
        if kind.trusted.is_empty() {
            return;
        }
        let trusted = asking.is_some_and(|(_, row)| kind.trusted.contains(&row.resource_type));
        let mismatch = match (acls.bypasses_trusted_services(), trusted) {
            (false, _) => Some(Mismatch::BypassOff),
            (true, false) => Some(Mismatch::OtherResource),
            (true, true) => None,
        };
        reading.admission(FirewallRule::TrustedServices, FirewallVerdict::AllowedByTrustedService, mismatch);
    }
}

impl Platform {
    /// What `publicNetworkAccess` means: where it is absent, a private endpoint closes some services (assumption A81).
    pub(crate) fn public_network_access(&self, kind: &catalogue::Firewall) -> (PublicNetworkAccess, bool) {
        let closed = || kind.closed_by_endpoint && self.sub_resources.values().any(|row| row.has_approved_connection);
        match self.resource.public_network_access {
            Some(access) => (access, false),
            None if closed() => (PublicNetworkAccess::Disabled, true),
            None => (PublicNetworkAccess::Enabled, false),
        }
    }
}

/// `defaultAction` as the kind of service means it.
fn default_action(resource: &PlatformService, kind: &catalogue::Firewall) -> DefaultAction {
    let acls = &resource.network_acls;
    let has_rules = !acls.ip_rules.is_empty() || !acls.virtual_network_rules.is_empty();
    match kind.default_action {
        Some(action) => action,
        None if kind.denies_with_rules && has_rules => DefaultAction::Deny,
        None => acls.default_action,
    }
}

/// Public IPv4 only; no prefix longer than the service takes; no effect from the service's own region [STG-IP].
fn ip_rule_mismatch(
    range: &str,
    resource: &PlatformService,
    kind: &catalogue::Firewall,
    caller: &Caller,
) -> Option<Mismatch> {
    let Some(range) = ip_rule(range, kind) else { return Some(Mismatch::Invalid) };
    if caller.address.is_private() {
        return Some(Mismatch::PrivateAddress);
    }
    if !range.contains(&caller.address) {
        return Some(Mismatch::OtherAddress);
    }
    let region = caller.region.as_ref();
    let same = region.is_some_and(|region| region.eq_ignore_ascii_case(&resource.location));
    (kind.ignores_same_region && same).then_some(Mismatch::SameRegion)
}

/// An entry of `ipRules` as Azure takes it: an address, or a range that is neither private nor too small.
pub(crate) fn ip_rule(text: &str, kind: &catalogue::Firewall) -> Option<Ipv4Net> {
    let range = match text.parse::<Ipv4Addr>() {
        Ok(address) => Ipv4Net::from(address),
        Err(_) => text.parse::<Ipv4Net>().ok().filter(|range| range.prefix_len() <= kind.longest_prefix)?,
    };
    (!range.network().is_private()).then_some(range)
}
