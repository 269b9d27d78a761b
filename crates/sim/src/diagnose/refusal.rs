//! Why a command is refused, and what helps.

use topology::command::{Command, Refusal, plan};
use topology::{Document, Id};

use super::{Diagnosis, Proposal, Remedy, RootCause};

/// Diagnoses a refused command. A proposal is tried: after it the command is carried out.
#[must_use]
pub fn diagnose_refusal(document: &Document, command: &Command, refusal: &Refusal) -> Diagnosis {
    let (cause, remedies) = read(document, refusal);
    let helps = |remedies: &Vec<Remedy>| {
        let mut document = document.clone();
        let done = remedies.iter().all(|remedy| match remedy {
            Remedy::Command(command) => plan(&document, command.clone()).is_ok_and(|diff| {
                diff.apply(&mut document);
                true
            }),
            Remedy::RenewLease { .. } | Remedy::FlushDns { .. } | Remedy::Ask { .. } => false,
        });
        done && plan(&document, command.clone()).is_ok()
    };
    let proposals = remedies.into_iter().filter(helps).map(|remedies| Proposal { remedies }).collect();
    Diagnosis { cause, evidence: Vec::new(), proposals }
}

fn read(document: &Document, refusal: &Refusal) -> (RootCause, Vec<Vec<Remedy>>) {
    if let Refusal::OverlappingNamespaces { network, linked, zone } = refusal {
        let (network, linked, zone) = (network.clone(), linked.clone(), zone.clone());
        let unlink = unlink(document, &linked, &network);
        return (RootCause::OverlappingNamespaces { network, linked, zone }, unlink.into_iter().collect());
    }
    (RootCause::Refused { refusal: refusal.clone() }, Vec::new())
}

/// Takes the link between a zone and a network away.
fn unlink(document: &Document, zone: &Id, network: &Id) -> Option<Vec<Remedy>> {
    let links = &document.private_dns_zones.get(zone)?.virtual_network_links;
    let (link, _) = links.iter().find(|(_, link)| link.virtual_network == *network)?;
    Some(vec![Command::UnlinkZone { zone: zone.clone(), link: link.clone() }.into()])
}
