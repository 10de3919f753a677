//! Keeps the program alive when a mapped file is cut: the one signal handler of this crate.
//!
//! Touching a mapped page that no longer has a file behind it raises SIGBUS, which by default
//! ends the process. Checking the length before each access cannot help: the file may be cut
//! between the check and the access. Copying every frame out with `pread` can, but a borrowed
//! frame must live as long as its recording, so the copies could never be dropped again and a
//! file of a gigabyte would need a gigabyte. So we do what systemd's journal reader does: the
//! handler puts a page of zeros where the fault was, notes it, and lets the access go on.
//! The reader sees zeros for that one access and, from the note, that the file was cut
//! (see [`Mapping`](super::mapped::Mapping)).
//!
//! Rules for the handler: it runs at any point of any thread, so it only loads and stores
//! atomics of a fixed table and calls `mmap`, a plain system call. A fault outside our table
//! goes on to whoever handled SIGBUS before.

#![allow(unsafe_code)] // A signal handler and a mapping at a fixed address: nothing safe offers them.

use std::mem::MaybeUninit;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::limits::MAX_MAPPINGS;

/// "Not cut", and "no mapping", in the table below.
const NONE: usize = usize::MAX;

/// One mapping the handler knows.
struct Slot {
    /// The address of its first byte; [`NONE`] where the slot is free, 0 while it is filled.
    start: AtomicUsize,
    /// Its length in bytes.
    len: AtomicUsize,
    /// The lowest offset at which a fault was met; [`NONE`] before the first.
    cut: AtomicUsize,
}

/// Every mapping of the process that is guarded.
static SLOTS: [Slot; MAX_MAPPINGS] = [const {
    Slot { start: AtomicUsize::new(NONE), len: AtomicUsize::new(0), cut: AtomicUsize::new(NONE) }
}; MAX_MAPPINGS];

/// Who handled SIGBUS before us.
static BEFORE: OnceLock<libc::sigaction> = OnceLock::new();

/// A mapping's place in the table, given back on drop.
pub(crate) struct Guard {
    slot: &'static Slot,
}

impl Guard {
    /// Guards `len` bytes from `start`; `None` if the table is full or no handler can be installed.
    pub(crate) fn new(start: *const u8, len: usize) -> Option<Self> {
        install()?;
        let slot = SLOTS.iter().find(|slot| {
            slot.start.compare_exchange(NONE, 0, Ordering::AcqRel, Ordering::Relaxed).is_ok()
        })?;
        slot.len.store(len, Ordering::Relaxed);
        slot.cut.store(NONE, Ordering::Relaxed);
        slot.start.store(start as usize, Ordering::Release);
        Some(Self { slot })
    }

    /// Where the file was found cut, as an offset into the mapping.
    #[inline]
    pub(crate) fn cut(&self) -> Option<usize> {
        let cut = self.slot.cut.load(Ordering::Acquire);
        (cut != NONE).then_some(cut)
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.slot.start.store(NONE, Ordering::Release);
    }
}

/// Installs the handler, once for the process.
fn install() -> Option<()> {
    static DONE: OnceLock<bool> = OnceLock::new();
    let done = *DONE.get_or_init(|| {
        let mut before = MaybeUninit::<libc::sigaction>::zeroed();
        // SAFETY: a null new action only asks; `before` has room for the answer, which the
        // call fills where it returns 0, and all-zero is a valid sigaction besides.
        let before = unsafe {
            if libc::sigaction(libc::SIGBUS, std::ptr::null(), before.as_mut_ptr()) != 0 {
                return false;
            }
            before.assume_init()
        };
        // Known before ours is in place, so that the handler always finds it.
        let _ = BEFORE.set(before);
        // SAFETY: all-zero is a valid sigaction (no flags, empty mask, default handler).
        let mut ours: libc::sigaction = unsafe { MaybeUninit::zeroed().assume_init() };
        ours.sa_sigaction = on_fault as *const () as usize;
        ours.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK;
        // SAFETY: `ours` is initialised, and `on_fault` has the signature that SA_SIGINFO asks
        // for and keeps to what a handler may do.
        unsafe { libc::sigaction(libc::SIGBUS, &ours, std::ptr::null_mut()) == 0 }
    });
    done.then_some(())
}

/// The handler: zeros where the file is gone, or on to the one before us.
extern "C" fn on_fault(
    signal: libc::c_int,
    info: *mut libc::siginfo_t,
    context: *mut libc::c_void,
) {
    // SAFETY: the kernel passes a valid siginfo_t to a SA_SIGINFO handler, and for SIGBUS the
    // address is set.
    let address = unsafe { (*info).si_addr() } as usize;
    if !cover(address) {
        pass_on(signal, info, context);
    }
}

/// Puts zeros from the page of `address` to the end of the guarded mapping that holds it; says
/// whether one does. Everything behind the first missing page is gone too, so one call covers it.
fn cover(address: usize) -> bool {
    for slot in &SLOTS {
        let start = slot.start.load(Ordering::Acquire);
        let len = slot.len.load(Ordering::Relaxed);
        let Some(at) = address.checked_sub(start).filter(|&at| at < len) else { continue };
        if start == 0 || start == NONE || slot.start.load(Ordering::Acquire) != start {
            continue;
        }
        // A mapping starts on a page, so this is where the page with the fault starts in it.
        let first = at & !(page_size() - 1);
        // SAFETY: the range lies within a mapping that its owner keeps until after its slot is
        // freed, and only a thread that reads through that owner can fault in it, so nobody
        // unmaps it meanwhile. Nothing but reads ever go there, and zeros are valid bytes.
        let covered = unsafe {
            libc::mmap(
                (start + first) as *mut libc::c_void,
                len - first,
                libc::PROT_READ,
                libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_FIXED | libc::MAP_NORESERVE,
                -1,
                0,
            )
        };
        if covered == libc::MAP_FAILED {
            return false;
        }
        slot.cut.fetch_min(first, Ordering::AcqRel);
        return true;
    }
    false
}

/// The size of a page, which `sysconf` knows without a system call.
fn page_size() -> usize {
    // SAFETY: sysconf has no preconditions, and this name is async-signal-safe in practice on
    // Linux (glibc and musl answer from memory).
    let size = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
    usize::try_from(size).unwrap_or(4096).max(4096)
}

/// Not ours: whoever handled SIGBUS before decides.
fn pass_on(signal: libc::c_int, info: *mut libc::siginfo_t, context: *mut libc::c_void) {
    let Some(before) = BEFORE.get() else { return };
    let handler = before.sa_sigaction;
    if handler == libc::SIG_DFL || handler == libc::SIG_IGN {
        // SAFETY: putting back what was there; returning repeats the access, which then ends
        // the process as it would have without us.
        unsafe { libc::sigaction(signal, before, std::ptr::null_mut()) };
    } else if before.sa_flags & libc::SA_SIGINFO != 0 {
        // SAFETY: with SA_SIGINFO set, the stored address is a function of this signature.
        let call: extern "C" fn(libc::c_int, *mut libc::siginfo_t, *mut libc::c_void) =
            unsafe { std::mem::transmute(handler) };
        call(signal, info, context);
    } else {
        // SAFETY: without SA_SIGINFO, the stored address is a function of this signature.
        let call: extern "C" fn(libc::c_int) = unsafe { std::mem::transmute(handler) };
        call(signal);
    }
}
