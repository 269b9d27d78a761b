//! Elements: where they are, what they say, who has the focus.

use wasm_bindgen::JsCast;
use web_sys::{
    FocusEvent, HtmlDialogElement, HtmlInputElement, ScrollBehavior, ScrollIntoViewOptions, ScrollLogicalPosition,
};

use super::{Element, Event, document};

/// Where an element is in the window, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Box2 {
    /// Left edge.
    pub left: f64,
    /// Top edge.
    pub top: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

/// Where an element is.
pub fn bounds(element: &Element) -> Box2 {
    let rect = element.get_bounding_client_rect();
    Box2 { left: rect.left(), top: rect.top(), width: rect.width(), height: rect.height() }
}

/// Where the first element that `selector` describes is.
pub fn bounds_of(selector: &str) -> Option<Box2> {
    let element = document().query_selector(selector).ok()??;
    Some(bounds(element.dyn_ref::<Element>()?))
}

/// The id of what has the focus.
pub fn focused_id() -> Option<String> {
    document().active_element().map(|element| element.id())
}

/// Sets a custom property of an element's style.
pub fn set_variable(element: &Element, name: &str, value: &str) {
    let _ = element.style().set_property(name, value);
}

/// Adds or removes a class.
pub fn set_class(element: &Element, class: &str, present: bool) {
    let _ = element.class_list().toggle_with_force(class, present);
}

/// Gives an element the focus.
pub fn focus(element: &Element) {
    let _ = element.focus();
}

/// Gives the element with this id the focus.
pub fn focus_by_id(id: &str) {
    if let Some(element) = document().get_element_by_id(id).and_then(|element| element.dyn_into::<Element>().ok()) {
        let _ = element.focus();
    }
}

/// Whether the focus goes to somewhere outside any element that `selector` describes.
pub fn focus_leaves(event: &Event, selector: &str) -> bool {
    let goes_to = event.dyn_ref::<FocusEvent>().and_then(FocusEvent::related_target);
    let goes_to = goes_to.and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    !goes_to.is_some_and(|target| matches!(target.closest(selector), Ok(Some(_))))
}

/// Whether an event comes from a place where keys mean text or a choice.
pub fn in_text_field(event: &Event) -> bool {
    let element = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    element.is_some_and(|element| element.matches("input, select, textarea, [contenteditable]").unwrap_or(false))
}

/// The text of the input or select an event comes from.
pub fn input_value(event: &Event) -> String {
    let target = event.target();
    let value = target.and_then(|target| js_sys::Reflect::get(&target, &"value".into()).ok());
    value.and_then(|value| value.as_string()).unwrap_or_default()
}

/// Gives an input the focus and selects its whole text.
pub fn focus_and_select(element: &Element) {
    focus(element);
    if let Some(input) = element.dyn_ref::<HtmlInputElement>() {
        input.select();
    }
}

/// Keeps receiving a pointer's events while it is down, wherever it goes.
pub fn capture_pointer(element: &Element, pointer: i32) {
    let _ = element.set_pointer_capture(pointer);
}

/// Scrolls the list around the element with this id just enough to show it.
pub fn scroll_into_list(id: &str) {
    let Some(element) = document().get_element_by_id(id) else { return };
    let options = ScrollIntoViewOptions::new();
    options.set_block(ScrollLogicalPosition::Nearest);
    options.set_behavior(ScrollBehavior::Instant);
    element.scroll_into_view_with_scroll_into_view_options(&options);
}

/// Scrolls the element with this id to its end.
pub fn scroll_to_end(id: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        element.set_scroll_top(element.scroll_height());
    }
}

/// Opens a dialog above everything; the rest of the page waits.
pub fn open_dialog(dialog: &HtmlDialogElement) {
    if !dialog.open() {
        let _ = dialog.show_modal();
    }
}

/// Closes a dialog.
pub fn close_dialog(dialog: &HtmlDialogElement) {
    dialog.close();
}
