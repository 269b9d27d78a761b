//! Puts [`Node`]s into the page, and keeps the page in step with them.

use std::mem;
use std::rc::Rc;

use leptos::prelude::*;
use leptos::reactive::graph::untrack;

use super::node::{El, Live, Node};
use crate::dom::{self, Element, Listener, Options, TreeNode};

/// What an element of a `view!` contains.
pub(crate) type Content = Rc<dyn Fn() -> Node>;

/// The content of an element of a `view!`, for `use:fill`; it is made again whenever a signal it reads changes.
pub(crate) fn content<T: Into<Node>>(make: impl Fn() -> T + 'static) -> Content {
    Rc::new(move || make().into())
}

/// Shows content in an element of a `view!` for as long as the view lives: `use:fill=content(…)`.
pub(crate) fn fill(element: leptos::tachys::renderer::types::Element, content: Content) {
    StoredValue::new_local(place(&element.into(), None, Node::Live(Box::new(move || content()))));
}

/// What stands in the page for a node.
enum Shown {
    Text(TreeNode, String),
    Element(Box<Standing>),
    Region(Region),
}

/// An element in the page. It listens and follows signals until dropped.
struct Standing {
    tag: &'static str,
    element: Element,
    attributes: Vec<(&'static str, String)>,
    children: Vec<Shown>,
    live: Vec<(&'static str, RenderEffect<()>)>,
    _listeners: Vec<Listener>,
}

/// Content between two marks, made again until dropped.
struct Region {
    start: TreeNode,
    end: TreeNode,
    _effect: RenderEffect<()>,
}

impl Shown {
    fn first(&self) -> &TreeNode {
        match self {
            Self::Text(node, _) => node,
            Self::Element(standing) => &standing.element,
            Self::Region(region) => &region.start,
        }
    }

    fn remove(self) {
        match &self {
            Self::Text(node, _) => dom::remove(node),
            Self::Element(standing) => dom::remove(&standing.element),
            Self::Region(region) => dom::remove_range(&region.start, &region.end),
        }
    }
}

/// Makes `shown`, which stands in `parent` before `end`, show `nodes`. What is of the same kind stays where it is.
fn patch(parent: &TreeNode, end: Option<&TreeNode>, shown: &mut Vec<Shown>, nodes: Vec<Node>) {
    let mut flat = Vec::new();
    flatten(nodes, &mut flat);
    let mut before = mem::take(shown).into_iter();
    for node in flat {
        let next = match (before.next(), node) {
            (Some(Shown::Text(at, old)), Node::Text(words)) => {
                if old != words {
                    dom::set_text(&at, &words);
                }
                Shown::Text(at, words)
            }
            (Some(Shown::Element(standing)), Node::Element(plan)) if standing.can_become(&plan) => {
                Shown::Element(Box::new(standing.become_(plan)))
            }
            (Some(old), node) => {
                let new = place(parent, Some(old.first()), node);
                old.remove();
                new
            }
            (None, node) => place(parent, end, node),
        };
        shown.push(next);
    }
    before.for_each(Shown::remove);
}

fn flatten(nodes: Vec<Node>, flat: &mut Vec<Node>) {
    for node in nodes {
        match node {
            Node::Many(nodes) => flatten(nodes, flat),
            Node::Text(_) | Node::Element(_) | Node::Live(_) => flat.push(node),
        }
    }
}

fn place(parent: &TreeNode, before: Option<&TreeNode>, node: Node) -> Shown {
    match node {
        Node::Element(plan) => {
            let standing = Standing::new(&plan);
            dom::insert(parent, &standing.element, before);
            Shown::Element(Box::new(standing.become_(plan)))
        }
        Node::Text(words) => {
            let text = dom::text(&words);
            dom::insert(parent, &text, before);
            Shown::Text(text, words)
        }
        Node::Many(_) => place(parent, before, Node::Text(String::new())),
        Node::Live(content) => {
            let (start, end) = (dom::text(""), dom::text(""));
            dom::insert(parent, &start, before);
            dom::insert(parent, &end, before);
            let (parent, last) = (parent.clone(), end.clone());
            let mut shown = Vec::new();
            let effect = follow(Box::new(move || {
                let node = content();
                untrack(|| patch(&parent, Some(&last), &mut shown, vec![node]));
            }));
            Shown::Region(Region { start, end, _effect: effect })
        }
    }
}

impl Standing {
    /// An element of this kind, with nothing about it or in it yet.
    fn new(plan: &El) -> Self {
        let plan = &plan.0;
        let element = dom::create(plan.tag, plan.svg);
        Self {
            tag: plan.tag,
            element,
            attributes: Vec::new(),
            children: Vec::new(),
            live: Vec::new(),
            _listeners: Vec::new(),
        }
    }

    /// Whether this element can be changed into the one planned: what followed signals goes on doing so.
    fn can_become(&self, El(plan): &El) -> bool {
        self.tag == plan.tag && self.live.iter().map(|live| live.0).eq(plan.live.iter().map(|live| live.name))
    }

    fn become_(self, El(plan): El) -> Self {
        let Self { tag, element, attributes: old, mut children, .. } = self;
        for (name, _) in old.iter().filter(|(name, _)| plan.attributes.iter().all(|(kept, _)| kept != name)) {
            set(&element, name, None);
        }
        for attribute in plan.attributes.iter().filter(|attribute| !old.contains(attribute)) {
            set(&element, attribute.0, Some(&attribute.1));
        }
        patch(&element, None, &mut children, plan.children);
        if let Some(value) = plan.value {
            dom::set_value(&element, &value);
        }
        let live = plan.live.into_iter().map(|Live { name, show }| {
            let element = element.clone();
            (name, follow(Box::new(move || show(&element))))
        });
        let live = live.collect();
        let listeners = plan
            .handlers
            .into_iter()
            .map(|(name, act)| Listener::on(&element, name, Options::Active, move |event: dom::Event| act(&event)));
        let listeners = listeners.collect();
        if let Some(then) = plan.then {
            then(&element);
        }
        Self { tag, element, attributes: plan.attributes, children, live, _listeners: listeners }
    }
}

fn set(element: &Element, name: &str, value: Option<&str>) {
    if name.starts_with("--") {
        dom::set_variable(element, name, value.unwrap_or_default());
    } else {
        dom::set_attribute(element, name, value);
    }
}

/// Runs `act` now, and again whenever a signal it reads changes. Not generic: there is one of these in the program.
fn follow(mut act: Box<dyn FnMut()>) -> RenderEffect<()> {
    RenderEffect::new(move |_| act())
}
