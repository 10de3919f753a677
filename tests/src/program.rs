//! The program as a user starts it: found where the build put it, and never an old one.

use std::ffi::OsStr;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;
use std::time::SystemTime;

/// What a call came to.
#[derive(Debug)]
pub struct Ran {
    /// The exit code; -1 where a signal ended it.
    pub code: i32,
    /// Standard output.
    pub out: Vec<u8>,
    /// Standard error.
    pub err: String,
}

impl Ran {
    /// Standard output as text.
    #[must_use]
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.out).expect("text was asked for")
    }

    /// The call must have worked.
    pub fn done(self) -> Self {
        assert_eq!(self.code, 0, "{}", self.err);
        self
    }

    /// The call must have ended with this code, one line of cause and one of mend; both hold
    /// these words.
    pub fn failed(&self, code: i32, cause: &str, mend: &str) {
        assert_eq!(self.code, code, "{self:?}");
        let lines: Vec<_> = self.err.lines().filter(|line| !line.starts_with("note: ")).collect();
        let [first, second] = lines[..] else { panic!("two lines are expected: {}", self.err) };
        assert!(first.starts_with("error: ") && first.contains(cause), "{first}");
        assert!(second.starts_with("mend: ") && second.contains(mend), "{second}");
    }
}

/// Where the program is; builds it first where it is missing or older than its sources.
#[must_use]
pub fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        // Tests lie in target/PROFILE/deps.
        let test = std::env::current_exe().expect("a test knows its path");
        let folder = test.parent().and_then(Path::parent).expect("the folder of the profile");
        let program = folder.join("wirestage");
        let built = program.metadata().and_then(|meta| meta.modified()).ok();
        if built.is_none_or(|built| newest_source() > built) {
            let release = folder.file_name() == Some(OsStr::new("release"));
            let status = Command::new(env!("CARGO"))
                .args(["build", "--quiet", "--workspace", "--bins"])
                .args(release.then_some("--release"))
                .current_dir(crate::root())
                .status();
            assert!(status.is_ok_and(|status| status.success()), "the program does not build");
        }
        program
    })
}

/// When the youngest source of the program was changed.
fn newest_source() -> SystemTime {
    let mut newest = SystemTime::UNIX_EPOCH;
    let mut folders: Vec<_> = ["app", "captures", "dissectors", "generators", "assets"]
        .map(|one| crate::root().join(one))
        .into();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let Ok(meta) = entry.metadata() else { continue };
            if meta.is_dir() {
                folders.push(entry.path());
            } else {
                newest = newest.max(meta.modified().unwrap_or(newest));
            }
        }
    }
    newest
}

/// A call that is not made yet: no display, nothing on standard input.
#[must_use]
pub fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(program());
    command.args(arguments).stdin(Stdio::null());
    command.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
    command
}

/// Makes a call and waits for its end.
#[must_use]
pub fn ran(command: &mut Command) -> Ran {
    came_to(command.output().expect("the program starts"))
}

/// Calls the program.
#[must_use]
pub fn run(arguments: &[&str]) -> Ran {
    ran(&mut command(arguments))
}

/// Calls the program with bytes on its standard input.
#[must_use]
pub fn run_with(arguments: &[&str], input: &[u8]) -> Ran {
    let mut command = command(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let mut stdin = child.stdin.take().expect("it is a pipe");
    std::thread::scope(|scope| {
        // A program that has seen enough may close the pipe.
        scope.spawn(move || drop(stdin.write_all(input)));
        came_to(child.wait_with_output().expect("the program ends"))
    })
}

fn came_to(output: Output) -> Ran {
    Ran {
        code: output.status.code().unwrap_or(-1),
        out: output.stdout,
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Why scenarios cannot be recorded here, where they cannot.
#[must_use]
pub fn no_lab() -> Option<String> {
    let doctor = run(&["doctor"]);
    (doctor.code != 0).then_some(doctor.err)
}

/// How root becomes somebody who may do nothing.
pub const NOBODY: [&str; 4] =
    ["--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=-all"];

/// The program as it runs for somebody who is not root: who is becomes nobody.
#[must_use]
pub fn ordinary(arguments: &[&str]) -> Command {
    if !is_root() {
        return command(arguments);
    }
    let mut ordinary = as_nobody(program());
    ordinary.args(arguments).env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
    ordinary
}

/// Another program, as it runs for somebody who is not root.
#[must_use]
pub fn as_nobody(program: impl AsRef<OsStr>) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut ordinary = Command::new("setpriv");
    ordinary.args(NOBODY).arg(program).env("HOME", "/nonexistent");
    ordinary
}

/// Whether this runs as root.
#[must_use]
pub fn is_root() -> bool {
    std::fs::read_to_string("/proc/self/status").is_ok_and(|text| text.contains("\nUid:\t0\t"))
}

/// A folder that everybody may write to.
#[must_use]
pub fn open_folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o777))
        .expect("a folder");
    folder
}
