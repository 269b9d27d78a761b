//! Parts of the page as plain values.
//!
//! What a panel shows is a tree of [`Node`]s, made anew whenever a signal it was made from changes. One function puts
//! such a tree into the page and changes there only what is different, so that focus and scroll position stay. A view
//! of each panel's own type would say the same in far more code to download; [`leptos`] views are for what never
//! changes its shape.

use crate::dom::{self, Element, Event};

/// A piece of content.
pub(crate) enum Node {
    /// Text.
    Text(String),
    /// An element.
    Element(El),
    /// Several pieces, or none.
    Many(Vec<Self>),
    /// A piece made again whenever a signal it reads changes.
    Live(Box<dyn Fn() -> Self>),
}

/// An element to be: its tag, attributes, handlers and content.
pub(crate) struct El(pub(super) Box<Plan>);

pub(super) struct Plan {
    pub(super) tag: &'static str,
    pub(super) svg: bool,
    pub(super) attributes: Vec<(&'static str, String)>,
    pub(super) value: Option<String>,
    pub(super) live: Vec<Live>,
    pub(super) handlers: Vec<(&'static str, Handler)>,
    pub(super) children: Vec<Node>,
    pub(super) then: Option<Afterwards>,
}

type Handler = Box<dyn Fn(&Event)>;
type Afterwards = Box<dyn FnOnce(&Element)>;

/// What about an element follows signals, and how it is shown.
pub(super) struct Live {
    pub(super) name: &'static str,
    pub(super) show: Box<dyn Fn(&Element)>,
}

/// An HTML element.
pub(crate) fn el(tag: &'static str) -> El {
    make(tag, false)
}

/// An HTML element of a class.
pub(crate) fn styled(tag: &'static str, class: &str) -> El {
    make(tag, false).class(class)
}

/// An SVG element.
pub(crate) fn svg(tag: &'static str) -> El {
    make(tag, true)
}

/// A button with a class.
pub(crate) fn button(class: &str, press: impl Fn() + 'static) -> El {
    make("button", false).attr("type", "button").class(class).on("click", move |_| press())
}

/// Content that is made again whenever a signal it reads changes.
pub(crate) fn live<T: Into<Node>>(content: impl Fn() -> T + 'static) -> Node {
    Node::Live(Box::new(move || content().into()))
}

fn make(tag: &'static str, svg: bool) -> El {
    El(Box::new(Plan {
        tag,
        svg,
        attributes: Vec::new(),
        value: None,
        live: Vec::new(),
        handlers: Vec::new(),
        children: Vec::new(),
        then: None,
    }))
}

impl El {
    /// With an attribute. A name that starts with `--` is a custom property of its style.
    pub(crate) fn attr(mut self, name: &'static str, value: &str) -> Self {
        self.0.attributes.push((name, value.to_owned()));
        self
    }

    /// With classes, where there are any.
    pub(crate) fn class(self, class: &str) -> Self {
        if class.is_empty() { self } else { self.attr("class", class) }
    }

    /// With a name for screen readers.
    pub(crate) fn label(self, name: &str) -> Self {
        self.attr("aria-label", name)
    }

    /// With something in it.
    pub(crate) fn child(mut self, child: impl Into<Node>) -> Self {
        self.0.children.push(child.into());
        self
    }

    /// With each of these in it.
    pub(crate) fn children<T: Into<Node>>(mut self, children: impl IntoIterator<Item = T>) -> Self {
        for child in children {
            self.0.children.push(child.into());
        }
        self
    }

    /// Acting on an event. It must not be one whose default matters for scrolling.
    pub(crate) fn on(mut self, name: &'static str, act: impl Fn(&Event) + 'static) -> Self {
        self.0.handlers.push((name, Box::new(act)));
        self
    }

    /// With an attribute that follows signals; `None` takes it away.
    pub(crate) fn live_attr(self, name: &'static str, value: impl Fn() -> Option<String> + 'static) -> Self {
        self.live(name, move |element| dom::set_attribute(element, name, value().as_deref()))
    }

    /// With a class that comes and goes.
    pub(crate) fn live_class(self, class: &'static str, present: impl Fn() -> bool + 'static) -> Self {
        self.live(class, move |element| dom::set_class(element, class, present()))
    }

    /// With a property of its object that is true or false, such as `disabled`, `hidden` or `checked`.
    pub(crate) fn live_switch(self, name: &'static str, on: impl Fn() -> bool + 'static) -> Self {
        self.live(name, move |element| dom::set_switch(element, name, on()))
    }

    /// With a value that follows signals.
    pub(crate) fn live_value(self, value: impl Fn() -> String + 'static) -> Self {
        self.live("value", move |element| dom::set_value(element, &value()))
    }

    fn live(mut self, name: &'static str, show: impl Fn(&Element) + 'static) -> Self {
        self.0.live.push(Live { name, show: Box::new(show) });
        self
    }

    /// With a value, for an input or a select.
    pub(crate) fn value(mut self, value: &str) -> Self {
        self.0.value = Some(value.to_owned());
        self
    }

    /// Followed by something to do once it is in the page.
    pub(crate) fn then(mut self, act: impl FnOnce(&Element) + 'static) -> Self {
        self.0.then = Some(Box::new(act));
        self
    }
}

impl From<El> for Node {
    fn from(element: El) -> Self {
        Self::Element(element)
    }
}

impl From<&str> for Node {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Node {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Vec<Self>> for Node {
    fn from(nodes: Vec<Self>) -> Self {
        Self::Many(nodes)
    }
}

impl From<Vec<El>> for Node {
    fn from(elements: Vec<El>) -> Self {
        Self::Many(elements.into_iter().map(Self::Element).collect())
    }
}

impl<T: Into<Self>> From<Option<T>> for Node {
    fn from(node: Option<T>) -> Self {
        node.map_or_else(|| Self::Many(Vec::new()), Into::into)
    }
}
