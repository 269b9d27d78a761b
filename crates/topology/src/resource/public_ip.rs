//! Public addresses, and the gateways that lend them to subnets.

use std::net::Ipv4Addr;

use smol_str::SmolStr;

use super::DEFAULT_IDLE_MINUTES;
use crate::Id;
use crate::schema::resource;

resource! {
    /// `Microsoft.Network/publicIPAddresses`, of the Standard SKU: closed until a security group opens it [LB-OV].
    pub struct PublicIpAddress {
        /// The subscription it lives in.
        pub subscription: Id = "subscription",
        /// Azure region, such as `westeurope` (the default).
        pub location: SmolStr = "location" or SmolStr::new_static("westeurope"),
        /// The address; one of a documentation range when absent (assumption A70).
        pub ip_address: Option<Ipv4Addr> = "ipAddress" or None,
    }
}

resource! {
    /// `Microsoft.Network/natGateways`: the way out of the subnets that name it [LB-OUT].
    pub struct NatGateway {
        /// The subscription it lives in.
        pub subscription: Id = "subscription",
        /// The public IP addresses machines appear as.
        pub public_ip_addresses: Vec<Id> = "publicIpAddresses" or Vec::new(),
        /// Minutes after which an idle port is free again, 4 to 120.
        pub idle_timeout_in_minutes: u32 = "idleTimeoutInMinutes" or DEFAULT_IDLE_MINUTES,
    }
}
