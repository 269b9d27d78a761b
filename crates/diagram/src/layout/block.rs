//! Nested boxes: measured from the inside out, arranged from the outside in. Everything lands on a 4 px grid.

use crate::geometry::Rect;

/// The grid.
pub(crate) const GRID: f64 = 4.0;

pub(crate) fn up_to_grid(value: f64) -> f64 {
    (value / GRID).ceil() * GRID
}

fn down_to_grid(value: f64) -> f64 {
    (value / GRID).floor() * GRID
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Axis {
    Across,
    Down,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Size {
    pub(crate) width: f64,
    pub(crate) height: f64,
}

impl Size {
    fn along(self, axis: Axis) -> f64 {
        match axis {
            Axis::Across => self.width,
            Axis::Down => self.height,
        }
    }
}

/// What surrounds a frame's content.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Inset {
    pub(crate) header: f64,
    pub(crate) padding: f64,
    pub(crate) min_width: f64,
}

#[derive(Clone, Debug)]
pub(crate) struct Block {
    pub(crate) size: Size,
    kind: BlockKind,
}

#[derive(Clone, Debug)]
enum BlockKind {
    Card(usize),
    Frame { frame: usize, inset: Inset, content: Box<Block> },
    Line { axis: Axis, gap: f64, apart: bool, children: Vec<Block> },
    Inset { top: f64, bottom: f64, content: Box<Block> },
}

impl Block {
    pub(crate) fn card(card: usize, width: f64, height: f64) -> Self {
        Self { size: Size { width: up_to_grid(width), height: up_to_grid(height) }, kind: BlockKind::Card(card) }
    }

    pub(crate) fn frame(frame: usize, inset: Inset, content: Self) -> Self {
        let width = (content.size.width + 2.0 * inset.padding).max(inset.min_width);
        let height = content.size.height + inset.header + inset.padding;
        let size = Size { width: up_to_grid(width), height: up_to_grid(height) };
        Self { size, kind: BlockKind::Frame { frame, inset, content: Box::new(content) } }
    }

    pub(crate) fn line(axis: Axis, gap: f64, children: Vec<Self>) -> Self {
        let along: f64 = children.iter().map(|child| child.size.along(axis)).sum();
        #[expect(clippy::cast_precision_loss, reason = "a line has far fewer than 2^52 children")]
        let gaps = gap * children.len().saturating_sub(1) as f64;
        let cross = |axis| children.iter().map(|child| child.size.along(axis)).fold(0.0, f64::max);
        let size = match axis {
            Axis::Across => Size { width: along + gaps, height: cross(Axis::Down) },
            Axis::Down => Size { width: cross(Axis::Across), height: along + gaps },
        };
        Self { size, kind: BlockKind::Line { axis, gap, apart: false, children } }
    }

    /// A line whose spare room goes between its children.
    pub(crate) fn apart(self) -> Self {
        let kind = match self.kind {
            BlockKind::Line { axis, gap, children, .. } => BlockKind::Line { axis, gap, apart: true, children },
            kind @ (BlockKind::Card(_) | BlockKind::Frame { .. } | BlockKind::Inset { .. }) => kind,
        };
        Self { kind, ..self }
    }

    /// With free room above and below.
    pub(crate) fn inset_by(self, top: f64, bottom: f64) -> Self {
        let size = Size { width: self.size.width, height: self.size.height + top + bottom };
        Self { size, kind: BlockKind::Inset { top, bottom, content: Box::new(self) } }
    }

    fn stretches(&self) -> bool {
        match &self.kind {
            BlockKind::Card(_) => false,
            BlockKind::Frame { .. } => true,
            BlockKind::Line { apart, children, .. } => *apart || children.iter().any(Self::stretches),
            BlockKind::Inset { content, .. } => content.stretches(),
        }
    }

    /// Gives every card and frame within its rectangle.
    pub(crate) fn arrange(&self, room: Rect, cards: &mut [Rect], frames: &mut [Rect]) {
        match &self.kind {
            BlockKind::Card(card) => cards[*card] = Rect::new(room.x, room.y, self.size.width, self.size.height),
            BlockKind::Frame { frame, inset, content } => {
                frames[*frame] = room;
                let inner = Rect::new(
                    room.x + inset.padding,
                    room.y + inset.header,
                    room.width - 2.0 * inset.padding,
                    room.height - inset.header - inset.padding,
                );
                content.arrange(content.placed_in(inner), cards, frames);
            }
            BlockKind::Inset { top, bottom, content } => {
                let inner = Rect::new(room.x, room.y + top, room.width, room.height - top - bottom);
                content.arrange(content.placed_in(inner), cards, frames);
            }
            BlockKind::Line { axis, gap, apart, children } => {
                let extra = match axis {
                    Axis::Across => room.width - self.size.width,
                    Axis::Down => room.height - self.size.height,
                };
                let line = Line { axis: *axis, gap: *gap, apart: *apart, extra, children };
                line.arrange(room, cards, frames);
            }
        }
    }

    /// Where this block goes in a room at least as large: all of it, or the middle.
    fn placed_in(&self, room: Rect) -> Rect {
        if self.stretches() {
            return room;
        }
        let x = room.x + down_to_grid((room.width - self.size.width) / 2.0);
        let y = room.y + down_to_grid((room.height - self.size.height) / 2.0);
        Rect::new(x, y, self.size.width, self.size.height)
    }
}

/// Children in a row or column with `extra` room to give away.
struct Line<'a> {
    axis: Axis,
    gap: f64,
    apart: bool,
    extra: f64,
    children: &'a [Block],
}

impl Line<'_> {
    fn arrange(&self, room: Rect, cards: &mut [Rect], frames: &mut [Rect]) {
        let n_stretching = self.children.iter().filter(|child| child.stretches()).count();
        let last_stretching = self.children.iter().rposition(Block::stretches);
        let (mut between, mut growth, mut left_over, mut before) = (0.0, 0.0, 0.0, 0.0);
        if self.apart {
            between = self.share(self.children.len().saturating_sub(1));
        } else if n_stretching > 0 {
            (growth, left_over) = (self.share(n_stretching), self.extra);
        } else {
            before = down_to_grid(self.extra / 2.0);
        }
        let mut at = before
            + match self.axis {
                Axis::Across => room.x,
                Axis::Down => room.y,
            };
        for (index, child) in self.children.iter().enumerate() {
            let mut length = child.size.along(self.axis);
            if child.stretches() && !self.apart {
                let grow = if Some(index) == last_stretching { left_over } else { growth };
                length += grow;
                left_over -= grow;
            }
            let slot = match self.axis {
                Axis::Across => Rect::new(at, room.y, length, room.height),
                Axis::Down => Rect::new(room.x, at, room.width, length),
            };
            child.arrange(child.placed_in(slot), cards, frames);
            at += length + self.gap + between;
        }
    }

    fn share(&self, n: usize) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a line has far fewer than 2^52 children")]
        let n = n.max(1) as f64;
        down_to_grid(self.extra / n)
    }
}

/// Blocks in as many lines as come closest to a proportion of width to height.
pub(crate) fn shelves(axis: Axis, gap: f64, proportion: f64, children: Vec<Block>) -> Block {
    let n = children.len();
    let (mut best, mut best_cost) = (n.max(1), f64::INFINITY);
    for per_line in 1..=n.min(64) {
        let (mut along, mut cross) = (0.0_f64, -gap);
        for line in children.chunks(per_line) {
            #[expect(clippy::cast_precision_loss, reason = "a line has far fewer than 2^52 children")]
            let gaps = gap * (line.len() - 1) as f64;
            along = along.max(line.iter().map(|block| block.size.along(axis)).sum::<f64>() + gaps);
            let other = if axis == Axis::Across { Axis::Down } else { Axis::Across };
            cross += line.iter().map(|block| block.size.along(other)).fold(0.0, f64::max) + gap;
        }
        let (width, height) = if axis == Axis::Across { (along, cross) } else { (cross, along) };
        let cost = (width / height.max(1.0) / proportion).ln().abs();
        if cost < best_cost - 1e-9 {
            (best, best_cost) = (per_line, cost);
        }
    }
    if best >= n {
        return Block::line(axis, gap, children);
    }
    let other = if axis == Axis::Across { Axis::Down } else { Axis::Across };
    let mut lines = Vec::new();
    let mut rest = children.into_iter().peekable();
    while rest.peek().is_some() {
        lines.push(Block::line(axis, gap, rest.by_ref().take(best).collect()));
    }
    Block::line(other, gap, lines)
}
