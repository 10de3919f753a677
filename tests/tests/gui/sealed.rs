//! Recordings without the keys that they came with.

/// A little-endian pcapng file without its Decryption Secrets Blocks, and the text of those.
pub(super) fn without_secrets(file: &[u8]) -> (Vec<u8>, Vec<u8>) {
    const SECRETS: u32 = 0x0a;
    let number = |at: usize| u32::from_le_bytes(file[at..at + 4].try_into().unwrap());
    let (mut rest, mut secrets, mut at) = (Vec::new(), Vec::new(), 0);
    while at + 12 <= file.len() {
        let (kind, total) = (number(at), number(at + 4) as usize);
        if kind == SECRETS {
            let len = number(at + 12) as usize;
            secrets.extend_from_slice(&file[at + 16..at + 16 + len]);
            secrets.push(b'\n');
        } else {
            rest.extend_from_slice(&file[at..at + total]);
        }
        at += total;
    }
    (rest, secrets)
}
