//! The regions of the page, and what they share.

use leptos::prelude::*;

use crate::canvas::Diagram;
use crate::components::fill;
use crate::panels::{
    ByteView, KeyFocus, Sheet, Tab, announcement, caption, dock, inspector, listen_for_keys, packet, palette,
    request_fields, sheet_tabs, top_bar, transport,
};
use crate::state::{Lab, Prefs, open_at_start, watch_links};

/// The page.
#[component]
pub(crate) fn App() -> impl IntoView {
    let prefs = Prefs::new();
    let lab = Lab::new(prefs);
    let focus = KeyFocus::new();
    let sheet = RwSignal::new(Sheet::Closed);
    let tab = RwSignal::new(Tab::Steps);
    let bytes = ByteView::new(lab);
    provide_context(lab);
    provide_context(focus);
    listen_for_keys(lab, focus);
    watch_links(lab);
    open_at_start(lab);

    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        lab.send();
    };
    let no_caption = move || lab.run.with(Option::is_none) || sheet.get() != Sheet::Closed;
    view! {
        <div class="app" data-sheet=move || sheet.get().name()>
            <header class="top" use:fill=top_bar(lab, focus)></header>
            <main class="main" data-palette=move || if prefs.palette.get() { "open" } else { "folded" }>
                <section class="panel palette" aria-label="Resources" use:fill=palette(lab)></section>
                <Diagram/>
                <div class="bar">
                    <form class="request" aria-label="Request" on:submit=send use:fill=request_fields(lab)></form>
                    <div class="transport" role="group" aria-label="Playback" use:fill=transport(lab, focus)></div>
                </div>
                <button
                    type="button"
                    class="caption"
                    hidden=no_caption
                    on:click=move |_| sheet.set(Sheet::Steps)
                    use:fill=caption(lab)
                ></button>
                <div class="sheet-tabs" role="group" aria-label="Panels" use:fill=sheet_tabs(lab, sheet)></div>
                <section class="panel dock" aria-label="Dock" use:fill=dock(lab, tab)></section>
                <section class="panel packet" aria-label="Packet" use:fill=packet(lab, bytes)></section>
                <aside class="panel inspector" aria-label="Inspector">
                    <div class="scroll" tabindex="0" role="group" aria-label="Details" use:fill=inspector(lab)></div>
                </aside>
            </main>
            <p class="unseen" aria-live="polite" aria-atomic="true" use:fill=announcement(lab)></p>
        </div>
    }
}
