//! Gateways, and peerings that use them (5.1.7, 5.2.4).

use serde_json::json;
use topology::Kind;
use topology::command::Refusal;
use topology::problem::ProblemCode;

use crate::support::{create, document, id, refused, run, set};

#[test]
fn rule_5_2_4_a_gateway_stands_in_the_gateway_subnet_and_once_for_each_type() {
    let mut document = document();
    let subnet = |name: &str| json!({"virtualNetwork": "hub", "name": name, "addressPrefix": "10.0.255.0/27"});
    run(&mut document, create(Kind::Subnet, "gateways", subnet("Gateways")));
    let gateway = |id: &str| create(Kind::VirtualNetworkGateway, id, json!({"subnet": "gateways"}));
    let code = |refusal: Refusal| {
        let Refusal::NotTaken { problem, .. } = refusal else { panic!("{refusal:?}") };
        problem.code
    };
    let wrong = code(refused(&document, gateway("vpn")));
    assert_eq!(wrong, ProblemCode::GatewaySubnetName { subnet: id("gateways") });
    run(&mut document, set("gateways", "name", json!("GatewaySubnet")));
    run(&mut document, gateway("vpn"));
    let second = code(refused(&document, gateway("another")));
    assert_eq!(second, ProblemCode::SecondGateway { network: id("hub"), gateway: id("vpn") });
}

#[test]
fn rule_5_1_7_a_peering_uses_gateways_that_are_there_and_offered() {
    let mut document = document();
    let peering = |network: &str, remote: &str, transit: bool, remote_gateways: bool| {
        json!({"virtualNetwork": network, "remoteVirtualNetwork": remote, "allowGatewayTransit": transit,
            "useRemoteGateways": remote_gateways})
    };
    let network = json!({"subscription": "shop", "addressPrefixes": ["172.16.0.0/24"]});
    run(&mut document, create(Kind::VirtualNetwork, "leaf", network));
    run(&mut document, create(Kind::VirtualNetworkPeering, "hub-to-leaf", peering("hub", "leaf", false, false)));
    let using = || create(Kind::VirtualNetworkPeering, "leaf-to-hub", peering("leaf", "hub", false, true));
    let missing = refused(&document, using());
    assert!(
        matches!(&missing, Refusal::NotTaken { problem, .. }
            if problem.code == ProblemCode::RemoteGatewayMissing { remote: id("hub") }),
        "{missing:?}"
    );
    let subnet = json!({"virtualNetwork": "hub", "name": "GatewaySubnet", "addressPrefix": "10.0.255.0/27"});
    run(&mut document, create(Kind::Subnet, "gateways", subnet));
    run(&mut document, create(Kind::VirtualNetworkGateway, "vpn", json!({"subnet": "gateways"})));
    let kept = refused(&document, using());
    assert!(
        matches!(&kept, Refusal::NotTaken { problem, .. }
            if problem.code == ProblemCode::GatewayTransitNotAllowed { remote: id("hub") }),
        "{kept:?}"
    );
    run(&mut document, set("hub-to-leaf", "allowGatewayTransit", json!(true)));
    run(&mut document, using());
}
