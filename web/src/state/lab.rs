//! The one handle every part of the page works through.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use editor::Workspace;
use inquiry::palette::Offer;
use inquiry::{Answer, Change, Deed, FormField, Planned, Question};
use leptos::prelude::*;
use narration::plain;
use playback::{Pace, Player};
use sim::network::Network;
use sim::trace::Place;
use smol_str::SmolStr;
use topology::command::Command;
use topology::document::{Request, RequestProtocol};
use topology::problem::Problem;
use topology::{Document, Id, file};

use super::link::with_request;
use super::{DOCUMENT_KEY, Desk, Prefs, Run, Scenario, narrator};
use crate::canvas::{Frame, Stage};
use crate::components::{self, Node};
use crate::dom::{self, FrameLoop};

/// How a notice is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Something was done.
    Done,
    /// Something could not be done.
    Error,
}

/// A message at the edge of the diagram.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Notice {
    /// How it is meant.
    pub(crate) tone: Tone,
    /// What it says.
    pub(crate) text: String,
    /// What can be done about it, by the name of its button.
    pub(crate) remedy: Option<(String, Change)>,
}

impl Notice {
    /// Something was done.
    pub(crate) fn done(text: impl Into<String>) -> Self {
        Self { tone: Tone::Done, text: text.into(), remedy: None }
    }

    /// Something could not be done.
    pub(crate) fn error(text: impl Into<String>) -> Self {
        Self { tone: Tone::Error, text: text.into(), remedy: None }
    }
}

/// What does not change through signals.
struct Core {
    workspace: Workspace,
    stage: Rc<RefCell<Stage>>,
    frames: FrameLoop,
}

/// The document under edit, the request, its run, and the stage they are shown on.
#[derive(Clone, Copy)]
pub(crate) struct Lab {
    core: StoredValue<Core, LocalStorage>,
    /// The document as it is now.
    pub(crate) document: RwSignal<Arc<Document>>,
    /// The document compiled.
    pub(crate) network: RwSignal<Arc<Network>>,
    /// What is wrong with it.
    pub(crate) problems: RwSignal<Arc<Vec<Problem>>>,
    /// Whether there is something to undo and to redo.
    pub(crate) history: RwSignal<(bool, bool)>,
    /// The scenarios offered.
    pub(crate) scenarios: RwSignal<Vec<Scenario>>,
    /// What was open before what is open.
    pub(crate) previous: RwSignal<Option<Arc<Document>>>,
    /// What is selected on the diagram.
    pub(crate) selection: RwSignal<Option<Place>>,
    /// The form of what is selected, once the desk has made it.
    pub(crate) form: RwSignal<Option<(Id, Vec<FormField>)>>,
    /// Where in the form a value was refused last, and why.
    pub(crate) refused: RwSignal<Option<(Vec<SmolStr>, String)>>,
    /// The request in the request bar.
    pub(crate) request: RwSignal<Request>,
    /// The request last sent, while it still fits the document.
    pub(crate) run: RwSignal<Option<Arc<Run>>>,
    /// The step shown.
    pub(crate) step: RwSignal<usize>,
    /// Whether time passes.
    pub(crate) playing: RwSignal<bool>,
    /// How fast.
    pub(crate) pace: RwSignal<Pace>,
    /// Whether playing begins again after the end.
    pub(crate) looping: RwSignal<bool>,
    /// Whether the camera goes along with the packet.
    pub(crate) follows: RwSignal<bool>,
    /// The message at the edge of the diagram.
    pub(crate) notice: RwSignal<Option<Notice>>,
    /// What a screen reader says next.
    pub(crate) announcement: RwSignal<String>,
    /// Zoom in percent, for the zoom control.
    pub(crate) zoom: RwSignal<i32>,
    /// Grows whenever another scene is on the stage.
    pub(crate) scene_revision: RwSignal<u32>,
    /// Where long questions are asked.
    pub(crate) desk: Desk,
    /// Preferences.
    pub(crate) prefs: Prefs,
}

impl Lab {
    /// A page with nothing open yet.
    pub(crate) fn new(prefs: Prefs) -> Self {
        let document = Document::default();
        let (network, problems) = sim::compile::compile(&document);
        let stage = Rc::new(RefCell::new(Stage::new()));
        let step = RwSignal::new(0);
        let playing = RwSignal::new(false);
        let zoom = RwSignal::new(100);
        let shown = Rc::clone(&stage);
        let status = Status { step, playing, zoom };
        let frames = FrameLoop::new(move |now_ms| {
            let frame = shown.borrow_mut().frame(now_ms);
            status.show(frame);
            frame.next
        });
        let lab = Self {
            core: StoredValue::new_local(Core { workspace: Workspace::new(document.clone()), stage, frames }),
            document: RwSignal::new(Arc::new(document)),
            network: RwSignal::new(Arc::new(network)),
            problems: RwSignal::new(Arc::new(problems)),
            history: RwSignal::new((false, false)),
            scenarios: RwSignal::new(Vec::new()),
            previous: RwSignal::new(None),
            selection: RwSignal::new(None),
            form: RwSignal::new(None),
            refused: RwSignal::new(None),
            request: RwSignal::new(no_request()),
            run: RwSignal::new(None),
            step,
            playing,
            pace: RwSignal::new(Pace::NORMAL),
            looping: RwSignal::new(false),
            follows: RwSignal::new(false),
            notice: RwSignal::new(None),
            announcement: RwSignal::new(String::new()),
            zoom,
            scene_revision: RwSignal::new(0),
            desk: Desk::new(),
            prefs,
        };
        lab.follow();
        lab
    }

    /// Keeps the stage, the saved document and the page title in step with the signals.
    fn follow(self) {
        Effect::new(move |_| {
            let (dark, still) = (self.prefs.dark.get(), self.prefs.still.get());
            self.on_stage(|stage| stage.set_look(dark, still));
        });
        Effect::new(move |_| {
            let selected = self.selection.get();
            self.refused.set(None);
            self.on_stage(|stage| stage.select(selected));
        });
        Effect::new(move |_| {
            let (document, request) = (self.document.get(), self.request.get());
            let is_open = document.tenants.len() + document.virtual_networks.len() > 0;
            if is_open {
                let text = file::print_compact(&with_request(&document, &request));
                dom::save(DOCUMENT_KEY, &text);
                dom::keep_for_recovery(text);
            }
            let title = if document.title.is_empty() { "Private Link Lab" } else { &document.title };
            dom::set_title(title);
        });
        Effect::new(move |_| {
            let (document, selected) = (self.document.get(), self.selection.get());
            let Some(Place::Resource(id)) = selected else { return };
            self.desk.ask(&document, &Question::Form { id: id.clone() }, move |answer| {
                if let Some(Answer::Form { fields }) = answer {
                    self.form.try_set(Some((id, fields)));
                }
            });
        });
        Effect::new(move |_| {
            let looping = self.looping.get();
            self.on_stage(|stage| stage.set_looping(looping));
        });
        Effect::new(move |before: Option<bool>| {
            let follows = self.follows.get();
            if before.is_some_and(|before| before != follows) {
                self.on_stage(|stage| stage.set_follows(follows));
            }
            follows
        });
        // A playing request speaks when it ends; a stepped one at every step.
        Effect::new(move |_| {
            let (run, step, playing) = (self.run.get(), self.step.get(), self.playing.get());
            if let (Some(run), false) = (run, playing) {
                self.announcement.set(self.step_text(&run, step));
            }
        });
    }

    /// “Step 5 of 13: …”.
    pub(crate) fn step_text(self, run: &Run, step: usize) -> String {
        let Some(shown) = run.trace.steps.get(step) else { return String::new() };
        let document = self.document.get_untracked();
        let sentence = plain(&narrator().step(shown, &document));
        let place = narrator().place(&shown.at, &document);
        format!("Step {} of {}: {place}: {sentence}", step + 1, run.trace.steps.len())
    }

    /// The open document with the request of the request bar.
    pub(crate) fn with_current_request(self) -> Document {
        with_request(&self.document.get_untracked(), &self.request.get_untracked())
    }

    /// Looks at or changes the stage, and asks for a frame.
    pub(crate) fn on_stage<T>(self, act: impl FnOnce(&mut Stage) -> T) -> T {
        let (stage, frames) = self.core.with_value(|core| (Rc::clone(&core.stage), core.frames.clone()));
        let result = act(&mut stage.borrow_mut());
        frames.request();
        result
    }

    /// Opens the first document of this visit. There is nothing to undo.
    pub(crate) fn start_with(self, document: Document) {
        self.core.update_value(|core| core.workspace = Workspace::new(document));
        self.opened();
    }

    /// Has a change planned by the desk and carries it out; a refusal is told at the edge of the diagram.
    pub(crate) fn apply(self, command: &Command) {
        self.apply_change(serde_json::to_value(command).unwrap_or_default());
    }

    /// The same for a command the desk has written.
    pub(crate) fn apply_change(self, command: Change) {
        self.change(Question::Change { command }, move |outcome| {
            if let Err(refused) = outcome {
                self.notice.set(Some(refused));
            }
        });
    }

    /// Adds something where a place of the diagram can hold it, and selects it; or says why that cannot be.
    pub(crate) fn add(self, offer: Offer, at: Option<Place>) {
        let at = at.and_then(|place| match place {
            Place::Resource(id) | Place::AzureDns(id) => Some(id),
            Place::PublicDns | Place::Internet => None,
        });
        let was_empty = self.document.with_untracked(|document| document.virtual_networks.is_empty());
        self.change(Question::Add { offer: offer.stem.to_owned(), at }, move |outcome| match outcome {
            Ok(()) if was_empty => self.on_stage(Stage::fit),
            Ok(()) => {}
            Err(refused) => self.notice.set(Some(refused)),
        });
    }

    /// Has the desk plan a change, one after another, and carries it out. `then` learns why not, where it is refused.
    pub(crate) fn change(self, question: Question, then: impl FnOnce(Result<(), Notice>) + 'static) {
        self.desk.plan(self, question, Box::new(then));
    }

    /// Carries out what the desk has planned.
    pub(super) fn carry_out(self, answer: Option<Answer>) -> Result<(), Notice> {
        match answer {
            Some(Answer::Planned(Planned::Change { diff, subject })) => {
                self.core.update_value(|core| core.workspace.carry_out(diff));
                self.changed();
                match subject {
                    Some(id) => self.selection.set(Some(Place::Resource(id))),
                    None => self.forget_missing(),
                }
                Ok(())
            }
            Some(Answer::Planned(Planned::Refused { reason, remedy })) => {
                Err(Notice { remedy, ..Notice::error(plain(&reason)) })
            }
            answer => Err(Notice::error(match answer.map(Answer::into_report) {
                Some(Err(reason)) => reason,
                _ => String::from("Changes are planned in a second thread, which this browser does not start."),
            })),
        }
    }

    /// Puts another document in the place of the open one, as a change that can be undone.
    pub(crate) fn open(self, document: Document) {
        self.core.update_value(|core| core.workspace.replace(document));
        self.opened();
    }

    /// Selects nothing where what was selected is gone.
    pub(crate) fn forget_missing(self) {
        if let Some(Place::Resource(id)) = self.selection.get_untracked()
            && self.document.with_untracked(|document| document.kind_of(&id).is_none())
        {
            self.selection.set(None);
        }
    }

    /// Deletes what is selected. Where something depends on it, that is said, with the way to delete it all.
    pub(crate) fn delete_selected(self) {
        if let Some(Place::Resource(id)) = self.selection.get_untracked() {
            self.apply(&Command::Delete { id, cascade: false });
        }
    }

    /// A report of the desk, whose buttons act here.
    pub(crate) fn report(self, report: inquiry::Report) -> Node {
        components::report(report, move |deed| match deed {
            Deed::Select(id) => self.selection.set(Some(Place::Resource(id))),
            Deed::Play(request) => {
                self.request.set(*request);
                self.send();
            }
            Deed::Apply(change) => self.apply_change(change),
        })
    }

    /// Takes the last change back.
    pub(crate) fn undo(self) {
        self.travel(Workspace::undo);
    }

    /// Carries out again what was taken back.
    pub(crate) fn redo(self) {
        self.travel(Workspace::redo);
    }

    fn travel(self, direction: fn(&mut Workspace) -> bool) {
        let before = self.document.get_untracked();
        if self.core.try_update_value(|core| direction(&mut core.workspace)) != Some(true) {
            return;
        }
        let after = self.core.with_value(|core| Arc::clone(core.workspace.document()));
        self.notice.set(None);
        if before.tenants == after.tenants && before.virtual_networks == after.virtual_networks {
            self.changed();
        } else {
            self.opened();
        }
    }

    /// Another document is open: its own request, nothing selected, nothing sent.
    fn opened(self) {
        self.selection.set(None);
        self.publish();
        let document = self.document.get_untracked();
        let first = document.requests.first().cloned();
        self.request.set(first.unwrap_or_else(|| fallback_request(&document)));
        self.show(None);
        self.on_stage(Stage::fit);
    }

    /// The document changed: what was sent is sent again, and shown to its end.
    fn changed(self) {
        self.publish();
        let sent = self.run.get_untracked();
        if let Some(sent) = sent {
            let run = Run::send(&self.network.get_untracked(), &sent.trace.request);
            self.show(Some(run));
            self.drive(|player| player.seek_step(usize::MAX));
        }
    }

    /// Compiles the document and gives it to everyone.
    fn publish(self) {
        let (document, history) = self.core.with_value(|core| {
            (Arc::clone(core.workspace.document()), (core.workspace.can_undo(), core.workspace.can_redo()))
        });
        let (network, problems) = sim::compile::compile(&document);
        self.on_stage(|stage| stage.set_document(&document, &network));
        self.network.set(Arc::new(network));
        self.problems.set(Arc::new(problems));
        self.document.set(document);
        self.history.set(history);
        self.scene_revision.update(|revision| *revision += 1);
    }

    fn show(self, run: Option<Arc<Run>>) {
        self.on_stage(|stage| stage.set_run(run.as_deref()));
        self.run.set(run);
        self.drive(|_| ());
    }

    /// Sends the request of the request bar and plays what happens.
    pub(crate) fn send(self) {
        let run = Run::send(&self.network.get_untracked(), &self.request.get_untracked());
        self.notice.set(None);
        self.show(Some(run));
        self.drive(Player::play);
    }

    /// On the first visit the request is shown once, unless motion is unwanted.
    pub(crate) fn show_first_time(self) {
        if !self.prefs.still.get_untracked() {
            self.send();
        }
    }

    /// Plays or pauses; sends when nothing was sent yet.
    pub(crate) fn play_pause(self) {
        if self.run.get_untracked().is_none() {
            self.send();
        } else if self.playing.get_untracked() {
            self.drive(Player::pause);
        } else {
            self.drive(Player::play);
        }
    }

    /// Moves the player.
    pub(crate) fn drive(self, act: impl FnOnce(&mut Player)) {
        let frame = self.on_stage(|stage| {
            stage.drive(act);
            stage.status()
        });
        Status { step: self.step, playing: self.playing, zoom: self.zoom }.show(frame);
    }

    /// Sets how fast time passes.
    pub(crate) fn set_pace(self, pace: Pace) {
        self.pace.set(pace);
        self.on_stage(|stage| stage.set_pace(pace));
    }
}

/// The signals a frame may change: none of them on most frames.
#[derive(Clone, Copy)]
struct Status {
    step: RwSignal<usize>,
    playing: RwSignal<bool>,
    zoom: RwSignal<i32>,
}

impl Status {
    fn show(self, frame: Frame) {
        set_if_new(self.step, frame.step);
        set_if_new(self.playing, frame.playing);
        set_if_new(self.zoom, frame.zoom_percent);
    }
}

fn set_if_new<T: Copy + PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.try_get_untracked().is_some_and(|old| old != value) {
        signal.set(value);
    }
}

fn no_request() -> Request {
    Request {
        from: "none".parse().expect("letters are an id"),
        protocol: RequestProtocol::Http,
        to: SmolStr::default(),
        port: None,
        path: None,
        insecure: false,
        extra: serde_json::Map::new(),
    }
}

/// From the first machine to nowhere in particular.
fn fallback_request(document: &Document) -> Request {
    let from = document.senders().next().cloned();
    let empty = no_request();
    Request { from: from.unwrap_or_else(|| empty.from.clone()), ..empty }
}
