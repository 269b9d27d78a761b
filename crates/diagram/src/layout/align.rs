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
        // In document order, whatever they are drawn to: an edit must not make cards change places.
        let widths: Vec<f64> = row.cards.iter().map(|card| cards[*card].rect.width).collect();
        let middles: Vec<f64> = row.cards.iter().map(|card| wanted_middle(&cards[*card], &middles, pulls)).collect();
        let room = frames[row.frame].rect.inflated(-PADDING);
        for (card, left) in row.cards.iter().zip(spread(&widths, &middles, room.x, room.right())) {
            cards[*card].rect.x = left;
        }
    }
}

/// The left edges of boxes in this order, each as near to its wanted middle as the others allow: neighbours that
/// want the same spot stand around it.
fn spread(widths: &[f64], middles: &[f64], from: f64, to: f64) -> Vec<f64> {
    // Without the room the boxes before it take, each box wants one position, and positions must not decrease:
    // neighbours that would are pooled at their mean.
    let mut pools: Vec<(f64, f64)> = Vec::new();
    let mut taken = 0.0;
    for (width, middle) in widths.iter().zip(middles) {
        let mut pool = (middle - width / 2.0 - taken, 1.0);
        while let Some((wanted, n)) = pools.pop_if(|(wanted, _)| *wanted > pool.0) {
            pool = ((wanted * n + pool.0 * pool.1) / (n + pool.1), n + pool.1);
        }
        pools.push(pool);
        taken += width + CARD_GAP;
    }
    let last = (to - taken + CARD_GAP).max(from);
    let positions = pools.iter().flat_map(|(wanted, n)| {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "n counts the boxes of a row")]
        std::iter::repeat_n(up_to_grid(*wanted).clamp(from, last), *n as usize)
    });
    let mut before = 0.0;
    positions
        .zip(widths)
        .map(|(position, width)| {
            let left = position + before;
            before += width + CARD_GAP;
            left
        })
        .collect()
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

#[cfg(test)]
mod tests {
    use super::spread;

    #[test]
    fn boxes_that_want_the_same_spot_stand_around_it() {
        assert_eq!(spread(&[100.0, 100.0], &[200.0, 200.0], 0.0, 1000.0), [92.0, 212.0]);
    }

    #[test]
    fn a_box_that_is_not_crowded_stands_where_it_wants() {
        assert_eq!(spread(&[100.0, 100.0], &[100.0, 700.0], 0.0, 1000.0), [52.0, 652.0]);
    }

    #[test]
    fn boxes_keep_their_order_and_their_room() {
        let lefts = spread(&[100.0, 100.0, 100.0], &[900.0, 50.0, 990.0], 0.0, 1000.0);
        assert!(lefts.windows(2).all(|pair| pair[1] - pair[0] >= 120.0), "{lefts:?}");
        assert!(lefts[0] >= 0.0 && lefts[2] <= 900.0, "{lefts:?}");
    }
}
