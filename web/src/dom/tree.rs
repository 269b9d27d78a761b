//! Building blocks of the page's tree.

use wasm_bindgen::JsCast;

use super::{Element, Event, document};

const SVG: &str = "http://www.w3.org/2000/svg";

/// Anything in the page's tree.
pub type TreeNode = web_sys::Node;

/// Makes an element. An SVG element has everything that this module does with an [`Element`].
pub fn create(tag: &str, svg: bool) -> Element {
    let document = document();
    let made = if svg { document.create_element_ns(Some(SVG), tag) } else { document.create_element(tag) };
    made.expect("tags are written in the source and are valid").unchecked_into()
}

/// Makes a text.
pub fn text(words: &str) -> TreeNode {
    document().create_text_node(words).into()
}

/// Changes a text.
pub fn set_text(node: &TreeNode, words: &str) {
    node.set_node_value(Some(words));
}

/// Sets an attribute, or takes it away.
pub fn set_attribute(element: &Element, name: &str, value: Option<&str>) {
    let _ = match value {
        Some(value) => element.set_attribute(name, value),
        None => element.remove_attribute(name),
    };
}

/// Sets the value of an input or a select. Spaces around the same value are left to the one who types them.
pub fn set_value(element: &Element, value: &str) {
    let name = "value".into();
    let now = js_sys::Reflect::get(element, &name).ok().and_then(|now| now.as_string());
    if now.is_none_or(|now| now.trim() != value) {
        let _ = js_sys::Reflect::set(element, &name, &value.into());
    }
}

/// Sets a property that is true or false, such as an input's `checked`.
pub fn set_switch(element: &Element, name: &str, on: bool) {
    let _ = js_sys::Reflect::set(element, &name.into(), &on.into());
}

/// Puts a node into `parent`, before another or at the end.
pub fn insert(parent: &TreeNode, node: &TreeNode, before: Option<&TreeNode>) {
    let _ = parent.insert_before(node, before);
}

/// Takes a node out of the tree.
pub fn remove(node: &TreeNode) {
    if let Some(parent) = node.parent_node() {
        let _ = parent.remove_child(node);
    }
}

/// Takes out everything from `start` to `end`, both included; they have the same parent.
pub fn remove_range(start: &TreeNode, end: &TreeNode) {
    while let Some(next) = start.next_sibling() {
        let last = next == *end;
        remove(&next);
        if last {
            break;
        }
    }
    remove(start);
}

/// The key of a keyboard event, in the DOM's words.
pub fn key_of(event: &Event) -> String {
    event.dyn_ref::<web_sys::KeyboardEvent>().map(web_sys::KeyboardEvent::key).unwrap_or_default()
}

/// Whether Shift is held.
pub fn has_shift(event: &Event) -> bool {
    event.dyn_ref::<web_sys::KeyboardEvent>().is_some_and(web_sys::KeyboardEvent::shift_key)
}
