//! Load balancers: frontends, rules, and who is healthy.

use leptos::prelude::*;
use topology::Id;

use super::select_button;
use crate::components::{Node, el, mark, styled};
use crate::state::Lab;

/// A load balancer.
pub(super) fn of_balancer(lab: Lab, id: &Id) -> Node {
    let document = lab.document.get_untracked();
    let network = lab.network.get_untracked();
    let Some(balancer) = document.load_balancers.get(id) else { return Node::Many(Vec::new()) };
    let mut frontends = styled("ul", "cards");
    for (name, address) in network.frontends(id) {
        frontends = frontends.child(
            styled("li", "member")
                .child(el("b").child(name.to_string()))
                .child(" ")
                .child(el("code").child(address.to_string())),
        );
    }
    let rules = balancer.load_balancing_rules.iter().map(|(name, rule)| {
        let words = format!(
            "{}:{} → {}:{}",
            rule.frontend_ip_configuration, rule.frontend_port, rule.backend_address_pool, rule.backend_port
        );
        let probe = rule.probe.as_ref().map_or_else(|| String::from("no probe"), |probe| format!("probe {probe}"));
        el("li")
            .child(el("b").child(name.to_string()))
            .child(el("code").child(words))
            .child(styled("span", "small").child(probe))
    });
    let rules = styled("ul", "cards").children(rules);
    let mut shown = vec![el("h3").child("Frontends"), frontends, el("h3").child("Rules"), rules];
    for pool in balancer.backend_address_pools.keys() {
        let mut members = styled("ul", "cards");
        for (machine, _, address, healthy) in network.backend_health(id, pool) {
            let (class, word) = if healthy { ("state good", "healthy") } else { ("state bad", "unhealthy") };
            let path = if healthy { "m3.5 8.5 3 3 6-7" } else { "m4 4 8 8M12 4l-8 8" };
            members = members.child(
                styled("li", "member")
                    .child(select_button(lab, &machine, document.display_name(&machine)))
                    .child(el("code").child(address.to_string()))
                    .child(styled("span", class).child(mark("", path)).child(word)),
            );
        }
        shown.push(el("h3").child("Backend pool ").child(el("code").child(pool.to_string())));
        shown.push(members);
    }
    shown.into()
}
