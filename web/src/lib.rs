//! The Private Link Lab in the browser: the page around the simulator.
//!
//! * [`dom`]: the browser, in small safe pieces; no other module names it.
//! * `state`: the document under edit, the request, its run, and what is kept between visits.
//! * `canvas`: the diagram on two canvases, its gestures, and its text twin.
//! * `panels`: the regions around the diagram; `components`: parts they share, and the plain values that panels are
//!   made of.

#![expect(unreachable_pub, reason = "the component macro makes what it generates public")]

mod app;
mod canvas;
mod components;
pub mod dom;
mod panels;
mod state;

/// Starts the page. A defect from now on shows a recovery screen with the document.
pub fn start() {
    dom::install_crash_screen();
    leptos::mount::mount_to_body(app::App);
}
