//! What stands behind applications, live: servers of databases and of messages with their own
//! clients, recorded in the lab. Questions, answers and errors are read, and stand in their order.
//!
//! What is not installed here, or not allowed, is skipped aloud.

use std::path::Path;
use std::process::{Command, Stdio};

use wirestage_tests::program::{as_nobody, open_folder, ordinary, ran, run};
use wirestage_tests::{program::no_lab, skip};

/// Whether these programs are there.
fn can(name: &str, programs: &[&str]) -> bool {
    let is_missing = |program: &&&str| {
        let mut asked = Command::new(program);
        asked.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
        asked.status().is_err()
    };
    let missing = programs.iter().find(is_missing).map(|program| format!("{program} is missing"));
    match missing.or_else(no_lab) {
        Some(why) => {
            skip(name, &why);
            false
        }
        None => true,
    }
}

/// Makes what a server keeps: it is waited for only where it serves.
fn prepared(folder: &Path, how: &str) {
    let made = as_nobody("sh").args(["-c", how]).current_dir(folder).output();
    assert!(made.as_ref().is_ok_and(|made| made.status.success()), "{how}: {made:?}");
}

/// Records a client with its server, and says what each side said, in order: "Client PING".
fn said(folder: &Path, server: &str, client: &str) -> Vec<String> {
    let to = folder.join("a.pcapng").display().to_string();
    let recorded = ["run", "--force", "--with", server, "-o", &to, "--", "sh", "-c", client];
    // A client that was refused something ends so.
    let recorded = ran(ordinary(&recorded).current_dir(folder));
    let story = run(&["story", &to]).done();
    let steps: Vec<String> = story.text().lines().filter_map(step).collect();
    assert!(!steps.is_empty(), "{recorded:?}");
    steps
}

/// Who says what: a line of a story that has an arrow.
fn step(line: &str) -> Option<String> {
    let (before, behind) = line.split_once(" ──> ")?;
    let (_, bead) = behind.split_once('[')?;
    Some(format!("{} {}", before.split_whitespace().last()?, bead.trim_end_matches(']')))
}

/// These steps are there, in this order: who says it, and a part of what.
#[track_caller]
fn check(steps: &[String], expected: &[&str]) {
    let mut rest = steps.iter();
    for one in expected {
        let (who, what) = one.split_once(' ').unwrap();
        let found = rest.any(|step| step.starts_with(who) && step.contains(what));
        assert!(found, "{one:?} is not in its place: {steps:#?}");
    }
}

#[test]
fn redis_answers_each_command() {
    if !can("redis_answers_each_command", &["redis-server", "redis-cli"]) {
        return;
    }
    let folder = open_folder();
    let asked = "SET page hello\nGET page\nGET nothing\nLPUSH page x\nINCR visits\n";
    std::fs::write(folder.path().join("asked"), asked).unwrap();
    let server = "redis-server --port 6379 --save '' --appendonly no";
    // Both versions of the protocol.
    for version in ["-2", "-3"] {
        let steps = said(folder.path(), server, &format!("redis-cli {version} < asked"));
        check(
            &steps,
            &[
                "Client SET page",
                "Server OK",
                "Client GET page",
                "Server 5 bytes",
                "Client GET nothing",
                "Server null",
                "Client LPUSH page",
                "Server WRONGTYPE",
                "Client INCR visits",
                "Server 1",
            ],
        );
    }
}

#[test]
fn postgresql_answers_each_query() {
    if !can("postgresql_answers_each_query", &["postgres", "initdb", "psql"]) {
        return;
    }
    let folder = open_folder();
    // Root may not run it.
    prepared(folder.path(), "initdb -D data -A trust -U postgres");
    let server = "postgres -D data -c listen_addresses=127.0.0.1 -c unix_socket_directories= \
                  -c port=5432";
    let client = "psql -h 127.0.0.1 -U postgres -c 'select 6*7 as answer' \
                  -c 'select * from nothing' -c 'create table t (a int)'";
    let steps = said(folder.path(), server, client);
    check(
        &steps,
        &[
            "Client Startup message",
            "Server Authentication request",
            "Client select 6*7 as answer",
            "Server Row description",
            "Client select * from nothing",
            "Server ERROR: relation \"nothing\" does not exist",
            "Client create table t (a int)",
            "Server CREATE TABLE",
            "Client Termination",
        ],
    );
}

#[test]
fn mariadb_answers_each_query() {
    if !can("mariadb_answers_each_query", &["mariadbd", "mariadb-install-db", "mariadb"]) {
        return;
    }
    let folder = open_folder();
    let make = "mariadb-install-db --no-defaults --datadir=$PWD/data --skip-test-db \
                --auth-root-authentication-method=normal";
    prepared(folder.path(), make);
    let server = "mariadbd --no-defaults --datadir=$PWD/data --socket=$PWD/data/socket \
                  --bind-address=127.0.0.1 --port=3306";
    let client = "mariadb --no-defaults --skip-ssl -h 127.0.0.1 -u root \
                  -e 'create database shop; select 6*7 as answer; select * from shop.nothing'";
    let steps = said(folder.path(), server, client);
    check(
        &steps,
        &[
            "Server greeting",
            "Client login",
            "Server OK",
            "Client create database shop",
            "Server OK",
            "Client select 6*7 as answer",
            "Server packet",
            "Client select * from shop.nothing",
            "Server Table 'shop.nothing' doesn't exist",
            "Client Quit",
        ],
    );
}

#[test]
fn mosquitto_hands_on_what_is_published() {
    let programs = ["mosquitto", "mosquitto_pub", "mosquitto_sub"];
    if !can("mosquitto_hands_on_what_is_published", &programs) {
        return;
    }
    let folder = open_folder();
    let settings = "listener 1883 127.0.0.1\nallow_anonymous true\n";
    std::fs::write(folder.path().join("mosquitto.conf"), settings).unwrap();
    for version in ["mqttv311", "mqttv5"] {
        // Who subscribes is told what was kept, whenever it comes.
        let client = format!(
            "mosquitto_pub -V {version} -r -t news/a -q 1 -m hello; \
             mosquitto_sub -V {version} -t 'news/#' -q 1 -C 1"
        );
        let steps = said(folder.path(), "mosquitto -c mosquitto.conf", &client);
        check(
            &steps,
            &[
                "Client CONNECT",
                "Server CONNACK",
                "Client PUBLISH news/a",
                "Server PUBACK",
                "Client CONNECT",
                "Client SUBSCRIBE news/#",
                "Server SUBACK",
                "Client DISCONNECT",
            ],
        );
        assert!(steps.iter().any(|step| step.starts_with("Server") && step.contains("PUBLISH")));
    }
}
