//! Load balancers: frontends, rules, and who is healthy.

use leptos::prelude::*;
use topology::Id;

use super::select_button;
use crate::state::Lab;

/// A load balancer.
pub(super) fn of_balancer(lab: Lab, id: &Id) -> impl IntoView + use<> {
    let document = lab.document.get_untracked();
    let network = lab.network.get_untracked();
    let Some(balancer) = document.load_balancers.get(id).cloned() else { return ().into_any() };
    let frontends = network.frontends(id);
    let rules = balancer.load_balancing_rules.iter().map(|(name, rule)| {
        let words = format!(
            "{}:{} → {}:{}",
            rule.frontend_ip_configuration, rule.frontend_port, rule.backend_address_pool, rule.backend_port
        );
        let probe = rule.probe.as_ref().map_or_else(|| String::from("no probe"), |probe| format!("probe {probe}"));
        view! {
            <li>
                <b>{name.to_string()}</b>
                <code>{words}</code>
                <span class="small">{probe}</span>
            </li>
        }
    });
    let pools = balancer.backend_address_pools.keys().map(|pool| {
        let members = network.backend_health(id, pool).into_iter().map(|(machine, _, address, healthy)| {
            let name = document.display_name(&machine).to_owned();
            let (class, word) = if healthy { ("state good", "healthy") } else { ("state bad", "unhealthy") };
            let path = if healthy { "m3.5 8.5 3 3 6-7" } else { "m4 4 8 8M12 4l-8 8" };
            view! {
                <li class="member">
                    {select_button(lab, machine, name)}
                    <code>{address.to_string()}</code>
                    <span class=class>
                        <svg viewBox="0 0 16 16" aria-hidden="true"><path d=path></path></svg>
                        {word}
                    </span>
                </li>
            }
        });
        view! {
            <h3>"Backend pool " <code>{pool.to_string()}</code></h3>
            <ul class="cards">{members.collect_view()}</ul>
        }
    });
    view! {
        <h3>"Frontends"</h3>
        <ul class="cards">
            {frontends
                .into_iter()
                .map(|(name, address)| view! { <li class="member"><b>{name.to_string()}</b> <code>{address.to_string()}</code></li> })
                .collect_view()}
        </ul>
        <h3>"Rules"</h3>
        <ul class="cards">{rules.collect_view()}</ul>
        {pools.collect_view()}
    }
    .into_any()
}
