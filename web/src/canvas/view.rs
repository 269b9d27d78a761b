//! The diagram as a component: canvases, pointers, wheel, keys, zoom control.

use diagram::geometry::Point;
use editor::{Gesture, GestureEvent, Gestures, PointerId};
use leptos::prelude::*;

use super::outline::Outline;
use super::stage::Stage;
use crate::components::{Content, Icon, button, content, fill, icon, live, styled};
use crate::dom::{self, Element, Listener, Options, Resize};
use crate::panels::{KeyFocus, NoticeBar, Shortcuts};
use crate::state::Lab;

/// How much a wheel may move at once, in CSS pixels: some mice send hundreds.
const MAX_WHEEL_PX: f64 = 60.0;
/// The height of a line for wheels that count in lines, in CSS pixels.
const LINE_PX: f64 = 18.0;

/// The region “Diagram”.
#[component]
pub(crate) fn Diagram() -> impl IntoView {
    let lab = expect_context::<Lab>();
    let focus = expect_context::<KeyFocus>();
    let frame = NodeRef::<leptos::html::Div>::new();
    let below = NodeRef::<leptos::html::Canvas>::new();
    let above = NodeRef::<leptos::html::Canvas>::new();
    let outline_open = RwSignal::new(false);

    Effect::new(move |_| {
        let (Some(frame), Some(below), Some(above)) = (frame.get(), below.get(), above.get()) else { return };
        let frame: Element = frame.into();
        lab.on_stage(|stage| stage.attach(&below, &above));
        let resize = Resize::observe(&frame, move |size| {
            lab.on_stage(|stage| stage.resize(size));
            lab.scene_revision.update(|revision| *revision += 1);
        });
        StoredValue::new_local((resize, pointers(lab, &frame)));
    });

    view! {
        <section class="diagram" aria-label="Diagram">
            <div
                class="stage"
                node_ref=frame
                tabindex="0"
                role="application"
                aria-label="Topology. The outline lists everything in it."
                aria-describedby="stage-keys"
                on:focus=move |_| focus.0.set(editor::Context::Diagram)
                on:blur=move |_| focus.0.set(editor::Context::Anywhere)
            >
                <canvas node_ref=below aria-hidden="true"></canvas>
                <canvas node_ref=above aria-hidden="true"></canvas>
            </div>
            <p id="stage-keys" class="unseen">
                "Space plays and pauses. Plus and minus zoom, Shift 1 shows everything. Question mark lists all keys."
            </p>
            <Outline open=outline_open/>
            <div class="zoom" role="group" aria-label="View" use:fill=zoom_control(lab, outline_open)></div>
            <NoticeBar/>
            <Shortcuts/>
        </section>
    }
}

/// Turns pointer and wheel events into camera moves and selections, until dropped.
fn pointers(lab: Lab, frame: &Element) -> Vec<Listener> {
    let state = StoredValue::new_local(Gestures::default());
    let element = StoredValue::new_local(frame.clone());
    let at = move |event: &dom::MouseEvent| {
        element.with_value(|frame| {
            let bounds = dom::bounds(frame);
            Point::new(f64::from(event.client_x()) - bounds.left, f64::from(event.client_y()) - bounds.top)
        })
    };
    let feed = move |event: GestureEvent| {
        let (next, gesture) = state.get_value().on(event);
        state.set_value(next);
        if let Some(gesture) = gesture {
            act(lab, gesture, element);
        }
    };
    let id = |event: &dom::PointerEvent| PointerId(event.pointer_id());
    vec![
        Listener::on(frame, "pointerdown", Options::Passive, move |event: dom::PointerEvent| {
            if event.button() <= 1 {
                element.with_value(|frame| dom::capture_pointer(frame, event.pointer_id()));
                feed(GestureEvent::Down(id(&event), at(&event)));
            }
        }),
        Listener::on(frame, "pointermove", Options::Passive, move |event: dom::PointerEvent| {
            feed(GestureEvent::Move(id(&event), at(&event)));
        }),
        Listener::on(frame, "pointerup", Options::Passive, move |event: dom::PointerEvent| {
            feed(GestureEvent::Up(id(&event), at(&event)));
        }),
        Listener::on(frame, "pointercancel", Options::Passive, move |event: dom::PointerEvent| {
            feed(GestureEvent::Cancel(id(&event)));
        }),
        Listener::on(frame, "pointerleave", Options::Passive, move |_: dom::PointerEvent| {
            lab.on_stage(|stage| stage.hover(None));
        }),
        Listener::on(frame, "dblclick", Options::Passive, move |event: dom::MouseEvent| {
            lab.on_stage(|stage| match stage.hit(at(&event)) {
                Some(place) => stage.fit_place(&place),
                None => stage.fit(),
            });
        }),
        Listener::on(frame, "wheel", Options::Active, move |event: dom::WheelEvent| {
            event.prevent_default();
            wheel(lab, &event, at(&event));
        }),
    ]
}

fn act(lab: Lab, gesture: Gesture, frame: StoredValue<Element, LocalStorage>) {
    match gesture {
        Gesture::Hover(at) => {
            let over = lab.on_stage(|stage| {
                let place = stage.hit(at);
                stage.hover(place)
            });
            frame.with_value(|frame| dom::set_class(frame, "over", over));
        }
        Gesture::Click(at) => {
            let place = lab.on_stage(|stage| stage.hit(at));
            if lab.selection.get_untracked() != place {
                lab.selection.set(place);
            }
        }
        Gesture::Pan { dx, dy } => lab.on_stage(|stage| stage.pan(dx, dy)),
        Gesture::Pinch { at, factor, dx, dy } => lab.on_stage(|stage| {
            stage.pan(dx, dy);
            stage.zoom_at(at, factor);
        }),
    }
}

fn wheel(lab: Lab, event: &dom::WheelEvent, at: Point) {
    let unit = if event.delta_mode() == 0 { 1.0 } else { LINE_PX };
    let (dx, dy) = (event.delta_x() * unit, event.delta_y() * unit);
    if event.ctrl_key() || event.meta_key() {
        let factor = (-dy.clamp(-MAX_WHEEL_PX, MAX_WHEEL_PX) / 200.0).exp();
        lab.on_stage(|stage| stage.zoom_at(at, factor));
    } else if event.shift_key() && dx.abs() < f64::EPSILON {
        lab.on_stage(|stage| stage.pan(-dy, 0.0));
    } else {
        lab.on_stage(|stage| stage.pan(-dx, -dy));
    }
}

/// Outline, −, %, +, fit.
fn zoom_control(lab: Lab, outline_open: RwSignal<bool>) -> Content {
    let view = move |sign: Icon, name: &str, title: &str, act: fn(&mut Stage)| {
        let press = move || lab.on_stage(act);
        button("icon-button", press).label(name).attr("title", title).child(icon(sign))
    };
    content(move || {
        let outline = button("icon-button", move || outline_open.update(|open| *open = !*open))
            .label("Outline")
            .attr("title", "Outline: the diagram in words")
            .attr("aria-controls", "outline")
            .live_attr("aria-expanded", move || Some(outline_open.get().to_string()))
            .child(icon(Icon::List));
        let percent = button("zoom-percent", move || lab.on_stage(Stage::zoom_reset))
            .attr("title", "Zoom to 100 % (0)")
            .child(styled("span", "unseen").child("Zoom to 100 %, now "))
            .child(live(move || format!("{} %", lab.zoom.get())));
        vec![
            outline,
            view(Icon::Minus, "Zoom out", "Zoom out (−)", Stage::zoom_out),
            percent,
            view(Icon::Plus, "Zoom in", "Zoom in (+)", Stage::zoom_in),
            view(Icon::Fit, "Fit", "Show everything (Shift 1)", Stage::fit),
        ]
    })
}
