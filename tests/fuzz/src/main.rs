//! `wirestage-fuzz`: tries the dissectors for as long as one likes.

#![allow(clippy::print_stdout)]

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::PoisonError;
use std::time::Duration;

use clap::Parser;
use wirestage_fuzz::run::{Now, Until, at_best, replay, run};
use wirestage_fuzz::seeds::{TARGETS, Target};
use wirestage_fuzz::store;

/// An input that takes longer than this never ends.
const ENDLESS: Duration = Duration::from_secs(60);

/// Tries the dissectors with inputs that nobody would make
#[derive(Parser)]
struct Arguments {
    /// Targets, or captures to look at once; all targets where none is named
    what: Vec<PathBuf>,
    /// How long to try each target
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Where to begin: the same number tries the same inputs
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// A folder of captures to begin with as well
    #[arg(long)]
    seeds: Option<PathBuf>,
    /// Where to put captures of what was found
    #[arg(long, default_value = "target/fuzz-findings")]
    findings: PathBuf,
}

fn main() -> anyhow::Result<ExitCode> {
    let arguments = Arguments::parse();
    let mut failed = false;
    let named = |target: &&Target| arguments.what.iter().any(|name| name == Path::new(target.name));
    let chosen: Vec<&Target> = if arguments.what.is_empty() {
        TARGETS.iter().collect()
    } else {
        TARGETS.iter().filter(named).collect()
    };
    let is_target =
        |path: &&PathBuf| TARGETS.iter().any(|one| path.as_path() == Path::new(one.name));
    for path in arguments.what.iter().filter(|path| !is_target(path)) {
        match replay(path) {
            Ok(()) => println!("{}: nothing is wrong", path.display()),
            Err(what) => {
                println!("{}: {what}", path.display());
                failed = true;
            }
        }
    }
    let mut more = Vec::new();
    if let Some(folder) = &arguments.seeds {
        let read = |path: &PathBuf| store::read(path, store::MOST_FRAMES).ok();
        more = store::below(folder).iter().filter_map(read).collect();
        println!("{} captures to begin with below {}", more.len(), folder.display());
    }
    for target in chosen {
        let seeds = [(target.seeds)(), more.clone()].concat();
        let now = Now::default();
        watch(target.name, &now, &arguments.findings);
        let until = Until::Time(Duration::from_secs(arguments.seconds));
        let report = run(seeds, arguments.seed, until, &now);
        *now.lock().unwrap_or_else(PoisonError::into_inner) = None;
        println!(
            "{}, seed {}: {} cases, {} kept, {} things told, the longest took {:?}, peak {}",
            target.name,
            arguments.seed,
            report.cases,
            report.kept,
            report.told,
            report.longest,
            peak(),
        );
        if let Some((case, input)) = &report.slowest {
            println!("  the longest was case {case}, {:?} of it on a processor", at_best(input));
        }
        for finding in &report.findings {
            std::fs::create_dir_all(&arguments.findings)?;
            let name = format!("{}-{}-{}.pcapng", target.name, arguments.seed, finding.case);
            let path = arguments.findings.join(name);
            store::keep(&finding.input, &path)?;
            println!("  case {}: {}\n    in {}", finding.case, finding.what, path.display());
            failed = true;
        }
    }
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// The most memory that this process ever held.
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    peak.map_or_else(|| "unknown".into(), |text| text.trim().into())
}

/// Ends the process where an input never ends, and keeps that input.
fn watch(target: &'static str, now: &Now, findings: &Path) {
    let (now, findings) = (Now::clone(now), findings.to_path_buf());
    std::thread::spawn(move || {
        loop {
            std::thread::sleep(Duration::from_secs(1));
            let held = now.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some((_, input)) = held.as_ref().filter(|(begun, _)| begun.elapsed() > ENDLESS) {
                let path = findings.join(format!("{target}-endless.pcapng"));
                let kept = std::fs::create_dir_all(&findings)
                    .map_err(Into::into)
                    .and_then(|()| store::keep(input, &path));
                println!("{target}: an input does not end; in {} ({kept:?})", path.display());
                std::process::exit(1);
            }
        }
    });
}
