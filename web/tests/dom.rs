//! What the browser must give back and when, tried in one.
#![cfg(target_arch = "wasm32")]

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web::dom::{FrameLoop, NextFrame, fetch_text, load, save};

wasm_bindgen_test_configure!(run_in_browser);

/// Waits until the browser has painted twice.
async fn two_frames() {
    for _ in 0..2 {
        let promise = js_sys::Promise::new(&mut |resolve, _| {
            let window = web_sys::window().expect("tests run in a window");
            let _ = window.request_animation_frame(&resolve);
        });
        let _ = wasm_bindgen_futures::JsFuture::from(promise).await;
    }
}

fn counting(next: impl Fn(u32) -> NextFrame + 'static) -> (FrameLoop, Rc<Cell<u32>>) {
    let painted = Rc::new(Cell::new(0));
    let count = Rc::clone(&painted);
    let frames = FrameLoop::new(move |_| {
        count.set(count.get() + 1);
        next(count.get())
    });
    (frames, painted)
}

#[wasm_bindgen_test]
async fn many_requests_give_one_frame() {
    let (frames, painted) = counting(|_| NextFrame::Idle);
    for _ in 0..50 {
        frames.request();
    }
    two_frames().await;
    assert_eq!(painted.get(), 1);
}

#[wasm_bindgen_test]
async fn frames_go_on_only_while_they_are_wanted() {
    let (frames, painted) = counting(|n| if n < 2 { NextFrame::Wanted } else { NextFrame::Idle });
    frames.request();
    two_frames().await;
    two_frames().await;
    assert_eq!(painted.get(), 2);
}

#[wasm_bindgen_test]
async fn a_dropped_loop_paints_no_more() {
    let (frames, painted) = counting(|_| NextFrame::Wanted);
    frames.request();
    drop(frames);
    two_frames().await;
    assert_eq!(painted.get(), 0);
}

#[wasm_bindgen_test]
fn what_is_saved_is_there_again() {
    assert!(save("private-link-lab/test", "kept"));
    assert_eq!(load("private-link-lab/test").as_deref(), Some("kept"));
    assert_eq!(load("private-link-lab/never-saved"), None);
}

#[wasm_bindgen_test]
async fn a_file_that_is_not_there_is_none() {
    assert_eq!(fetch_text("no-such-file.json").await, None);
}
