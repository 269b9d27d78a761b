//! Slides zones and platform services along their row to stand over and under what they belong to.

use std::collections::BTreeMap;

use sim::Place;

use super::block::up_to_grid;
use super::{CARD_GAP, FreeRow, PlacedCard, PlacedFrame};

/// How far cards keep from their tenant's frame.
const PADDING: f64 = 20.0;

pub(super) fn align_rows(cards: &mut [PlacedCard], frames: &[PlacedFrame], rows: &[FreeRow], pulls: &[(Place, Place)]) {
    let mut middles: BTreeMap<&Place, f64> = BTreeMap::new();
    for frame in frames {
        middles.extend(frame.frame.place.as_ref().map(|place| (place, frame.rect.center().x)));
    }
    let places: Vec<(Place, f64)> = cards.iter().map(|card| (card.card.place.clone(), card.rect.center().x)).collect();
    middles.extend(places.iter().map(|(place, x)| (place, *x)));

    for row in rows {
        let mut wanted: Vec<(usize, f64)> =
            row.cards.iter().map(|card| (*card, wanted_middle(&cards[*card], &middles, pulls))).collect();
        wanted.sort_by(|(_, a), (_, b)| a.total_cmp(b));
        let room = frames[row.frame].rect.inflated(-PADDING);
        let mut right_limit = room.right();
        let mut lefts: Vec<f64> = Vec::with_capacity(wanted.len());
        let mut left_limit = room.x;
        for (card, middle) in &wanted {
            let width = cards[*card].rect.width;
            let left = up_to_grid(middle - width / 2.0).max(left_limit);
            lefts.push(left);
            left_limit = left + width + CARD_GAP;
        }
        for ((card, _), left) in wanted.iter().zip(&mut lefts).rev() {
            let width = cards[*card].rect.width;
            *left = left.min(right_limit - width);
            right_limit = *left - CARD_GAP;
        }
        for ((card, _), left) in wanted.iter().zip(lefts) {
            cards[*card].rect.x = left;
        }
    }
}

/// The mean of what pulls at a card; where it stands when nothing does.
fn wanted_middle(card: &PlacedCard, middles: &BTreeMap<&Place, f64>, pulls: &[(Place, Place)]) -> f64 {
    let place = &card.card.place;
    let towards = pulls.iter().filter(|(from, _)| from == place).filter_map(|(_, to)| middles.get(to));
    let (mut sum, mut n) = (0.0, 0.0);
    for middle in towards {
        sum += middle;
        n += 1.0;
    }
    if n > 0.0 { sum / n } else { card.rect.center().x }
}
