//! The screen after a defect: plain elements, nothing of the application, and the document to take home.

use std::cell::RefCell;
use std::panic;

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

use super::{document, download, window};

thread_local! {
    /// What the recovery screen offers: kept here too, for browsers that save nothing.
    static KEPT: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Keeps what the recovery screen would offer.
pub fn keep_for_recovery(text: String) {
    KEPT.replace(text);
}

/// From now on a panic shows a recovery screen that offers what was kept.
pub fn install() {
    panic::set_hook(Box::new(move |info| {
        let report = info.to_string();
        web_sys::console::error_1(&JsValue::from_str(&report));
        let _ = show(&report);
    }));
}

fn show(report: &str) -> Result<(), JsValue> {
    let document = document();
    let Some(body) = document.body() else { return Ok(()) };
    let screen = document.create_element("div")?;
    screen.set_class_name("crash");
    screen.set_attribute("role", "alertdialog")?;
    screen.set_attribute("aria-label", "Private Link Lab has stopped")?;

    let heading = document.create_element("h1")?;
    heading.set_text_content(Some("Private Link Lab has stopped"));
    let words = document.create_element("p")?;
    words.set_text_content(Some(
        "A defect in the lab ended it. Your topology was saved after its last change: reload to open it again, \
         or take it with you as a file.",
    ));
    let details = document.create_element("pre")?;
    details.set_text_content(Some(report));

    let reload = button("Reload", "primary", || {
        let _ = window().location().reload();
    })?;
    let take = button("Download topology", "quiet", move || {
        download("topology.json", "application/json", &KEPT.with_borrow(String::clone));
    })?;
    let row = document.create_element("p")?;
    row.set_class_name("crash-actions");
    row.append_child(&reload)?;
    row.append_child(&take)?;
    for part in [heading, words, row, details] {
        screen.append_child(&part)?;
    }
    body.append_child(&screen)?;
    Ok(())
}

fn button(label: &str, class: &str, press: impl FnMut() + 'static) -> Result<web_sys::Element, JsValue> {
    let button = document().create_element("button")?;
    button.set_text_content(Some(label));
    button.set_class_name(class);
    let handler: Closure<dyn FnMut()> = Closure::new(press);
    button.add_event_listener_with_callback("click", handler.as_ref().unchecked_ref())?;
    // The application is gone; only a reload follows, which frees everything.
    handler.forget();
    Ok(button)
}
