//! Who asks whom for what.

use leptos::prelude::*;
use topology::document::{Request, RequestProtocol};

use crate::dom;
use crate::state::{Lab, suggestions};

const PROTOCOLS: [RequestProtocol; 3] = [RequestProtocol::Http, RequestProtocol::Https, RequestProtocol::Tcp];

/// The form of the request.
#[component]
pub(crate) fn RequestBar() -> impl IntoView {
    let lab = expect_context::<Lab>();
    let machines = Memo::new(move |_| {
        let document = lab.document.get();
        document.virtual_machines.ids().map(ToString::to_string).collect::<Vec<_>>()
    });
    let targets = Memo::new(move |_| suggestions(&lab.document.get(), &lab.network.get()));
    let edit = move |change: &dyn Fn(&mut Request)| lab.request.update(change);
    let ready = move || {
        lab.request.with(|request| !request.to.trim().is_empty()) && machines.with(|machines| !machines.is_empty())
    };
    view! {
        <form
            class="request"
            aria-label="Request"
            on:submit=move |event| {
                event.prevent_default();
                lab.send();
            }
        >
            <div class="request-fields">
                <select
                    class="from"
                    aria-label="From"
                    prop:value=move || {
                        machines.track();
                        lab.request.with(|request| request.from.to_string())
                    }
                    on:change=move |event| {
                        let value = dom::input_value(&event);
                        if let Ok(from) = value.parse() {
                            edit(&|request| request.from = topology::Id::clone(&from));
                        }
                    }
                >
                    <For each=move || machines.get() key=Clone::clone children=move |machine| option(lab, machine)/>
                </select>
                <span class="arrow" aria-hidden="true">"→"</span>
                <select
                    class="protocol"
                    aria-label="Protocol"
                    prop:value=move || lab.request.with(|request| request.protocol.to_string())
                    on:change=move |event| {
                        let value = dom::input_value(&event);
                        if let Some(protocol) = PROTOCOLS.into_iter().find(|protocol| protocol.to_string() == value) {
                            edit(&|request| {
                                request.protocol = protocol;
                                request.port = None;
                                request.insecure &= protocol == RequestProtocol::Https;
                            });
                        }
                    }
                >
                    {PROTOCOLS.map(|protocol| view! { <option value=protocol.to_string()>{protocol.to_string()}</option> })}
                </select>
                <span class="where">
                <input
                    class="target mono"
                    type="text"
                    aria-label="Target"
                    placeholder="name or address"
                    list="targets"
                    autocomplete="off"
                    spellcheck="false"
                    prop:value=move || lab.request.with(|request| request.to.to_string())
                    on:input=move |event| {
                        let value = dom::input_value(&event);
                        edit(&|request| request.to = value.trim().into());
                    }
                />
                <datalist id="targets">
                    <For each=move || targets.get() key=Clone::clone children=|target| view! { <option value=target></option> }/>
                </datalist>
                <span class="colon" aria-hidden="true">":"</span>
                <input
                    class="port mono"
                    type="text"
                    inputmode="numeric"
                    maxlength="5"
                    aria-label="Port"
                    prop:value=move || lab.request.with(|request| request.port().to_string())
                    on:change=move |event| {
                        let port = dom::input_value(&event).trim().parse().ok();
                        edit(&|request| request.port = port.filter(|port| *port != request.protocol.default_port()));
                    }
                />
                <Show when=move || lab.request.with(|request| request.protocol != RequestProtocol::Tcp)>
                    <input
                        class="path mono"
                        type="text"
                        aria-label="Path"
                        placeholder="/"
                        spellcheck="false"
                        prop:value=move || lab.request.with(|request| request.path().to_owned())
                        on:change=move |event| {
                            let value = dom::input_value(&event);
                            let path = value.trim().trim_start_matches('/').to_owned();
                            edit(&|request| request.path = (!path.is_empty()).then(|| format!("/{path}").into()));
                        }
                    />
                </Show>
                </span>
            </div>
            <Show when=move || lab.request.with(|request| request.protocol == RequestProtocol::Https)>
                <label class="check" title="Accept a certificate for another name, as curl -k does">
                    <input
                        type="checkbox"
                        prop:checked=move || lab.request.with(|request| request.insecure)
                        on:change=move |_| edit(&|request| request.insecure = !request.insecure)
                    />
                    <span class="long">"Ignore certificate "</span> <code>"-k"</code>
                </label>
            </Show>
            <button type="submit" class="primary send" disabled=move || !ready()>
                "Send request"
            </button>
        </form>
    }
    .into_any()
}

fn option(lab: Lab, machine: String) -> impl IntoView {
    let (value, mine) = (machine.clone(), machine.clone());
    view! {
        <option value=value selected=move || lab.request.with(|request| request.from.as_str() == mine)>
            {machine}
        </option>
    }
}
