//! Load balancers: what their rules name is there.

use smol_str::{SmolStr, format_smolstr};

use crate::command::Refusal;
use crate::{Document, Id};

pub(super) fn load_balancer(document: &Document, id: &Id, faults: &mut Vec<Refusal>) {
    let Some(row) = document.load_balancers.get(id) else { return };
    let mut check = |is_there: bool, name: &SmolStr, rules: &str, rule: &SmolStr, field: &str| {
        if !is_there {
            let (reference, field) = (format_smolstr!("{id}/{name}"), format_smolstr!("{rules}/{rule}/{field}"));
            faults.push(Refusal::InvalidResourceReference { reference, resource: id.clone(), field });
        }
    };
    let frontend = |name: &SmolStr| row.frontend_ip_configurations.contains_key(name);
    let pool = |name: &SmolStr| row.backend_address_pools.contains_key(name);
    const FRONTEND: &str = "frontendIPConfiguration";
    const POOL: &str = "backendAddressPool";
    for (name, rule) in &row.load_balancing_rules {
        let of = "loadBalancingRules";
        let (from, to) = (&rule.frontend_ip_configuration, &rule.backend_address_pool);
        check(frontend(from), from, of, name, FRONTEND);
        check(pool(to), to, of, name, POOL);
        if let Some(probe) = &rule.probe {
            check(row.probes.contains_key(probe), probe, of, name, "probe");
        }
    }
    for (name, rule) in &row.inbound_nat_rules {
        let from = &rule.frontend_ip_configuration;
        check(frontend(from), from, "inboundNatRules", name, FRONTEND);
        if let Some(to) = &rule.backend_address_pool {
            check(pool(to), to, "inboundNatRules", name, POOL);
        }
    }
    for (name, rule) in &row.outbound_rules {
        for from in &rule.frontend_ip_configurations {
            check(frontend(from), from, "outboundRules", name, "frontendIPConfigurations");
        }
        let to = &rule.backend_address_pool;
        check(pool(to), to, "outboundRules", name, POOL);
    }
}
