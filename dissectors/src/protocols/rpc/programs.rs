//! Programs and their procedures by name.

use crate::field::Names;

/// The number of the program that says where others listen (RFC 1833).
pub(super) const PORTMAP: u32 = 100_000;
/// The network file system (RFC 1813, RFC 8881).
pub(super) const NFS: u32 = 100_003;
/// The program that gives the first file handle of NFS before version 4 (RFC 1813, section 5).
pub(super) const MOUNT: u32 = 100_005;

/// Programs that are met.
pub(super) const PROGRAMS: Names = &[
    (PORTMAP as u64, "Portmap"),
    (100_001, "RSTAT"),
    (100_002, "RUSERS"),
    (NFS as u64, "NFS"),
    (100_004, "YPSERV"),
    (MOUNT as u64, "MOUNT"),
    (100_007, "YPBIND"),
    (100_008, "RWALL"),
    (100_011, "RQUOTA"),
    (100_021, "NLM"),
    (100_024, "STAT"),
    (100_026, "BOOTPARAMS"),
    (100_227, "NFSACL"),
];

/// RFC 1833, section 3.1.
const PORTMAP_2: Names =
    &[(0, "NULL"), (1, "SET"), (2, "UNSET"), (3, "GETPORT"), (4, "DUMP"), (5, "CALLIT")];

/// RFC 1833, section 2.1.
const RPCBIND: Names = &[
    (0, "NULL"),
    (1, "SET"),
    (2, "UNSET"),
    (3, "GETADDR"),
    (4, "DUMP"),
    (5, "CALLIT"),
    (6, "GETTIME"),
    (7, "UADDR2TADDR"),
    (8, "TADDR2UADDR"),
    (9, "GETVERSADDR"),
    (10, "INDIRECT"),
    (11, "GETADDRLIST"),
    (12, "GETSTAT"),
];

/// RFC 1094, section 2.2.
const NFS_2: Names = &[
    (0, "NULL"),
    (1, "GETATTR"),
    (2, "SETATTR"),
    (3, "ROOT"),
    (4, "LOOKUP"),
    (5, "READLINK"),
    (6, "READ"),
    (7, "WRITECACHE"),
    (8, "WRITE"),
    (9, "CREATE"),
    (10, "REMOVE"),
    (11, "RENAME"),
    (12, "LINK"),
    (13, "SYMLINK"),
    (14, "MKDIR"),
    (15, "RMDIR"),
    (16, "READDIR"),
    (17, "STATFS"),
];

/// RFC 1813, section 3.
const NFS_3: Names = &[
    (0, "NULL"),
    (1, "GETATTR"),
    (2, "SETATTR"),
    (3, "LOOKUP"),
    (4, "ACCESS"),
    (5, "READLINK"),
    (6, "READ"),
    (7, "WRITE"),
    (8, "CREATE"),
    (9, "MKDIR"),
    (10, "SYMLINK"),
    (11, "MKNOD"),
    (12, "REMOVE"),
    (13, "RMDIR"),
    (14, "RENAME"),
    (15, "LINK"),
    (16, "READDIR"),
    (17, "READDIRPLUS"),
    (18, "FSSTAT"),
    (19, "FSINFO"),
    (20, "PATHCONF"),
    (21, "COMMIT"),
];

/// RFC 8881, section 16.
const NFS_4: Names = &[(0, "NULL"), (1, "COMPOUND")];

/// RFC 1813, section 5.2.
const MOUNTING: Names = &[
    (0, "NULL"),
    (1, "MNT"),
    (2, "DUMP"),
    (3, "UMNT"),
    (4, "UMNTALL"),
    (5, "EXPORT"),
    (6, "EXPORTALL"),
    (7, "PATHCONF"),
];

/// RFC 1813, section 6.
const LOCKING: Names = &[
    (0, "NULL"),
    (1, "TEST"),
    (2, "LOCK"),
    (3, "CANCEL"),
    (4, "UNLOCK"),
    (5, "GRANTED"),
    (20, "SHARE"),
    (21, "UNSHARE"),
    (22, "NM_LOCK"),
    (23, "FREE_ALL"),
];

/// The name of a program.
pub(super) fn name(program: u32) -> Option<&'static str> {
    find(PROGRAMS, program)
}

/// The procedures of one version of a program.
pub(super) const fn procedures(program: u32, version: u32) -> Names {
    match (program, version) {
        (PORTMAP, 2) => PORTMAP_2,
        (PORTMAP, 3 | 4) => RPCBIND,
        (NFS, 2) => NFS_2,
        (NFS, 3) => NFS_3,
        (NFS, 4) => NFS_4,
        (MOUNT, 1..=3) => MOUNTING,
        (100_021, 1..=4) => LOCKING,
        _ => &[],
    }
}

/// The name of a procedure.
pub(super) fn procedure(one: super::Procedure) -> Option<&'static str> {
    find(procedures(one.program, one.version), one.number)
}

/// The name of a number in a list.
fn find(names: Names, number: u32) -> Option<&'static str> {
    names.iter().find(|(known, _)| *known == u64::from(number)).map(|(_, name)| *name)
}
