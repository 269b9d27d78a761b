//! The regions of the page, and what they share.

use leptos::prelude::*;

use crate::canvas::Diagram;
use crate::panels::{
    Announcer, Inspector, KeyFocus, PacketPanel, RequestBar, Sheet, SheetTabs, Steps, TopBar, Transport,
    listen_for_keys,
};
use crate::state::{Lab, Prefs, open_at_start, watch_links};

/// The page.
#[component]
pub(crate) fn App() -> impl IntoView {
    let prefs = Prefs::new();
    let lab = Lab::new(prefs);
    let focus = KeyFocus::new();
    let sheet = RwSignal::new(Sheet::Closed);
    provide_context(lab);
    provide_context(focus);
    provide_context(sheet);
    listen_for_keys(lab, focus);
    watch_links(lab);
    open_at_start(lab);

    view! {
        <div class="app" data-sheet=move || sheet.get().name()>
            <TopBar/>
            <main class="main">
                <Diagram/>
                <div class="bar">
                    <RequestBar/>
                    <Transport/>
                </div>
                <SheetTabs/>
                <Steps/>
                <PacketPanel/>
                <Inspector/>
            </main>
            <Announcer/>
        </div>
    }
    .into_any()
}
