//! What a person at the controls can rely on.

use proptest::prelude::*;
use sim::trace::{DropCause, Event, Outcome, Phase, Place, Step, Trace};

use crate::{Marker, Player, Timeline};

fn place(name: &str) -> Place {
    Place::Resource(name.parse().unwrap())
}

fn step(at: &str, via: &[&str], event: Event) -> Step {
    Step {
        phase: Phase::Connect,
        at: place(at),
        via: via.iter().map(|name| place(name)).collect(),
        event,
        before: None,
        after: None,
        rewrites: vec![],
        sources: vec![],
        assumptions: vec![],
    }
}

fn hop() -> Event {
    Event::GuestAccepted { service: "IIS".into(), socket: wire_socket() }
}

fn rewrite() -> Event {
    Event::OutboundTranslated { public: wire_socket() }
}

fn wire_socket() -> wire::packet::Socket {
    wire::packet::Socket::new(std::net::Ipv4Addr::LOCALHOST, 80)
}

/// client → (endpoint) → service, rewritten there, then a drop at the backend.
fn trace() -> Trace {
    let cause = DropCause::ConnectionRefused { port: 80 };
    Trace {
        request: serde_json::from_str(r#"{"from": "client", "to": "10.0.0.4"}"#).unwrap(),
        steps: vec![
            step("client", &[], hop()),
            step("service", &["endpoint"], rewrite()),
            step("service", &[], hop()),
            step("backend", &[], Event::Dropped { cause: cause.clone() }),
        ],
        outcome: Outcome::Dropped { cause, at: place("backend") },
    }
}

#[test]
fn the_packet_travels_where_the_place_changes_and_passes_what_lies_between() {
    let timeline = Timeline::new(&trace());
    let routes: Vec<usize> = timeline.slots().iter().map(|slot| slot.route.len()).collect();
    assert_eq!(routes, [1, 3, 1, 2]);
    let moving: Vec<bool> = timeline.slots().iter().map(|slot| slot.travel_ms > 0.0).collect();
    assert_eq!(moving, [false, true, false, true]);
    assert!(timeline.slots()[1].travel_ms > timeline.slots()[3].travel_ms, "a longer way takes longer");
}

#[test]
fn slots_follow_each_other_without_gap() {
    let timeline = Timeline::new(&trace());
    for pair in timeline.slots().windows(2) {
        assert!((pair[0].end_ms() - pair[1].start_ms).abs() < 1e-9);
    }
    assert!((timeline.slots()[3].end_ms() - timeline.duration_ms()).abs() < 1e-9);
}

#[test]
fn a_rewrite_and_a_drop_are_marked_as_such() {
    let markers: Vec<Marker> = Timeline::new(&trace()).slots().iter().map(|slot| slot.marker).collect();
    assert_eq!(markers, [Marker::Hop, Marker::Rewrite, Marker::Hop, Marker::Drop]);
}

#[test]
fn stepping_forward_and_back_shows_every_step_and_stops_at_the_ends() {
    let mut player = Player::new(Timeline::new(&trace()));
    player.step_forward();
    assert_eq!(player.step(), 0, "the first step is shown before the second");
    for expected in [1, 2, 3, 3] {
        player.step_forward();
        assert_eq!(player.step(), expected);
    }
    assert!(player.is_at_end());
    for expected in [2, 1, 0, 0] {
        player.step_back();
        assert_eq!(player.step(), expected);
    }
}

#[test]
fn jumping_stops_at_rewrites_answers_and_drops_only() {
    let mut player = Player::new(Timeline::new(&trace()));
    player.next_interesting();
    assert_eq!(player.step(), 1);
    player.next_interesting();
    assert_eq!(player.step(), 3);
    player.previous_interesting();
    assert_eq!(player.step(), 1);
}

#[test]
fn playing_reaches_the_end_stops_there_and_starts_over() {
    let mut player = Player::new(Timeline::new(&trace()));
    player.play();
    while player.is_playing() {
        player.advance(50.0);
    }
    assert!(player.is_at_end());
    player.play();
    assert!(player.is_playing() && player.time_ms() < 1.0);
}

#[test]
fn twice_the_pace_takes_half_the_time() {
    let frames = |pace: crate::Pace| {
        let mut player = Player::new(Timeline::new(&trace()));
        player.set_pace(pace);
        player.play();
        let mut count = 0;
        while player.is_playing() {
            player.advance(1.0);
            count += 1;
        }
        f64::from(count)
    };
    let ratio = frames(crate::Pace::NORMAL) / frames(crate::Pace::NORMAL.faster());
    assert!((ratio - 2.0).abs() < 0.01, "{ratio}");
}

#[test]
fn without_motion_only_settled_moments_are_shown() {
    let mut player = Player::new(Timeline::new(&trace()));
    player.set_stepwise(true);
    player.play();
    let mut shown = vec![];
    while player.is_playing() {
        let moment = player.timeline().at(player.time_ms()).unwrap();
        assert!(moment.travel >= 1.0 && moment.dwell > 0.5, "{moment:?}");
        shown.push(moment.step);
        player.advance(100.0);
    }
    shown.dedup();
    assert_eq!(shown, [0, 1, 2, 3]);
}

proptest! {
    #[test]
    fn the_same_instant_is_the_same_moment_however_one_got_there(
        target in 0.0_f64..12_000.0,
        detour in proptest::collection::vec(0.0_f64..12_000.0, 0..6),
    ) {
        let mut direct = Player::new(Timeline::new(&trace()));
        direct.seek(target);
        let mut wandering = Player::new(Timeline::new(&trace()));
        for time in detour {
            wandering.seek(time);
        }
        wandering.seek(target);
        prop_assert_eq!(direct.timeline().at(direct.time_ms()), wandering.timeline().at(wandering.time_ms()));
    }

    #[test]
    fn the_ordinal_axis_never_runs_backwards(a in 0.0_f64..12_000.0, b in 0.0_f64..12_000.0) {
        let timeline = Timeline::new(&trace());
        let (earlier, later) = (a.min(b), a.max(b));
        prop_assert!(timeline.ordinal(earlier) <= timeline.ordinal(later));
    }

    #[test]
    fn a_whole_number_on_the_axis_is_that_step_fully_shown(step in 0_usize..4) {
        let timeline = Timeline::new(&trace());
        let moment = timeline.at(timeline.time_at(step as f64)).unwrap();
        prop_assert_eq!((moment.step, moment.travel >= 1.0), (step, true));
    }

    #[test]
    fn a_place_between_two_steps_is_the_packet_on_its_way(fraction in 0.01_f64..0.99) {
        let timeline = Timeline::new(&trace());
        let moment = timeline.at(timeline.time_at(fraction)).unwrap();
        prop_assert_eq!(moment.step, 1);
        prop_assert!((moment.travel - fraction).abs() < 1e-9);
    }
}

#[test]
fn a_loop_begins_again_after_the_end_and_without_one_it_stops_there() {
    let mut player = Player::new(Timeline::new(&trace()));
    let whole = player.timeline().duration_ms() + 1.0;
    player.play();
    player.advance(whole);
    assert!(!player.is_playing() && player.is_at_end());
    player.set_looping(true);
    player.play();
    player.advance(whole);
    assert!(player.is_playing());
    assert_eq!(player.step(), 0);
}
