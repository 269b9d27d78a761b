//! Where everything stands: tenants ▸ networks ▸ subnets ▸ cards, for any document.

mod align;
mod block;
mod labels;

use sim::Place;

use self::block::{Axis, Block, Inset, shelves};
use crate::card_text::CardText;
use crate::content::{Card, Content, Frame, NetworkContent, SiteContent, SubnetContent, TenantContent};
use crate::geometry::Rect;
use crate::text::TextMetrics;

pub(crate) use self::labels::{Label, Look};

/// Which way the diagram is longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Orientation {
    /// Tenants side by side.
    Landscape,
    /// Tenants one above the other, for phones.
    Portrait,
}

const CARD_HEIGHT: f64 = 64.0;
const DNS_HEIGHT: f64 = 52.0;
const CARD_GAP: f64 = 20.0;
/// Room for wires between cards of one subnet that talk to each other.
const RANK_GAP: f64 = 48.0;
const SUBNET_GAP: f64 = 20.0;
pub(crate) const NETWORK_GAP: f64 = 72.0;
const SERVICE_GAP: f64 = 52.0;
const ROW_GAP: f64 = 28.0;
/// Room between tenants for ribbons and their states.
pub(crate) const TENANT_GAP: f64 = 136.0;
const PORTRAIT_TENANT_GAP: f64 = 88.0;
/// Room for wires between a network and its tenant's frame when everything is stacked.
pub(crate) const PORTRAIT_PADDING: f64 = 32.0;
const MARGIN: f64 = 24.0;
/// A scene is never smaller than this, so that a packet's label fits into it.
const LEAST: (f64, f64) = (400.0, 240.0);

/// A card in its place.
#[derive(Clone, Debug)]
pub(crate) struct PlacedCard {
    pub(crate) card: Card,
    pub(crate) text: CardText,
    pub(crate) rect: Rect,
}

/// A frame in its place.
#[derive(Clone, Debug)]
pub(crate) struct PlacedFrame {
    pub(crate) frame: Frame,
    pub(crate) rect: Rect,
    /// How many frames it lies in.
    pub(crate) depth: usize,
}

/// An entry of the diagram in reading order.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Entry {
    Frame(usize),
    Card { card: usize, depth: usize },
}

#[derive(Clone, Debug)]
pub(crate) struct Layout {
    pub(crate) cards: Vec<PlacedCard>,
    /// Outer frames before inner ones.
    pub(crate) frames: Vec<PlacedFrame>,
    pub(crate) labels: Vec<Label>,
    pub(crate) order: Vec<Entry>,
    pub(crate) bounds: Rect,
}

impl Layout {
    /// Places the content. `pulls` says which cards want to stand above or below which places.
    pub(crate) fn of(
        content: Content,
        pulls: &[(Place, Place)],
        orientation: Orientation,
        metrics: &dyn TextMetrics,
    ) -> Self {
        let mut builder = Builder { orientation, metrics, cards: vec![], frames: vec![], order: vec![], rows: vec![] };
        let root = builder.root(content);
        let Builder { mut cards, mut frames, order, rows, .. } = builder;
        let mut card_rects = vec![Rect::default(); cards.len()];
        let mut frame_rects = vec![Rect::default(); frames.len()];
        let room = Rect::new(MARGIN, MARGIN, root.size.width, root.size.height);
        root.arrange(room, &mut card_rects, &mut frame_rects);
        for (frame, rect) in frames.iter_mut().zip(frame_rects) {
            frame.rect = rect;
        }
        for (card, rect) in cards.iter_mut().zip(card_rects) {
            card.rect = rect;
            card.text = card.text.fitted(rect.width, metrics);
        }
        align::align_rows(&mut cards, &frames, &rows, pulls);
        let labels = frames.iter().flat_map(|frame| labels::of(frame, metrics)).collect();
        let full = room.inflated(MARGIN);
        let bounds = Rect::new(full.x, full.y, full.width.max(LEAST.0), full.height.max(LEAST.1));
        Self { cards, frames, labels, order, bounds }
    }
}

/// Cards of a tenant that stand in one row outside its networks and may slide along it.
#[derive(Clone, Debug)]
struct FreeRow {
    frame: usize,
    cards: Vec<usize>,
}

struct Builder<'a> {
    orientation: Orientation,
    metrics: &'a dyn TextMetrics,
    cards: Vec<PlacedCard>,
    frames: Vec<PlacedFrame>,
    order: Vec<Entry>,
    rows: Vec<FreeRow>,
}

impl Builder<'_> {
    fn root(&mut self, content: Content) -> Block {
        let landscape = self.orientation == Orientation::Landscape;
        let sites: Vec<Block> = content.sites.into_iter().map(|site| self.site(site)).collect();
        let tenants: Vec<Block> = content.tenants.into_iter().map(|tenant| self.tenant(tenant)).collect();
        let axis = if landscape { Axis::Across } else { Axis::Down };
        let tenants = match (landscape, tenants.len()) {
            (true, 0..=2) => Block::line(axis, TENANT_GAP, tenants),
            (false, _) => Block::line(axis, PORTRAIT_TENANT_GAP, tenants),
            (true, _) => shelves(axis, TENANT_GAP, 1.8, tenants),
        };
        let width = self.widest(&content.public);
        let public = content.public.into_iter().map(|card| self.card_of_width(card, 0, CARD_HEIGHT, width));
        let public: Vec<Block> = public.collect();
        let gap = if landscape { TENANT_GAP } else { PORTRAIT_TENANT_GAP };
        let tenants = match sites.is_empty() {
            true => tenants,
            false => Block::line(axis, gap, vec![Block::line(Axis::Down, NETWORK_GAP, sites), tenants]),
        };
        if public.is_empty() {
            return tenants;
        }
        let public = if landscape {
            Block::line(Axis::Down, TENANT_GAP, public).apart().inset_by(64.0, 24.0)
        } else {
            Block::line(Axis::Across, CARD_GAP, public)
        };
        Block::line(axis, if landscape { NETWORK_GAP } else { SERVICE_GAP }, vec![tenants, public])
    }

    /// Machines one below the other, and beside them the devices that tunnels begin at.
    fn site(&mut self, content: SiteContent) -> Block {
        let frame = self.frame(content.frame, 0);
        let width = self.widest(&content.cards);
        let (machines, devices): (Vec<Card>, Vec<Card>) =
            content.cards.into_iter().partition(|card| card.kind == crate::content::CardKind::OnPremisesHost);
        let mut column = |cards: Vec<Card>| {
            let cards = cards.into_iter().map(|card| self.card_of_width(card, 1, CARD_HEIGHT, width));
            Block::line(Axis::Down, CARD_GAP, cards.collect())
        };
        let columns = [machines, devices].into_iter().filter(|cards| !cards.is_empty()).map(&mut column).collect();
        let inset = Inset { header: 44.0, padding: 20.0, min_width: self.header_width(frame) };
        Block::frame(frame, inset, Block::line(Axis::Across, RANK_GAP, columns))
    }

    fn tenant(&mut self, content: TenantContent) -> Block {
        let header = if content.frame.place.is_some() { 64.0 } else { 24.0 };
        let frame = self.frame(content.frame, 0);
        let mut rows = Vec::new();
        rows.extend(self.row(frame, content.zones));
        let gap = if content.networks.len() > 1 { NETWORK_GAP } else { SUBNET_GAP };
        let networks: Vec<Block> = content.networks.into_iter().map(|network| self.network(network)).collect();
        if !networks.is_empty() {
            rows.push(match self.orientation {
                Orientation::Landscape if networks.len() <= 3 => Block::line(Axis::Across, gap, networks),
                Orientation::Landscape => shelves(Axis::Across, gap, 1.6, networks),
                Orientation::Portrait => Block::line(Axis::Down, gap, networks),
            });
        }
        rows.extend(self.row(frame, content.services));
        let padding = if self.orientation == Orientation::Portrait { PORTRAIT_PADDING } else { 20.0 };
        let inset = Inset { header, padding, min_width: self.header_width(frame) };
        Block::frame(frame, inset, Block::line(Axis::Down, SERVICE_GAP, rows))
    }

    /// Cards of a tenant outside its networks.
    fn row(&mut self, frame: usize, cards: Vec<Card>) -> Option<Block> {
        if cards.is_empty() {
            return None;
        }
        let first = self.cards.len();
        let blocks: Vec<Block> = cards.into_iter().map(|card| self.card(card, 1, CARD_HEIGHT)).collect();
        let one_row = self.orientation == Orientation::Landscape && blocks.len() <= 5;
        if one_row {
            self.rows.push(FreeRow { frame, cards: (first..self.cards.len()).collect() });
            return Some(Block::line(Axis::Across, 2.0 * CARD_GAP, blocks));
        }
        Some(match self.orientation {
            Orientation::Landscape => shelves(Axis::Across, CARD_GAP, 5.0, blocks),
            Orientation::Portrait => shelves(Axis::Down, CARD_GAP, 0.9, blocks),
        })
    }

    fn network(&mut self, content: NetworkContent) -> Block {
        let frame = self.frame(content.frame, 1);
        let dns = content.dns.map(|card| self.card(card, 2, DNS_HEIGHT));
        let subnets: Vec<Block> = content.subnets.into_iter().map(|subnet| self.subnet(subnet)).collect();
        let subnets = match (self.orientation, subnets.len()) {
            (_, 0) => None,
            (Orientation::Portrait, _) | (Orientation::Landscape, 1..=3) => {
                Some(Block::line(Axis::Down, SUBNET_GAP, subnets))
            }
            (Orientation::Landscape, _) => Some(shelves(Axis::Down, SUBNET_GAP, 1.2, subnets)),
        };
        let inset = Inset { header: 44.0, padding: 16.0, min_width: self.header_width(frame) };
        let content = match self.orientation {
            // Beside the subnets the resolver costs no height, which is what a wide screen has least of.
            Orientation::Landscape => {
                let dns = dns.map(|dns| Block::line(Axis::Down, SUBNET_GAP, vec![dns]).apart());
                Block::line(Axis::Across, CARD_GAP, subnets.into_iter().chain(dns).collect())
            }
            Orientation::Portrait => Block::line(Axis::Down, SUBNET_GAP, dns.into_iter().chain(subnets).collect()),
        };
        Block::frame(frame, inset, content)
    }

    fn subnet(&mut self, content: SubnetContent) -> Block {
        let frame = self.frame(content.frame, 2);
        let width = self.widest(&content.cards);
        let downwards = content.downwards || self.orientation == Orientation::Portrait;
        let mut ranks: Vec<(crate::content::CardKind, Vec<Block>)> = Vec::new();
        for card in content.cards {
            let kind = card.kind;
            let block = self.card_of_width(card, 3, CARD_HEIGHT, width);
            match ranks.last_mut() {
                Some((last, blocks)) if *last == kind => blocks.push(block),
                _ => ranks.push((kind, vec![block])),
            }
        }
        let groups: Vec<Block> = ranks
            .into_iter()
            .map(|(_, blocks)| match (self.orientation, downwards, blocks.len()) {
                (Orientation::Portrait, _, _) => shelves(Axis::Across, CARD_GAP, 1.4, blocks),
                (_, true, 0..=3) => Block::line(Axis::Across, CARD_GAP, blocks),
                (_, false, 0..=3) => Block::line(Axis::Down, CARD_GAP, blocks),
                (_, true, _) => shelves(Axis::Across, CARD_GAP, 2.6, blocks),
                (_, false, _) => shelves(Axis::Down, CARD_GAP, 1.2, blocks),
            })
            .collect();
        let content = if downwards {
            Block::line(Axis::Down, ROW_GAP, groups)
        } else {
            Block::line(Axis::Across, RANK_GAP, groups)
        };
        let inset = Inset { header: 40.0, padding: 24.0, min_width: self.header_width(frame).max(196.0) };
        Block::frame(frame, inset, content)
    }

    fn frame(&mut self, frame: Frame, depth: usize) -> usize {
        self.frames.push(PlacedFrame { frame, rect: Rect::default(), depth });
        let index = self.frames.len() - 1;
        self.order.push(Entry::Frame(index));
        index
    }

    fn header_width(&self, frame: usize) -> f64 {
        labels::header_width(&self.frames[frame].frame, self.metrics)
    }

    fn widest(&self, cards: &[Card]) -> f64 {
        cards.iter().map(|card| CardText::of(card).width(self.metrics)).fold(0.0, f64::max)
    }

    fn card(&mut self, card: Card, depth: usize, height: f64) -> Block {
        let width = CardText::of(&card).width(self.metrics);
        self.card_of_width(card, depth, height, width)
    }

    fn card_of_width(&mut self, card: Card, depth: usize, height: f64, width: f64) -> Block {
        let text = CardText::of(&card);
        self.cards.push(PlacedCard { card, text, rect: Rect::default() });
        let index = self.cards.len() - 1;
        self.order.push(Entry::Card { card: index, depth });
        Block::card(index, width, height)
    }
}
