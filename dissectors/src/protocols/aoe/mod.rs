//! ATA over Ethernet (AoEr11): disks that are asked by frames of Ethernet, with no IP between.
//!
//! ```text
//!   version, flags │ error │ major ×2 │ minor │ command │ tag ×4       then, by command
//!   ATA:     flags │ feature │ count │ command or status │ sector ×6, little-endian │ 0 ×2 │ data
//! ```

use crate::field::{FieldDef, FieldId, Names, Value};
use crate::fields;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};

const COMMANDS: Names = &[
    (0, "Issue ATA Command"),
    (1, "Query Config Information"),
    (2, "Mac Mask List"),
    (3, "Reserve/Release"),
];

const ERRORS: Names = &[
    (1, "Unrecognized command code"),
    (2, "Bad argument parameter"),
    (3, "Device unavailable"),
    (4, "Config string present"),
    (5, "Unsupported version"),
];

/// Commands of ATA that are met.
const ATA: Names = &[
    (0x20, "Read sectors (with retry)"),
    (0x24, "Read ext"),
    (0x30, "Write sectors (with retry)"),
    (0x34, "Write ext"),
    (0xe7, "Flush cache"),
    (0xec, "Identify Device"),
];

fields! { "aoe", "AoE";
    PROTO = FieldDef::group("aoe", "ATAoverEthernet"),
    VERSION = FieldDef::u8("aoe.version", "Version").mask(0xf0),
    RESPONSE = FieldDef::flag("aoe.response", "Response flag", IS_RESPONSE),
    FAILED = FieldDef::flag("aoe.flags_error", "Error flag", IS_ERROR),
    ERROR = FieldDef::u8("aoe.error", "Error").names(ERRORS),
    MAJOR = FieldDef::u16("aoe.major", "Major").hex(),
    MINOR = FieldDef::u8("aoe.minor", "Minor").hex(),
    COMMAND = FieldDef::u8("aoe.cmd", "Command").names(COMMANDS),
    TAG = FieldDef::u32("aoe.tag", "Tag").hex(),
    EXTENDED = FieldDef::flag("aoe.aflags.e", "E", 0x40),
    DEVICE = FieldDef::flag("aoe.aflags.d", "D", 0x10),
    ASYNCHRONOUS = FieldDef::flag("aoe.aflags.a", "A", 0x02),
    WRITE = FieldDef::flag("aoe.aflags.w", "W", 0x01),
    FEATURE = FieldDef::u8("aoe.err_feature", "Err/Feature").hex(),
    COUNT = FieldDef::u8("aoe.sector_count", "Sector Count"),
    ATA_COMMAND = FieldDef::u8("aoe.ata.cmd", "ATA Cmd").hex().names(ATA),
    ATA_STATUS = FieldDef::u8("aoe.ata.status", "ATA Status").hex(),
    SECTOR = FieldDef::u64("aoe.lba", "Lba").hex().computed(),
}

/// Flags of the first byte, beside the version.
const IS_RESPONSE: u64 = 0x08;
const IS_ERROR: u64 = 0x04;

/// Length of the head.
const HEAD: usize = 10;

/// The version that is read, and the command that carries one of ATA.
const CURRENT: u64 = 1;
const ISSUE: u64 = 0;

/// ATA over Ethernet.
pub struct Aoe;

impl Protocol for Aoe {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["AoEr11"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::EtherType(0x88a2)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        walk.plain_group(part.span, PROTO);
        let flags = part.number(0, 1).unwrap_or_default();
        walk.tell(&part, 0, 1, VERSION);
        if part.get(0, HEAD).is_none() {
            walk.stop(&part, "AoE", format_args!("a head takes {HEAD} bytes"));
            walk.summary(format_args!("AoE, cut"));
        } else if flags >> 4 == CURRENT {
            head(&part, flags, walk);
        } else {
            walk.summary(format_args!("AoE, version {}", flags >> 4));
        }
        walk.close();
        Some(Next::Nothing)
    }
}

/// Tells a head of the version that is known, and what a command of ATA adds.
fn head(part: &Part<'_>, flags: u64, walk: &mut Walk<'_>) {
    let is_response = flags & IS_RESPONSE != 0;
    walk.tell(part, 0, 1, RESPONSE);
    walk.tell(part, 0, 1, FAILED);
    if is_response && flags & IS_ERROR != 0 {
        walk.tell(part, 1, 1, ERROR);
    }
    walk.tell(part, 2, 2, MAJOR);
    walk.tell(part, 4, 1, MINOR);
    walk.tell(part, 5, 1, COMMAND);
    walk.tell(part, 6, 4, TAG);
    let command = part.number(5, 1).unwrap_or_default();
    let what = if is_response { "answered" } else { "asked" };
    let name = COMMAND.def().name_of(command);
    if command != ISSUE {
        return walk.summary(format_args!("{} {what}", name.unwrap_or("Vendor's command")));
    }
    let ata = part.after(HEAD);
    if !is_response {
        for field in [EXTENDED, DEVICE, ASYNCHRONOUS, WRITE] {
            walk.tell(&ata, 0, 1, field);
        }
        walk.tell(&ata, 1, 1, FEATURE);
        walk.tell(&ata, 2, 1, COUNT);
        walk.tell(&ata, 3, 1, ATA_COMMAND);
        if let Some(sector) = ata.little(4, 6) {
            walk.work_out(SECTOR, Value::Unsigned(sector), ata.place(4, 6));
        }
        let code = ata.number(3, 1).unwrap_or_default();
        let name = ATA_COMMAND.def().name_of(code);
        return walk.summary(format_args!("{} {what}", name.unwrap_or("Command of ATA")));
    }
    walk.tell(&ata, 3, 1, ATA_STATUS);
    walk.summary(format_args!("Command of ATA {what}"));
}
