//! Tests of IRC: who speaks, what answers a PING, and the way into TLS.

use crate::message::{Related, Relation};
use crate::protocols::stage::{Step, ask, check_told, crumble, hello, on_port, say};

fn talk() -> Vec<Step> {
    vec![
        ask("CAP LS\r\nPASS secret\r\nNICK tim\r\nUSER tim 0 * :Tim Who\r\n"),
        say(":a.test NOTICE * :*** Looking up\r\nPING :x7\r\n"),
        ask("PONG :x7\r\nJOIN #c\r\n"),
        say("@time=1 :a.test 001 tim :Welcome\r\n:a.test 372 tim :- news\r\n"),
        say(":tim!t@h JOIN #c\r\n:a.test 353 tim = #c :tim bob\r\n"),
        ask("PRIVMSG #c :hello all\r\nNICK bob\r\n"),
        say(":a.test 433 tim bob :Nickname is already in use\r\n"),
        ask("STARTTLS\r\n"),
        say(":a.test 670 tim :go on\r\n"),
        ask(hello()),
    ]
}

#[test]
fn lines_and_who_says_them() {
    let stage = on_port(5555, &talk());
    let rows = stage.rows();
    let found: Vec<&str> = rows.lines().collect();
    assert_eq!(
        found,
        [
            "irc@1 C: CAP LS",
            "irc@1 C: PASS secret",
            "irc@1 C: NICK tim",
            "irc@1 C: USER tim 0 * :Tim Who",
            "irc@2 S: :a.test NOTICE * :*** Looking up",
            "irc@2 S: PING :x7",
            "irc@3 C: PONG :x7",
            "irc@3 C: JOIN #c",
            "irc@4 S: @time=1 :a.test 001 tim :Welcome",
            "irc@4 S: :a.test 372 tim :- news",
            "irc@5 S: :tim!t@h JOIN #c",
            "irc@5 S: :a.test 353 tim = #c :tim bob",
            "irc@6 C: PRIVMSG #c :hello all",
            "irc@6 C: NICK bob",
            "irc@7 S: :a.test 433 tim bob :Nickname is already in use",
            "irc@8 C: STARTTLS",
            "irc@9 S: :a.test 670 tim :go on",
            "tls@10 ",
            "tls@10 Client Hello",
        ]
    );
    let pair =
        |one: &Related| (one.relation == Relation::Answers).then_some((one.from.0, one.to.0));
    let found: Vec<_> = stage.related().iter().filter_map(pair).collect();
    assert_eq!(found, [(6, 5)]);
    assert_eq!(on_port(6667, &crumble(&talk())).messages().len(), 19);
    for (name, expected) in [
        ("irc.request.command", "CAP PASS NICK USER PONG JOIN PRIVMSG NICK STARTTLS"),
        ("irc.request.trailer", "Tim Who x7 hello all"),
        ("irc.response.command", "NOTICE PING JOIN"),
        ("irc.response.num_command", "1 372 353 433 670"),
        ("irc.response.prefix", "a.test a.test a.test tim!t@h a.test a.test a.test"),
    ] {
        assert_eq!(stage.values(name), expected, "{name}");
    }
}

#[test]
fn a_server_that_was_heard_first_is_none_the_less_the_server() {
    let stage = on_port(6667, &[ask(":a.test 372 tim :- news\r\n"), say("QUIT :bye\r\n")]);
    assert_eq!(stage.rows(), "irc@1 S: :a.test 372 tim :- news\nirc@2 C: QUIT :bye\n");
}

#[test]
fn a_word_may_hold_what_clients_say_to_each_other() {
    let stage = on_port(6667, &[ask("PRIVMSG bob :\u{1}DCC SEND f 1 2 3\u{1}\r\n")]);
    assert_eq!(stage.rows(), "irc@1 C: PRIVMSG bob :DCC SEND f 1 2 3\n");
}

#[test]
fn what_is_no_line_is_shown_as_bytes() {
    let long = vec![b'a'; 1 << 17];
    let stage = on_port(6667, &[ask("NICK a\r\n"), ask(&long), ask("\r\nNICK b\r\n")]);
    let rows = stage.rows();
    assert!(rows.starts_with("irc@1 C: NICK a\ndata@2 "), "{rows}");
}

#[test]
fn what_is_told() {
    let mut steps = talk();
    steps.truncate(9);
    steps.push(ask("PART #c\r\nMODE #c\r\nWHO #c\r\nNOTICE bob :hi\r\n12 x\r\nQUIT\r\n"));
    steps.push(say(":tim KICK #c bob\r\nERROR :Closing Link\r\n"));
    check_told(
        &on_port(6667, &steps),
        &[
            "CAP LS | Agrees on what both can do beyond the standard | LS.",
            "PASS … | Gives a password, in the clear",
            "NICK tim | Takes a nickname | tim.",
            "USER tim | Says who it is | Tim Who.",
            "NOTICE * | Says something that no program is to answer | *** Looking up.",
            "PING | Asks whether the other side is still there",
            "PONG | Says that it is still there",
            "JOIN #c | Enters a channel | #c.",
            "001 | Welcomes the client, and says which server it is | Welcome.",
            "372 | Gives a line of the message of the day | - news.",
            "JOIN #c | Enters a channel | #c.",
            "353 | Answers with what was asked for, or tells the state of things | tim bob.",
            "PRIVMSG #c | Says something, to a channel or to one person | hello all.",
            "NICK bob | Takes a nickname | bob.",
            "433 | Says what went wrong | Nickname is already in use.",
            "STARTTLS | Asks to go on in TLS",
            "670 | Agrees to go on in TLS | go on.",
            "PART #c | Leaves a channel | #c.",
            "MODE #c | Changes what is allowed, or asks for it | #c.",
            "WHO #c | Gives the server a command | #c.",
            "NOTICE bob | Says something that no program is to answer | hi.",
            "line | A line that holds no command",
            "QUIT | Leaves the network",
            "KICK #c | Tells what somebody did | bob.",
            "ERROR | Says why it ends the connection | Closing Link.",
        ],
    );
}
