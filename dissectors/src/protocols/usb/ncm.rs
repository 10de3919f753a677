//! CDC NCM (USB CDC Network Control Model 1.0, section 3): several frames of Ethernet in one
//! transfer, to and from a device on USB that plays a network card.
//!
//! ```text
//!   head      "NCMH" │ length ×2 │ sequence ×2 │ block ×2 │ table ×2     "ncmh": block and table ×4
//!   table     "NCM0" │ length ×2 │ next table ×2 │ (index ×2 │ length ×2) … │ 0 0
//!             "ncm0" │ length ×2 │ 0 ×2 │ next ×4 │ 0 ×4 │ (index ×4 │ length ×4) … │ 0 0
//!   frames    wherever the tables say; "NCM1" and "ncm1": a checksum ends each
//! ```
//!
//! Numbers are little-endian, and places count from the head. A transfer belongs to one flow, that
//! of its first frame; what the others carry is told as packets inside it. Wireshark has no fields
//! for it but those of its relative MBIM, with numbers of 16 bits.

use etherparse::EtherType;

use crate::field::{FieldDef, FieldId, Value};
use crate::fields;
use crate::headers::{Found, Next, Part, Walk};
use crate::limits::{MAX_NCM_FRAMES, MAX_NCM_TABLES};
use crate::protocol::Protocol;
use crate::sink::Severity;

fields! { "ncm", "NCM";
    PROTO = FieldDef::group("ncm", "USB CDC Network Control Model"),
    SIGNATURE = FieldDef::text("ncm.nth.signature", "Signature"),
    HEADER_LENGTH = FieldDef::u16("ncm.nth.header_length", "Header Length").computed(),
    SEQUENCE = FieldDef::u16("ncm.nth.sequence_number", "Sequence Number").computed(),
    BLOCK = FieldDef::u32("ncm.nth.block_length", "Block Length").computed(),
    TABLE_AT = FieldDef::u32("ncm.nth.ndp_index", "NDP Index").computed(),
    TABLE = FieldDef::group("ncm.ndp", "Datagram Pointers"),
    TABLE_SIGNATURE = FieldDef::text("ncm.ndp.signature", "Signature"),
    TABLE_LENGTH = FieldDef::u16("ncm.ndp.length", "Length").computed(),
    NEXT_TABLE = FieldDef::u32("ncm.ndp.next_ndp_index", "Next NDP Index").computed(),
    DATAGRAM = FieldDef::group("ncm.ndp.datagram", "Datagram"),
    INDEX = FieldDef::u32("ncm.ndp.datagram.index", "Datagram Index").computed(),
    LENGTH = FieldDef::u32("ncm.ndp.datagram.length", "Datagram Length").computed(),
    CHECK = FieldDef::u32("ncm.ndp.datagram.crc", "CRC").hex().computed(),
}

/// Which of the two forms: how long its parts are, and the places of what the head holds.
#[derive(Clone, Copy)]
struct Form {
    /// Bytes of the head, which also says it itself.
    head: usize,
    /// Bytes of a table before its entries.
    table: usize,
    /// Bytes of a place and of a length.
    number: usize,
    /// Where a table says where the next one is.
    next: usize,
    /// How tables of frames begin: without a checksum, and with one.
    tables: [&'static [u8; 4]; 2],
}

const SHORT: Form = Form { head: 12, table: 8, number: 2, next: 6, tables: [b"NCM0", b"NCM1"] };
const LONG: Form = Form { head: 16, table: 16, number: 4, next: 8, tables: [b"ncm0", b"ncm1"] };

/// Where the length of the block stands.
const BLOCK_AT: usize = 8;

/// The least that Ethernet has, and the length of the checksum behind it.
const ETHERNET: usize = 14;
const CRC: usize = 4;

/// CDC NCM.
pub struct Ncm;

impl Protocol for Ncm {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["USB CDC NCM 1.0"]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        let block = Block::read(&part)?;
        Some(block.describe(walk))
    }
}

/// What a transfer holds.
pub(super) struct Block<'a> {
    form: Form,
    part: Part<'a>,
}

impl<'a> Block<'a> {
    /// The block in a transfer, where its head is one and its lengths agree with the transfer's.
    pub(super) fn read(part: &Part<'a>) -> Option<Self> {
        let form = match part.get(0, 4)? {
            b"NCMH" => SHORT,
            b"ncmh" => LONG,
            _ => return None,
        };
        part.little(4, 2).filter(|len| *len as usize == form.head)?;
        // A block of no length ends with its transfer (section 3.2.1).
        let len = match part.little(BLOCK_AT, form.number)? as usize {
            0 => part.wire,
            len => len,
        };
        let fits = (form.head..=part.wire).contains(&len);
        fits.then(|| Self { form, part: part.upto(len) })
    }

    fn describe(&self, walk: &mut Walk<'_>) -> Next<'a> {
        let Self { form, part } = self;
        walk.plain_group(part.place(0, form.head), PROTO);
        walk.tell(part, 0, 4, SIGNATURE);
        number(part, 4, 2, HEADER_LENGTH, walk);
        number(part, 6, 2, SEQUENCE, walk);
        number(part, BLOCK_AT, form.number, BLOCK, walk);
        let mut at = number(part, BLOCK_AT + form.number, form.number, TABLE_AT, walk);
        let mut frames = Frames { first: None, count: 0, listed: 0 };
        let mut tables = 0;
        while at != 0 && tables < MAX_NCM_TABLES {
            tables += 1;
            at = self.table(at, &mut frames, walk);
        }
        if at != 0 {
            Self::too_many(part, walk);
        }
        if frames.count > 1 {
            let text = format_args!(
                "The transfer holds {} frames; it belongs to the flow of the first",
                frames.count
            );
            walk.note(Severity::Hint, part.span, text);
        }
        walk.close();
        walk.summary(format_args!("{} frames of Ethernet", frames.count));
        match frames.first {
            Some(frame) => Next::ether(BRIDGED, frame),
            None => Next::Nothing,
        }
    }

    /// Tells one table and the frames that it lists; where reading goes on, or 0.
    fn table(&self, at: usize, frames: &mut Frames<'a>, walk: &mut Walk<'_>) -> usize {
        let Self { form, part } = self;
        let table = part.after(at);
        let signature = table.get(0, form.tables[0].len());
        let kind = form.tables.iter().position(|one| signature == Some(*one));
        let len = table.little(4, 2).unwrap_or_default() as usize;
        let (Some(kind), true) = (kind, (form.table..=table.wire).contains(&len)) else {
            if table.is_cut() {
                walk.stop(&table, "NCM", format_args!("a table takes {} bytes", form.table));
            } else {
                let text = format_args!("No table of frames begins at byte {at}");
                walk.note(Severity::Broken, table.place(0, form.table), text);
            }
            return 0;
        };
        let table = table.upto(len);
        walk.plain_group(table.span, TABLE);
        walk.tell(&table, 0, 4, TABLE_SIGNATURE);
        number(&table, 4, 2, TABLE_LENGTH, walk);
        let next = number(&table, form.next, form.number, NEXT_TABLE, walk);
        let mut entry = table.after(form.table);
        while let Some((at, len)) = pair(&entry, form.number).filter(|pair| *pair != (0, 0)) {
            if frames.listed == MAX_NCM_FRAMES {
                walk.close();
                return Self::too_many(&table, walk);
            }
            frames.listed += 1;
            walk.plain_group(entry.place(0, 2 * form.number), DATAGRAM);
            number(&entry, 0, form.number, INDEX, walk);
            number(&entry, form.number, form.number, LENGTH, walk);
            self.frame(at, len, kind == 1, frames, walk);
            walk.close();
            entry = entry.after(2 * form.number);
        }
        walk.close();
        next
    }

    /// Says where reading stopped; and where it goes on: nowhere.
    fn too_many(part: &Part<'_>, walk: &mut Walk<'_>) -> usize {
        let text = format_args!("Too many tables, or frames in them: not read on");
        walk.note(Severity::Broken, part.span, text);
        0
    }

    /// Tells one frame, unless it is the first, which is told behind all of this.
    fn frame(
        &self,
        at: usize,
        len: usize,
        is_checked: bool,
        frames: &mut Frames<'a>,
        walk: &mut Walk<'_>,
    ) {
        let behind = self.part.after(at);
        let check = if is_checked { CRC } else { 0 };
        if len < ETHERNET + check || len > behind.wire {
            let text = format_args!("A frame claims {len} bytes at byte {at}: it cannot be there");
            walk.note(Severity::Broken, behind.place(0, 0), text);
            return;
        }
        let frame = behind.upto(len - check);
        if is_checked {
            number(&behind, frame.wire, CRC, CHECK, walk);
        }
        frames.count += 1;
        if frames.first.is_none() {
            frames.first = Some(frame);
        } else {
            walk.quote(|walk| Next::ether(BRIDGED, frame).describe(walk));
        }
    }
}

/// Ethernet frames, as GRE numbers them.
const BRIDGED: EtherType = EtherType(0x6558);

/// The frames that were found.
struct Frames<'a> {
    first: Option<Part<'a>>,
    count: usize,
    /// Those that tables name, also where none can be.
    listed: usize,
}

/// Where a frame is and how long, as an entry says it.
fn pair(entry: &Part<'_>, width: usize) -> Option<(usize, usize)> {
    Some((entry.little(0, width)? as usize, entry.little(width, width)? as usize))
}

/// Tells a little-endian number; the number, or 0.
fn number(part: &Part<'_>, at: usize, len: usize, field: FieldId, walk: &mut Walk<'_>) -> usize {
    let Some(number) = part.little(at, len) else { return 0 };
    walk.work_out(field, Value::Unsigned(number), part.place(at, len));
    number as usize
}
