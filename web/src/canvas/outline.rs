//! The diagram in words: a tree of real elements, in step with what is drawn.

use diagram::Detail;
use diagram::scene::{OutlineItem, OutlineKind};
use leptos::prelude::*;
use sim::trace::Place;
use topology::Kind;

use crate::components::{El, content, fill, live, styled};
use crate::dom;
use crate::state::{Lab, narrator};

/// One line of the outline.
#[derive(Clone, Debug, PartialEq)]
struct Line {
    /// Absent for the area of things whose place does not exist.
    place: Option<Place>,
    depth: usize,
    text: String,
}

fn lines(lab: Lab) -> Vec<Line> {
    lab.scene_revision.track();
    let items = lab.on_stage(|stage| stage.outline());
    items
        .into_iter()
        .map(|item| {
            let words: Vec<String> =
                [item.name.to_string(), kind_of(&item)].into_iter().chain(item.details.iter().map(detail)).collect();
            let words: Vec<String> = words.into_iter().filter(|word| !word.is_empty()).collect();
            Line { place: item.place, depth: item.depth, text: words.join(", ") }
        })
        .collect()
}

fn kind_of(item: &OutlineItem) -> String {
    let kind = match item.kind {
        OutlineKind::Tenant => Kind::Tenant,
        OutlineKind::VirtualNetwork => Kind::VirtualNetwork,
        OutlineKind::Subnet => Kind::Subnet,
        OutlineKind::VirtualMachine => Kind::VirtualMachine,
        OutlineKind::PrivateEndpoint => Kind::PrivateEndpoint,
        OutlineKind::PrivateLinkService => Kind::PrivateLinkService,
        OutlineKind::LoadBalancer => Kind::LoadBalancer,
        OutlineKind::PrivateDnsZone => Kind::PrivateDnsZone,
        OutlineKind::DnsResolver => Kind::DnsResolver,
        OutlineKind::DnsForwardingRuleset => Kind::DnsForwardingRuleset,
        OutlineKind::PlatformService => Kind::PlatformService,
        OutlineKind::OnPremisesSite => Kind::OnPremisesSite,
        OutlineKind::OnPremisesHost => Kind::OnPremisesHost,
        OutlineKind::InternetClient => Kind::InternetClient,
        OutlineKind::VirtualNetworkGateway => Kind::VirtualNetworkGateway,
        OutlineKind::LocalNetworkGateway => Kind::LocalNetworkGateway,
        OutlineKind::ExpressRouteCircuit => Kind::ExpressRouteCircuit,
        OutlineKind::PublicIpAddress => Kind::PublicIpAddress,
        OutlineKind::NatGateway => Kind::NatGateway,
        OutlineKind::Unplaced => return String::from("Not placed anywhere"),
        OutlineKind::AzureDns | OutlineKind::PublicDns | OutlineKind::Internet => return String::new(),
    };
    narrator().kind(kind)
}

/// A fact of the diagram in words.
fn detail(detail: &Detail) -> String {
    match detail {
        Detail::Address(address) => address.to_string(),
        Detail::NatAddress(address) => format!("NAT {address}"),
        Detail::Range(range) => range.to_string(),
        Detail::Overlaps => String::from("overlaps another network"),
        Detail::Connection(status) => status.to_string(),
        Detail::Healthy(true) => String::from("healthy"),
        Detail::Healthy(false) => String::from("unhealthy"),
        Detail::Records(1) => String::from("1 record"),
        Detail::Records(n) => format!("{n} records"),
        Detail::Rules(1) => String::from("1 rule"),
        Detail::Rules(n) => format!("{n} rules"),
        Detail::DefaultActionDeny => String::from("defaultAction Deny"),
        Detail::PublicNetworkAccessDisabled => String::from("publicNetworkAccess Disabled"),
        Detail::ResourceType(name) | Detail::Location(name) => name.to_string(),
        Detail::SecurityGroup(id) => format!("security group {id}"),
        Detail::RouteTable(id) => format!("route table {id}"),
        Detail::Subscription(id) => format!("subscription {id}"),
    }
}

/// The tree “Diagram outline”. Hidden until it has the focus, or is opened.
#[component]
pub(crate) fn Outline(open: RwSignal<bool>) -> impl IntoView {
    let lab = expect_context::<Lab>();
    let lines = Memo::new(move |_| lines(lab));
    // The item that the Tab key reaches.
    let current = RwSignal::new(0_usize);
    Effect::new(move |_| {
        let selected = lab.selection.get();
        let index = selected.and_then(|place| {
            lines.with_untracked(|lines| lines.iter().position(|line| line.place.as_ref() == Some(&place)))
        });
        if let Some(index) = index {
            current.set(index);
        }
    });
    let go = move |to: usize| {
        let last = lines.with_untracked(Vec::len).saturating_sub(1);
        let to = to.min(last);
        current.set(to);
        dom::focus_by_id(&item_id(to));
    };
    let keys = move |event: &dom::Event| {
        let at = current.get_untracked();
        let to = match dom::key_of(event).as_str() {
            "ArrowDown" => at + 1,
            "ArrowUp" => at.saturating_sub(1),
            "ArrowRight" => lines.with_untracked(|lines| child_of(lines, at)),
            "ArrowLeft" => lines.with_untracked(|lines| parent_of(lines, at)),
            "Home" => 0,
            "End" => usize::MAX,
            "Enter" | " " => {
                event.prevent_default();
                select(lab, lines, at);
                return;
            }
            _ => return,
        };
        event.prevent_default();
        go(to);
    };
    let items = move || {
        let lines = lines.get();
        lines.iter().enumerate().map(|(index, line)| item(lab, current, index, line)).collect::<Vec<_>>()
    };
    let tree = content(move || {
        styled("ul", "").attr("role", "tree").label("Diagram outline").on("keydown", keys).child(live(items))
    });
    view! { <div class="outline" class:open=move || open.get() id="outline" use:fill=tree></div> }
}

fn item(lab: Lab, current: RwSignal<usize>, index: usize, line: &Line) -> El {
    let (mine, shown, chosen) = (line.place.clone(), line.place.clone(), line.place.clone());
    styled("li", "outline-item")
        .attr("role", "treeitem")
        .attr("id", &item_id(index))
        .attr("aria-level", &(line.depth + 1).to_string())
        .attr("--depth", &line.depth.to_string())
        .live_attr("aria-selected", move || {
            Some(lab.selection.with(|selected| selected.is_some() && *selected == mine).to_string())
        })
        .live_attr("tabindex", move || Some(if current.get() == index { "0" } else { "-1" }.to_owned()))
        .on("click", move |_| {
            current.set(index);
            lab.selection.set(chosen.clone());
        })
        .on("focus", move |_| {
            current.set(index);
            lab.on_stage(|stage| {
                if let Some(place) = &shown {
                    stage.reveal(place);
                }
                stage.hover(shown.clone());
            });
        })
        .on("blur", move |_| {
            lab.on_stage(|stage| stage.hover(None));
        })
        .child(line.text.as_str())
}

fn item_id(index: usize) -> String {
    format!("outline-{index}")
}

fn select(lab: Lab, lines: Memo<Vec<Line>>, index: usize) {
    let place = lines.with_untracked(|lines| lines.get(index).and_then(|line| line.place.clone()));
    lab.selection.set(place);
}

/// The first line below this one, when it has any.
fn child_of(lines: &[Line], at: usize) -> usize {
    let deeper = lines.get(at + 1).zip(lines.get(at)).is_some_and(|(next, line)| next.depth > line.depth);
    if deeper { at + 1 } else { at }
}

/// The line this one lies in.
fn parent_of(lines: &[Line], at: usize) -> usize {
    let depth = lines.get(at).map_or(0, |line| line.depth);
    (0..at).rev().find(|index| lines[*index].depth < depth).unwrap_or(at)
}
