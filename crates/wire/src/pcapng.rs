//! Writing pcapng captures (draft-ietf-opsawg-pcapng): one section, any number of interfaces, packets with comments.

/// Block types (draft-ietf-opsawg-pcapng §4.1, §4.2, §4.3).
const SECTION_HEADER: u32 = 0x0a0d_0d0a;
const INTERFACE_DESCRIPTION: u32 = 1;
const ENHANCED_PACKET: u32 = 6;

/// Tells the byte order of the section (§4.1).
const BYTE_ORDER_MAGIC: u32 = 0x1a2b_3c4d;
/// A section of unknown length (§4.1).
const LENGTH_UNKNOWN: [u8; 8] = [0xff; 8];
/// `LINKTYPE_ETHERNET` (§4.2).
const ETHERNET: u16 = 1;

/// Option codes: of all blocks (§3.5), section header (§4.1), interface (§4.2), packet (§4.3).
mod option {
    pub(super) const END: u16 = 0;
    pub(super) const COMMENT: u16 = 1;
    pub(super) const USER_APPLICATION: u16 = 4;
    pub(super) const NAME: u16 = 2;
    pub(super) const DESCRIPTION: u16 = 3;
    pub(super) const PACKET_FLAGS: u16 = 2;
}

/// Which way a packet passes its interface (§4.3.1, flags word).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// It arrives.
    Inbound,
    /// It leaves.
    Outbound,
}

/// An interface of the capture, by the order of their description.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interface(u32);

/// A packet of the capture.
#[derive(Clone, Copy, Debug)]
pub struct Packet<'a> {
    /// Where it was seen.
    pub interface: Interface,
    /// When, in microseconds since 1970-01-01.
    pub timestamp_us: u64,
    /// Which way.
    pub direction: Direction,
    /// The Ethernet frame.
    pub frame: &'a [u8],
    /// Remarks about it.
    pub comments: &'a [String],
}

/// A capture under way.
#[derive(Clone, Debug)]
pub struct Writer {
    bytes: Vec<u8>,
    n_interfaces: u32,
}

impl Writer {
    /// Begins a capture made by an application.
    #[must_use]
    pub fn new(application: &str) -> Self {
        let mut body = Vec::new();
        body.extend(BYTE_ORDER_MAGIC.to_le_bytes());
        // Version 1.0.
        body.extend([1, 0, 0, 0]);
        body.extend(LENGTH_UNKNOWN);
        add_text(&mut body, option::USER_APPLICATION, application);
        end_options(&mut body);
        let mut writer = Self { bytes: Vec::new(), n_interfaces: 0 };
        writer.block(SECTION_HEADER, &body);
        writer
    }

    /// Describes one more interface. Its packets have timestamps in microseconds, the default (§4.2, `if_tsresol`).
    pub fn interface(&mut self, name: &str, description: &str) -> Interface {
        let mut body = Vec::new();
        body.extend(ETHERNET.to_le_bytes());
        body.extend([0; 2]);
        // A snap length of zero: packets are whole.
        body.extend([0; 4]);
        add_text(&mut body, option::NAME, name);
        add_text(&mut body, option::DESCRIPTION, description);
        end_options(&mut body);
        self.block(INTERFACE_DESCRIPTION, &body);
        self.n_interfaces += 1;
        Interface(self.n_interfaces - 1)
    }

    /// Adds a packet.
    pub fn packet(&mut self, packet: &Packet<'_>) {
        let length = u32::try_from(packet.frame.len()).unwrap_or(u32::MAX);
        let timestamp = packet.timestamp_us.to_le_bytes();
        let mut body = Vec::with_capacity(packet.frame.len() + 64);
        body.extend(packet.interface.0.to_le_bytes());
        body.extend(&timestamp[4..]);
        body.extend(&timestamp[..4]);
        body.extend(length.to_le_bytes());
        body.extend(length.to_le_bytes());
        body.extend(packet.frame);
        pad(&mut body);
        for comment in packet.comments {
            add_text(&mut body, option::COMMENT, comment);
        }
        let direction: u32 = match packet.direction {
            Direction::Inbound => 1,
            Direction::Outbound => 2,
        };
        add_option(&mut body, option::PACKET_FLAGS, &direction.to_le_bytes());
        end_options(&mut body);
        self.block(ENHANCED_PACKET, &body);
    }

    /// The file.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        self.bytes
    }

    /// Type, length, body, length (§3.1). The body is a multiple of four bytes long.
    fn block(&mut self, block_type: u32, body: &[u8]) {
        let length = u32::try_from(body.len() + 12).unwrap_or(u32::MAX).to_le_bytes();
        self.bytes.extend(block_type.to_le_bytes());
        self.bytes.extend(length);
        self.bytes.extend(body);
        self.bytes.extend(length);
    }
}

/// A text option; one that is too long is cut between characters.
fn add_text(body: &mut Vec<u8>, code: u16, text: &str) {
    add_option(body, code, &text.as_bytes()[..text.floor_char_boundary(usize::from(u16::MAX))]);
}

/// Code, length, value (§3.5).
fn add_option(body: &mut Vec<u8>, code: u16, value: &[u8]) {
    body.extend(code.to_le_bytes());
    body.extend(u16::try_from(value.len()).expect("a text is cut to fit").to_le_bytes());
    body.extend(value);
    pad(body);
}

fn end_options(body: &mut Vec<u8>) {
    body.extend(option::END.to_le_bytes());
    body.extend([0, 0]);
}

fn pad(body: &mut Vec<u8>) {
    body.resize(body.len().next_multiple_of(4), 0);
}
