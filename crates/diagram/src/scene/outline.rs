//! The diagram as a list, for those who do not look at it.

use sim::Place;
use smol_str::SmolStr;

use crate::content::{CardKind, FrameKind};
use crate::facts::Detail;
use crate::layout::{Entry, Layout};

/// What an entry of the outline is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each kind is named after what it is")]
pub enum OutlineKind {
    Tenant,
    VirtualNetwork,
    Subnet,
    /// The area of things whose place does not exist.
    Unplaced,
    VirtualMachine,
    PrivateEndpoint,
    PrivateLinkService,
    LoadBalancer,
    DnsResolver,
    PrivateDnsZone,
    DnsForwardingRuleset,
    PlatformService,
    OnPremisesSite,
    OnPremisesHost,
    InternetClient,
    VirtualNetworkGateway,
    LocalNetworkGateway,
    ExpressRouteCircuit,
    PublicIpAddress,
    NatGateway,
    AzureDns,
    PublicDns,
    Internet,
}

/// One thing on the diagram.
#[derive(Clone, Debug, PartialEq)]
pub struct OutlineItem {
    /// Where it is; absent for the unplaced area.
    pub place: Option<Place>,
    /// How many others contain it.
    pub depth: usize,
    /// What it is called; empty for the unplaced area.
    pub name: SmolStr,
    /// What it is.
    pub kind: OutlineKind,
    /// What the diagram says about it.
    pub details: Vec<Detail>,
}

pub(super) fn of(layout: &Layout) -> Vec<OutlineItem> {
    let item = |entry: &Entry| match *entry {
        Entry::Frame(index) => {
            let placed = &layout.frames[index];
            let frame = placed.frame.clone();
            let kind = match frame.kind {
                FrameKind::Tenant(_) => OutlineKind::Tenant,
                FrameKind::Network => OutlineKind::VirtualNetwork,
                FrameKind::Subnet => OutlineKind::Subnet,
                FrameKind::Site => OutlineKind::OnPremisesSite,
                FrameKind::Unplaced => OutlineKind::Unplaced,
            };
            OutlineItem { place: frame.place, depth: placed.depth, name: frame.name, kind, details: frame.details }
        }
        Entry::Card { card, depth } => {
            let card = layout.cards[card].card.clone();
            let kind = match card.kind {
                CardKind::VirtualMachine | CardKind::Backend => OutlineKind::VirtualMachine,
                CardKind::PrivateEndpoint => OutlineKind::PrivateEndpoint,
                CardKind::PrivateLinkService => OutlineKind::PrivateLinkService,
                CardKind::LoadBalancer => OutlineKind::LoadBalancer,
                CardKind::DnsResolver => OutlineKind::DnsResolver,
                CardKind::PrivateDnsZone => OutlineKind::PrivateDnsZone,
                CardKind::DnsForwardingRuleset => OutlineKind::DnsForwardingRuleset,
                CardKind::PlatformService => OutlineKind::PlatformService,
                CardKind::Gateway => OutlineKind::VirtualNetworkGateway,
                CardKind::OnPremisesHost => OutlineKind::OnPremisesHost,
                CardKind::LocalNetworkGateway => OutlineKind::LocalNetworkGateway,
                CardKind::ExpressRouteCircuit => OutlineKind::ExpressRouteCircuit,
                CardKind::InternetClient => OutlineKind::InternetClient,
                CardKind::PublicIpAddress => OutlineKind::PublicIpAddress,
                CardKind::NatGateway => OutlineKind::NatGateway,
                CardKind::AzureDns => OutlineKind::AzureDns,
                CardKind::PublicDns => OutlineKind::PublicDns,
                CardKind::Internet => OutlineKind::Internet,
            };
            OutlineItem { place: Some(card.place), depth, name: card.name, kind, details: card.details }
        }
    };
    layout.order.iter().map(item).collect()
}
