//! What a server says of itself: to who asks by gRPC's reflection it hands out the files that
//! describe its types ("GRPC Server Reflection Protocol" of its project). What comes later on the
//! connection is read with their names.
//!
//! ```text
//!   /grpc.reflection.v1.ServerReflection/ServerReflectionInfo
//!     asks       4 file_containing_symbol "shop.Shop"
//!     is told    4 file_descriptor_response:  1 a file   1 another one that it imports …
//! ```

use std::sync::{Arc, OnceLock};

use crate::engine::session::Out;
use crate::protocols::protobuf::{Held, descriptor, entries};
use crate::schema::Schema;
use crate::typed::Fact;

/// What clients ask, in both versions.
const CALLS: [&[u8]; 2] = [
    b"/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
    b"/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
];

/// Files that a server may hand out on one connection, and all their bytes: they are read again
/// with each that comes.
const MAX_REFLECTED_FILES: usize = 1 << 8;
const MAX_REFLECTED: usize = 1 << 20;

/// The field of an answer that holds files, and that of each of them.
const ANSWER: u32 = 4;
const FILE: u32 = 1;

/// The files that a server has handed out on a connection, and what they describe.
#[derive(Clone, Debug, Default)]
pub(super) struct Reflected {
    files: Vec<Arc<[u8]>>,
    /// Their bytes.
    size: usize,
    /// Made when it is asked for.
    schema: OnceLock<Arc<Schema>>,
}

impl Fact for Reflected {
    fn size(&self) -> usize {
        size_of_val(self) + self.size
    }
}

impl PartialEq for Reflected {
    fn eq(&self, other: &Self) -> bool {
        self.files == other.files
    }
}

/// Whether a call asks what there is.
pub(super) fn asks(path: &[u8]) -> bool {
    CALLS.contains(&path)
}

/// Takes in what an answer hands out.
pub(super) fn learn(answer: &[u8], out: &mut Out<'_>) {
    let known = out.left::<Reflected>().cloned().unwrap_or_default();
    let mut all = Reflected { schema: OnceLock::new(), ..known };
    let before = all.files.len();
    let held = |bytes, number| {
        let own = entries(bytes).filter(move |entry| entry.number == number);
        own.filter_map(|entry| match entry.held {
            Held::Bytes(bytes) => Some(bytes),
            _ => None,
        })
    };
    for file in held(answer, ANSWER).flat_map(|files| held(files, FILE)) {
        let has_room = all.files.len() < MAX_REFLECTED_FILES
            && all.size.saturating_add(file.len()) <= MAX_REFLECTED;
        if has_room && !all.files.iter().any(|known| **known == *file) {
            all.size += file.len();
            all.files.push(file.into());
        }
    }
    if all.files.len() > before {
        out.leave(all);
    }
}

/// What was learned on this connection so far.
pub(super) fn learned(out: &Out<'_>) -> Option<Arc<Schema>> {
    let all = out.left::<Reflected>()?;
    let make = || Arc::new(descriptor::schema(all.files.iter().map(|file| &**file)));
    Some(Arc::clone(all.schema.get_or_init(make)))
}
