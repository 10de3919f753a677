//! The program `selfserv` of NSS as a server of TLS, for what the library here speaks as a client
//! only: it opens a ClientHello that was sealed to its key (RFC 9849).
//!
//! It listens by itself, on the address of the role that has started it, and says little: what
//! happened stands with the client.

mod key;
mod program;

use std::{fs, io, path::Path, process::Command};

use data_encoding::BASE64;
use tempfile::TempDir;

use crate::{Failure, tls::Trust, web::SERVER_NAME};

pub(crate) use key::SealingKey;
pub(crate) use program::SelfServ;

/// What the programs are called.
const SELFSERV: &str = "selfserv";
const CERTUTIL: &str = "certutil";

/// Who makes all this, long before anyone connects.
const ADMINISTRATOR: &str = "the server's administrator";

/// The name that stands for all to read where another one is sealed.
pub(crate) const PUBLIC_NAME: &str = "public.wirestage.test";

/// What the certificate is called in the database.
const NICKNAME: &str = "server";

/// How many months a certificate is valid.
const MONTHS: &str = "3";

/// A certificate for both names, signed by itself, with its key in a database of NSS, and the key
/// that hellos are sealed to; in a folder that is gone with it.
pub(crate) struct Kit {
    folder: TempDir,
    certificate: Vec<u8>,
    sealing: SealingKey,
    /// The key that the server has: the same one, or one that has come in its place.
    own: SealingKey,
}

impl Kit {
    /// Makes all of it; with another key for the server where the one that was published has been
    /// replaced.
    pub(crate) fn new(is_replaced: bool) -> Result<Kit, Failure> {
        let folder = tempfile::tempdir().map_err(failed("make a folder"))?;
        let at = folder.path();
        // What the key is made of, beside what the program takes from the system.
        let noise = at.join("noise");
        let seed = SealingKey::new()?;
        fs::write(&noise, seed.seed()).map_err(failed("write a file"))?;
        let names = format!("{SERVER_NAME},{PUBLIC_NAME}");
        let subject = format!("CN={SERVER_NAME}");
        let noise = noise.to_string_lossy();
        certutil(at, &["-N", "--empty-password"])?;
        certutil(
            at,
            &[
                "-S", "-x", "-n", NICKNAME, "-s", &subject, "-8", &names, "-t", ",,", "-k", "ec",
                "-q", "nistp256", "-v", MONTHS, "-z", &noise,
            ],
        )?;
        let certificate = certutil(at, &["-L", "-r", "-n", NICKNAME])?;
        let sealing = SealingKey::new()?;
        let own = if is_replaced { SealingKey::new()? } else { sealing.clone() };
        Ok(Kit { folder, certificate, sealing, own })
    }

    /// What a client believes who was given the certificate.
    pub(crate) fn trust(&self) -> Result<Trust, Failure> {
        Trust::in_one(&self.certificate)
            .map_err(|error| failed("hand its certificate out")(io::Error::other(error)))
    }

    /// The key that hellos are sealed to.
    pub(crate) fn sealing(&self) -> &SealingKey {
        &self.sealing
    }

    fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// What tells the program its key, and what it hands out of that.
    fn ech(&self) -> String {
        BASE64.encode(&self.own.for_selfserv())
    }
}

/// Has `certutil` do something to the database in a folder; gives what it prints.
fn certutil(folder: &Path, arguments: &[&str]) -> Result<Vec<u8>, Failure> {
    let database = format!("sql:{}", folder.display());
    let done = Command::new(CERTUTIL).arg("-d").arg(database).args(arguments).output();
    let done = done.map_err(|cause| missing(ADMINISTRATOR, CERTUTIL, cause))?;
    if !done.status.success() {
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        return Err(failed("make a certificate")(io::Error::other(said)));
    }
    Ok(done.stdout)
}

/// The failure of not being able to prepare something.
fn failed(doing: &str) -> impl FnOnce(io::Error) -> Failure {
    let doing = doing.to_owned();
    move |cause| Failure::Io { role: ADMINISTRATOR, doing, cause }
}

/// The failure of not being able to start a program.
fn missing(role: &'static str, program: &'static str, cause: io::Error) -> Failure {
    match cause.kind() {
        io::ErrorKind::NotFound => Failure::NeedsProgram { role, program },
        _ => Failure::Io { role, doing: format!("start {program}"), cause },
    }
}
