//! Compiled resources by dense index: what a walk follows instead of looking ids up again.

use std::marker::PhantomData;

use indexmap::IndexMap;
use topology::Id;

/// A position in the table of one resource type. It equals the resource's position in the document.
pub(crate) trait Index: Copy {
    /// The index of a position.
    fn new(position: usize) -> Self;
    /// The position.
    fn position(self) -> usize;
}

macro_rules! indices {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) struct $name(u32);

        impl Index for $name {
            fn new(position: usize) -> Self {
                Self(u32::try_from(position).expect("a document has fewer than 2^32 resources"))
            }

            fn position(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

indices! {
    /// A virtual network.
    NetworkIx,
    /// A subnet.
    SubnetIx,
    /// A virtual machine.
    MachineIx,
    /// A network interface.
    InterfaceIx,
    /// A load balancer.
    BalancerIx,
    /// A public IP address.
    PublicIx,
    /// A NAT gateway.
    NatGatewayIx,
    /// A private link service.
    ServiceIx,
    /// A private endpoint.
    EndpointIx,
    /// A private DNS zone.
    ZoneIx,
    /// A DNS resolver.
    ResolverIx,
    /// A DNS forwarding ruleset.
    RulesetIx,
    /// A platform service.
    PlatformIx,
    /// A network security group.
    GroupIx,
    /// An application security group.
    ApplicationGroupIx,
    /// An on-premises site.
    SiteIx,
    /// A route table.
    RouteTableIx,
    /// A service endpoint policy.
    PolicyIx,
    /// A virtual network gateway.
    GatewayIx,
    /// A connection of a virtual network gateway.
    TunnelIx,
}

/// The resources of one type.
#[derive(Clone, Debug)]
pub(crate) struct Rows<I, T>(IndexMap<Id, T>, PhantomData<I>);

impl<I: Index, T> Rows<I, T> {
    /// The entries of a document's table, translated one by one.
    pub(crate) fn compile<'a, S: 'a>(
        table: impl IntoIterator<Item = (&'a Id, &'a S)>,
        mut translate: impl FnMut(&'a Id, &'a S) -> T,
    ) -> Self {
        Self(table.into_iter().map(|(id, source)| (id.clone(), translate(id, source))).collect(), PhantomData)
    }

    /// Rows that come from several tables; of one id the first counts.
    pub(crate) fn of(entries: impl IntoIterator<Item = (Id, T)>) -> Self {
        let mut rows = IndexMap::new();
        for (id, row) in entries {
            rows.entry(id).or_insert(row);
        }
        Self(rows, PhantomData)
    }

    pub(crate) fn find(&self, id: &Id) -> Option<I> {
        self.0.get_index_of(id).map(I::new)
    }

    pub(crate) fn by_id(&self, id: &Id) -> Option<&T> {
        self.0.get(id)
    }

    pub(crate) fn id(&self, index: I) -> &Id {
        self.0.get_index(index.position()).expect("an index comes from this table").0
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (I, &Id, &T)> {
        self.0.iter().enumerate().map(|(position, (id, row))| (I::new(position), id, row))
    }
}

impl<I: Index, T> std::ops::Index<I> for Rows<I, T> {
    type Output = T;

    fn index(&self, index: I) -> &T {
        &self.0[index.position()]
    }
}

impl<I: Index, T> std::ops::IndexMut<I> for Rows<I, T> {
    fn index_mut(&mut self, index: I) -> &mut T {
        &mut self.0[index.position()]
    }
}
