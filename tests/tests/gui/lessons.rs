//! What is taught about steps and fields, beside what is chosen.

use super::*;

#[test]
fn a_field_leads_to_what_is_taught_about_it() {
    let mut harness = explore(recording("tls13-full"));
    choose_row(&mut harness, "[SYN]");
    let field = "Destination Port: 443";
    until(&mut harness, field, |harness| harness.query_by_label(field).is_some());
    let title = wirestage::lessons::about("tcp.dstport").expect("it has a lesson").title;
    assert!(harness.query_by_label(title).is_none(), "the step is about the whole segment");
    harness.get_by_label(field).click_accesskit();
    harness.run_steps(SETTLED);
    assert!(harness.query_by_label(title).is_some(), "the step panel teaches {title}");
    // Neither this field nor what it is part of has one.
    harness.get_by_label_contains("Stream index: ").click_accesskit();
    harness.run_steps(SETTLED);
    assert!(harness.query_by_label(title).is_none());
}
