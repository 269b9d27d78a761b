//! What can be added to the diagram: press to add at the selection, or drag to where it belongs.

use diagram::geometry::Point;
use inquiry::palette::{GROUPS, Offer};
use leptos::prelude::*;
use sim::trace::Place;

use crate::components::{Content, El, Icon, button, content, el, glyph_of, icon, live, styled};
use crate::dom::{self, Element, Listener, Options};
use crate::state::{Lab, narrator};

/// From this far on a press is a drag, in CSS pixels.
const DRAG_FROM_PX: f64 = 4.0;

/// The region “Resources”.
pub(crate) fn palette(lab: Lab) -> Content {
    let sought = RwSignal::new(String::new());
    content(move || {
        let open = move || lab.prefs.palette.get();
        let toggle = button("icon-button", move || lab.prefs.palette.update(|open| *open = !*open))
            .live_attr("aria-expanded", move || Some(open().to_string()))
            .live_attr("title", move || Some(if open() { "Fold the list" } else { "Unfold the list" }.to_owned()))
            .label("Resource list")
            .child(icon(Icon::Down));
        let search = styled("input", "search")
            .attr("type", "text")
            .label("Search resources")
            .attr("placeholder", "Search resources")
            .on("input", move |event| sought.set(dom::input_value(event).to_lowercase()));
        let head = styled("header", "palette-head").child(search).child(toggle);
        let list = styled("div", "offers").on("keydown", walk).child(live(move || groups(lab, &sought.get())));
        vec![head, list]
    })
}

/// The groups that hold something whose name contains what is sought.
fn groups(lab: Lab, sought: &str) -> Vec<El> {
    let mut number = 0;
    let mut shown = Vec::new();
    for group in GROUPS {
        let fits = group.offers.iter().filter(|offer| name(**offer).to_lowercase().contains(sought));
        let rows: Vec<El> = fits
            .map(|offer| {
                number += 1;
                el("li").child(row(lab, *offer, number))
            })
            .collect();
        if !rows.is_empty() {
            let heading = narrator().group(group.key);
            shown.push(el("h2").child(heading.as_str()));
            shown.push(styled("ul", "plain-list").label(&heading).children(rows));
        }
    }
    if shown.is_empty() {
        shown.push(styled("p", "hint").child("Nothing here has such a name."));
    }
    shown
}

/// The name of what is offered: that of its type, or of the platform service.
fn name(offer: Offer) -> String {
    match offer.service {
        Some(resource_type) => narrator().service(resource_type),
        None => narrator().kind(offer.kind),
    }
}

fn row(lab: Lab, offer: Offer, number: usize) -> El {
    let name = name(offer);
    // The list is one stop of the Tab key: its first row.
    button("offer", move || lab.add(offer, lab.selection.get_untracked()))
        .attr("id", &row_id(number))
        .attr("tabindex", if number == 1 { "0" } else { "-1" })
        .label(&format!("Add {name}"))
        .attr("title", "Press to add it where the selection is, or drag it to its place")
        .child(glyph_of(offer.kind).unwrap_or_else(|| styled("span", "tile").child(icon(Icon::Frame))))
        .child(el("span").child(name))
        .then(move |row| {
            StoredValue::new_local(dragging(lab, offer, row));
        })
}

fn row_id(number: usize) -> String {
    format!("offer-{number}")
}

/// Arrows go from row to row.
fn walk(event: &dom::Event) {
    let Some(at) = dom::focused_id().and_then(|id| id.strip_prefix("offer-")?.parse::<usize>().ok()) else { return };
    let to = match dom::key_of(event).as_str() {
        "ArrowDown" => at + 1,
        "ArrowUp" => at.saturating_sub(1).max(1),
        "Home" => 1,
        _ => return,
    };
    event.prevent_default();
    dom::focus_by_id(&row_id(to));
}

/// Lets a row be dragged onto the diagram, until dropped.
fn dragging(lab: Lab, offer: Offer, row: &Element) -> Vec<Listener> {
    let element = StoredValue::new_local(row.clone());
    let began: StoredValue<Option<Point>> = StoredValue::new(None);
    let is_dragged = StoredValue::new(false);
    let at = |event: &dom::PointerEvent| Point::new(f64::from(event.client_x()), f64::from(event.client_y()));
    let below = move |at: Point| -> Option<Option<Place>> {
        let stage = dom::bounds_of(".stage")?;
        let inside = Point::new(at.x - stage.left, at.y - stage.top);
        let within = (0.0..stage.width).contains(&inside.x) && (0.0..stage.height).contains(&inside.y);
        within.then(|| lab.on_stage(|stage| stage.hit(inside)))
    };
    let end = move || {
        began.set_value(None);
        is_dragged.set_value(false);
        element.with_value(|row| dom::set_class(row, "dragged", false));
        lab.on_stage(|stage| stage.hover(None));
    };
    vec![
        Listener::on(row, "pointerdown", Options::Passive, move |event: dom::PointerEvent| {
            began.set_value(Some(at(&event)));
            element.with_value(|row| dom::capture_pointer(row, event.pointer_id()));
        }),
        Listener::on(row, "pointermove", Options::Passive, move |event: dom::PointerEvent| {
            let (Some(from), to) = (began.get_value(), at(&event)) else { return };
            if !is_dragged.get_value() && (to.x - from.x).hypot(to.y - from.y) < DRAG_FROM_PX {
                return;
            }
            is_dragged.set_value(true);
            element.with_value(|row| {
                dom::set_class(row, "dragged", true);
                dom::set_variable(row, "--dx", &format!("{:.0}px", to.x - from.x));
                dom::set_variable(row, "--dy", &format!("{:.0}px", to.y - from.y));
            });
            // What would take it lights up.
            let place = below(to).flatten();
            lab.on_stage(|stage| stage.hover(place));
        }),
        Listener::on(row, "pointerup", Options::Passive, move |event: dom::PointerEvent| {
            let dropped = is_dragged.get_value().then(|| below(at(&event))).flatten();
            end();
            if let Some(place) = dropped {
                lab.add(offer, place);
            }
        }),
        Listener::on(row, "pointercancel", Options::Passive, move |_: dom::PointerEvent| end()),
    ]
}
