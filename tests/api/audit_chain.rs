//! The audit log as it can be proven: whoever has the database, and not the key, changes nothing in it unnoticed.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use serde_json::Value;
use vestibule::audit;

use crate::harness::binary::{self, Ran};
use crate::harness::database::on_postgres;
use crate::harness::{START, TestApp, at_once, spawn_app, spawn_with, start, wait_for};

/// Some more entries, by alice.
fn sign_in(app: &TestApp, times: usize) {
    for _ in 0..times {
        app.alice();
    }
}

fn verify(app: &TestApp) -> Ran {
    binary::run(&app.home, &["audit", "verify"], "")
}

#[track_caller]
fn is_whole(app: &TestApp) -> String {
    verify(app).done()
}

#[track_caller]
fn is_found(app: &TestApp, what: &str) {
    let ran = verify(app);
    ran.failed_in_one_line(what);
}

fn head(app: &TestApp) -> i64 {
    let query = "SELECT CAST(seq AS TEXT) AS value FROM audit_chain";
    app.home.database.texts(query).remove(0).parse().expect("a number")
}

fn numbers(app: &TestApp) -> Vec<i64> {
    let query = "SELECT CAST(seq AS TEXT) AS value FROM audit_log ORDER BY seq";
    app.home.database.texts(query).iter().map(|text| text.parse().expect("a number")).collect()
}

fn checkpoint(app: &TestApp) {
    wait_for(audit::keep_checkpoint(&app.app)).expect("a checkpoint");
}

fn checkpoints_file(app: &TestApp) -> PathBuf {
    app.home.path().join("audit-checkpoints.jsonl")
}

/// What somebody with the database does first.
fn drop_triggers(app: &TestApp) {
    let on = if on_postgres() { " ON audit_log" } else { "" };
    let cuts = if on_postgres() { " ON audit_cuts" } else { "" };
    app.home.database.run(&format!(
        "DROP TRIGGER audit_log_stays{on}; DROP TRIGGER audit_log_is_kept{on}; DROP TRIGGER audit_cuts_stay{cuts};"
    ));
    if !on_postgres() {
        app.home.database.run("DROP TRIGGER audit_cuts_are_kept");
    }
}

#[test]
fn the_chain_holds_for_everything_that_was_recorded() {
    let app = spawn_app();
    let admin = app.admin();
    let bob = app.bob();
    admin.post(&format!("/api/users/{}/disable", bob.id())).send().expect(200);
    sign_in(&app, 2);
    let whole = is_whole(&app);
    assert!(whole.starts_with(&format!("The audit log is whole: entries 1 to {}; ", head(&app))), "{whole}");
    assert!(whole.contains("agree"), "the checkpoint of the start: {whole}");
    let gapless: Vec<i64> = (1..=head(&app)).collect();
    assert_eq!(numbers(&app), gapless);
}

#[test]
fn many_who_record_at_once_make_one_chain_without_gaps() {
    let app = spawn_app();
    at_once(8, |_| sign_in(&app, 3));
    let gapless: Vec<i64> = (1..=head(&app)).collect();
    assert_eq!(numbers(&app), gapless);
    is_whole(&app);
}

#[test]
fn what_is_rolled_back_leaves_no_gap() {
    let app = spawn_app();
    let before = head(&app);
    let taken =
        serde_json::json!({"username": "alice", "email": "other@example.com", "password": "violet kettle orbit"});
    app.anon().post("/signup").json(taken).send().expect(400);
    sign_in(&app, 1);
    assert_eq!(head(&app), before + 1);
    is_whole(&app);
}

#[test]
fn the_program_itself_can_neither_change_nor_remove_an_entry() {
    let app = spawn_app();
    sign_in(&app, 2);
    let before = app.home.database.texts("SELECT detail || address AS value FROM audit_log ORDER BY seq");
    for statement in [
        "UPDATE audit_log SET address = '' WHERE seq = 1",
        "DELETE FROM audit_log WHERE seq = 1",
        "DELETE FROM audit_log",
        "INSERT INTO audit_cuts (seq, cut_at, signature) VALUES (0, 0, ''); UPDATE audit_cuts SET seq = 9",
    ] {
        let database = &app.home.database;
        let refused = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| database.run(statement)));
        assert!(refused.is_err(), "{statement}");
    }
    let after = app.home.database.texts("SELECT detail || address AS value FROM audit_log ORDER BY seq");
    assert_eq!(after, before);
}

#[test]
fn an_entry_that_was_changed_is_named_whatever_was_changed_of_it() {
    for change in [
        "detail = '{\"way\":\"other\"}'",
        "address = '203.0.113.9'",
        "actor_name = 'bob'",
        "actor_id = NULL",
        "subject_name = NULL",
        "kind = 'signin.failed'",
        "at = at + 1",
        "request_id = 'x'",
        "hash = NULL",
    ] {
        let app = spawn_app();
        sign_in(&app, 3);
        let seq = head(&app) - 1;
        drop_triggers(&app);
        app.home.database.run(&format!("UPDATE audit_log SET {change} WHERE seq = {seq}"));
        is_found(&app, &format!("Entry {seq} was changed"));
    }
}

#[test]
fn entries_that_were_taken_out_are_named() {
    let app = spawn_app();
    sign_in(&app, 4);
    let last = head(&app);
    drop_triggers(&app);
    app.home.database.run(&format!("DELETE FROM audit_log WHERE seq IN ({}, {})", last - 2, last - 1));
    is_found(&app, &format!("Entries {} to {} were taken out", last - 2, last - 1));
}

#[test]
fn two_entries_that_changed_places_are_found() {
    let app = spawn_app();
    sign_in(&app, 3);
    let last = head(&app);
    drop_triggers(&app);
    app.home.database.run(&format!(
        "UPDATE audit_log SET seq = -1 WHERE seq = {0}; UPDATE audit_log SET seq = {0} WHERE seq = {1}; \
         UPDATE audit_log SET seq = {1} WHERE seq = -1",
        last - 1,
        last
    ));
    is_found(&app, &format!("Entry {} was changed, or does not follow", last - 1));
}

/// One more entry, as an attacker copies it.
fn copy_entry(app: &TestApp, from: i64, to: i64) {
    app.home.database.run(&format!(
        "INSERT INTO audit_log (seq, id, at, kind, address, request_id, detail, hash) \
         SELECT {to}, id, at, kind, address, request_id, detail, hash FROM audit_log WHERE seq = {from}"
    ));
}

#[test]
fn entries_that_nobody_recorded_are_found_wherever_they_were_put() {
    let app = spawn_app();
    sign_in(&app, 2);
    let last = head(&app);
    copy_entry(&app, last, last + 1);
    is_found(&app, &format!("Entry {} was put in", last + 1));

    let app = spawn_app();
    copy_entry(&app, 1, 0);
    is_found(&app, "Entry 0 was put in");

    let app = spawn_app();
    let last = head(&app);
    drop_triggers(&app);
    app.home
        .database
        .run(&format!("UPDATE audit_log SET seq = seq + 1 WHERE seq = {last}; UPDATE audit_chain SET seq = seq + 1"));
    copy_entry(&app, 1, last);
    is_found(&app, &format!("Entry {last} was changed"));
}

#[test]
fn an_end_that_was_cut_off_is_found_also_where_the_head_was_put_back() {
    let app = spawn_app();
    sign_in(&app, 3);
    checkpoint(&app);
    let last = head(&app);
    drop_triggers(&app);
    app.home.database.run(&format!("DELETE FROM audit_log WHERE seq > {}", last - 2));
    is_found(&app, &format!("the last entry is {}, and there were {last} at least", last - 2));
    app.home.database.run(&format!(
        "UPDATE audit_chain SET seq = {0}, hash = (SELECT hash FROM audit_log WHERE seq = {0})",
        last - 2
    ));
    is_found(&app, &format!("the last entry is {}, and there were {last} at least", last - 2));
    // Without the checkpoints nobody could tell; whoever kept them elsewhere still can.
    let kept = checkpoints_file(&app).with_file_name("kept.jsonl");
    std::fs::rename(checkpoints_file(&app), &kept).expect("the file is there");
    let unaware = verify(&app).done();
    assert!(unaware.contains("No checkpoint was there"), "{unaware}");
    let kept = kept.display().to_string();
    binary::run(&app.home, &["audit", "verify", "--checkpoints", &kept], "").failed_in_one_line("The end is missing");
    binary::run(&app.home, &["audit", "verify", "--checkpoints", "nowhere"], "")
        .failed_in_one_line("nowhere does not exist");
}

/// The chain as somebody makes it anew who can do all that the server can, but has no key.
fn rewrite(app: &TestApp, from: i64) {
    let export = binary::run(&app.home, &["audit", "export"], "").done();
    let mut previous = [0_u8; 32];
    for line in export.lines() {
        let mut entry: Value = serde_json::from_str(line).expect("JSON");
        let seq = entry["seq"].as_i64().expect("a number");
        if seq == from {
            entry["address"] = "203.0.113.9".into();
            app.home.database.run(&format!("UPDATE audit_log SET address = '203.0.113.9' WHERE seq = {seq}"));
        }
        previous = hash_of(&previous, &entry);
        let digits: String = previous.iter().map(|byte| format!("{byte:02x}")).collect();
        if seq < from {
            assert_eq!(entry["hash"], digits, "the form of docs/AUDIT.md");
        } else {
            let literal = if on_postgres() { format!("'\\x{digits}'") } else { format!("x'{digits}'") };
            app.home.database.run(&format!("UPDATE audit_log SET hash = {literal} WHERE seq = {seq}"));
            app.home.database.run(&format!("UPDATE audit_chain SET hash = {literal}"));
        }
    }
}

/// As docs/AUDIT.md says it, by nothing of the server's.
fn hash_of(previous: &[u8; 32], entry: &Value) -> [u8; 32] {
    let mut form = b"vestibule audit entry v1".to_vec();
    form.extend(previous);
    form.extend(entry["seq"].as_i64().unwrap().to_be_bytes());
    form.extend(
        vestibule::platform::time::UnixTime::parse(entry["at"].as_str().unwrap()).unwrap().millis().to_be_bytes(),
    );
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let person = |value: &Value| [text(&value["id"]), text(&value["username"])];
    let [actor_id, actor] = person(&entry["actor"]);
    let [subject_id, subject] = person(&entry["subject"]);
    let texts = [
        text(&entry["id"]),
        text(&entry["kind"]),
        actor_id,
        actor,
        subject_id,
        subject,
        text(&entry["session_id"]),
        text(&entry["address"]),
        text(&entry["request_id"]),
        Some(entry["detail"].to_string()),
    ];
    for text in texts {
        match text {
            None => form.push(0),
            Some(text) => {
                form.push(1);
                form.extend((text.len() as u64).to_be_bytes());
                form.extend(text.as_bytes());
            }
        }
    }
    vestibule::platform::secret::sha256(&form)
}

#[test]
fn a_chain_that_was_rewritten_whole_is_found_by_its_checkpoints() {
    let app = spawn_app();
    sign_in(&app, 3);
    checkpoint(&app);
    sign_in(&app, 1);
    is_whole(&app);
    drop_triggers(&app);
    let checked = head(&app) - 1;
    rewrite(&app, checked - 1);
    is_found(&app, &format!("a checkpoint says that entry {checked} was another"));
    // What was not signed for yet is only as safe as the next checkpoint is near.
    let export = binary::run(&app.home, &["audit", "export"], "").done();
    let file = app.home.path().join("export.jsonl");
    std::fs::write(&file, export).expect("a file");
    let file = file.display().to_string();
    binary::run(&app.home, &["audit", "verify", &file], "").failed_in_one_line("a checkpoint says");
}

#[test]
fn a_checkpoint_that_somebody_else_signed_is_none() {
    let app = spawn_app();
    sign_in(&app, 1);
    checkpoint(&app);
    let file = checkpoints_file(&app);
    let text = std::fs::read_to_string(&file).expect("a file");
    let seq = head(&app);
    std::fs::write(&file, text.replace(&format!("\"seq\":{seq},"), &format!("\"seq\":{},", seq - 1))).expect("a file");
    is_found(&app, &format!("The checkpoint of entry {} was not signed", seq - 1));
}

#[test]
fn checkpoints_are_kept_at_the_start_and_the_end_for_the_owner_alone_and_in_the_log() {
    let home = spawn_app().home.clone();
    let file = home.path().join("audit-checkpoints.jsonl");
    let lines = || std::fs::read_to_string(&file).map_or(0, |text| text.lines().count());
    let before = lines();
    let mut server = binary::Process::serve(&home, &[]);
    crate::harness::within(std::time::Duration::from_secs(5), "a checkpoint at the start", || lines() == before + 1);
    assert_eq!(std::fs::metadata(&file).expect("a file").permissions().mode() & 0o777, 0o600);
    server.signal("TERM");
    assert_eq!(server.ended(std::time::Duration::from_secs(20)), Some(0));
    assert_eq!(lines(), before + 2);
    // The line of the log has the same fields: a log that was shipped elsewhere will do.
    let log = home.path().join("shipped.log");
    std::fs::write(&log, server.log().replace("}{", "}\n{")).expect("a file");
    let log = log.display().to_string();
    let whole = binary::run(&home, &["audit", "verify", "--checkpoints", &log], "").done();
    assert!(whole.contains("agree"), "{whole}");
}

#[test]
fn what_is_too_old_goes_and_the_rest_can_still_be_proven() {
    let app = spawn_with(&[("AUDIT_DAYS", "30")]);
    sign_in(&app, 3);
    checkpoint(&app);
    let old = head(&app);
    wait_for(audit::trim(&app.app)).expect("nothing to do");
    assert_eq!(numbers(&app)[0], 1, "nothing is old yet");
    app.advance(32 * 86_400);
    sign_in(&app, 2);
    wait_for(audit::trim(&app.app)).expect("the old ones go");
    assert_eq!(numbers(&app), [old + 1, old + 2, old + 3], "and the log says so");
    let told = app.home.database.texts("SELECT detail AS value FROM audit_log WHERE kind = 'audit.trimmed'");
    let told: Value = serde_json::from_str(&told[0]).expect("JSON");
    assert_eq!((&told["entries"], &told["up_to"]), (&old.into(), &old.into()));
    assert_eq!(told["before"], "2030-01-03T00:00:00Z");
    let whole = is_whole(&app);
    assert!(whole.contains(&format!("entries {} to {}", old + 1, old + 3)), "{whole}");
    // A second time on the same day there is nothing left to do.
    wait_for(audit::trim(&app.app)).expect("nothing");
    assert_eq!(numbers(&app).len(), 3);
    let export = binary::run(&app.home, &["audit", "export"], "").done();
    let file = app.home.path().join("export.jsonl");
    std::fs::write(&file, export).expect("a file");
    let whole = binary::run(&app.home, &["audit", "verify", &file.display().to_string()], "").done();
    assert!(whole.contains(&format!("entries {} to {}", old + 1, old + 3)), "{whole}");
}

#[test]
fn entries_are_kept_for_ever_unless_it_is_said_otherwise() {
    let app = spawn_app();
    let before = numbers(&app);
    app.advance(40 * 365 * 86_400);
    wait_for(audit::trim(&app.app)).expect("nothing to do");
    assert_eq!(numbers(&app), before);
}

#[test]
fn a_cut_that_nobody_signed_is_found() {
    let app = spawn_app();
    sign_in(&app, 4);
    let last = head(&app);
    // The program's own guard lets through what was cut off; the signature is what counts.
    app.home.database.run(&format!(
        "INSERT INTO audit_cuts (seq, hash, cut_at, signature) SELECT seq, hash, {}, hash FROM audit_log WHERE seq = {}; \
         DELETE FROM audit_log WHERE seq <= {1}",
        START * 1000,
        last - 1
    ));
    is_found(&app, &format!("What came up to entry {} is gone", last - 1));
    // Nor does a checkpoint of the head count as one.
    let app = spawn_app();
    sign_in(&app, 2);
    checkpoint(&app);
    let (text, last) = (std::fs::read_to_string(checkpoints_file(&app)).expect("a file"), head(&app));
    let signed: Value = serde_json::from_str(text.lines().last().expect("a line")).expect("JSON");
    let bytes = |name: &str| {
        let digits = signed[name].as_str().expect("digits");
        if on_postgres() { format!("'\\x{digits}'") } else { format!("x'{digits}'") }
    };
    sign_in(&app, 1);
    app.home.database.run(&format!(
        "INSERT INTO audit_cuts (seq, hash, cut_at, signature) VALUES ({last}, {}, {}, {}); \
         DELETE FROM audit_log WHERE seq <= {last}",
        bytes("hash"),
        START * 1000,
        bytes("signature")
    ));
    is_found(&app, &format!("What came up to entry {last} is gone"));
}

#[test]
fn a_cut_that_was_taken_away_is_found() {
    let app = spawn_with(&[("AUDIT_DAYS", "30")]);
    let old = head(&app);
    app.advance(40 * 86_400);
    sign_in(&app, 1);
    wait_for(audit::trim(&app.app)).expect("the old ones go");
    is_whole(&app);
    copy_entry(&app, old + 1, 1);
    is_found(&app, "Entry 1 was put in");
    drop_triggers(&app);
    app.home.database.run("DELETE FROM audit_log WHERE seq = 1; DELETE FROM audit_cuts");
    is_found(&app, &format!("Entries 1 to {old} were taken out"));
}

#[test]
fn what_a_proof_came_to_is_json_for_programs() {
    let app = spawn_app();
    sign_in(&app, 2);
    let run = || binary::run(&app.home, &["audit", "verify", "--json"], "");
    let told: Value = serde_json::from_str(&run().done()).expect("JSON");
    assert_eq!((&told["ok"], &told["from"], &told["to"]), (&true.into(), &1.into(), &head(&app).into()));
    drop_triggers(&app);
    app.home.database.run("DELETE FROM audit_log WHERE seq = 2");
    let ran = run();
    assert_eq!(ran.code, 1);
    let told: Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!((&told["ok"], &told["finding"]["kind"]), (&false.into(), &"missing".into()));
    assert_eq!(ran.err.lines().count(), 1, "{}", ran.err);
}

#[test]
fn an_export_that_was_changed_is_found_and_what_is_none_is_said() {
    let app = spawn_app();
    sign_in(&app, 2);
    let export = binary::run(&app.home, &["audit", "export"], "").done();
    let file = app.home.path().join("export.jsonl");
    let path = file.display().to_string();
    let verify = |text: &str| {
        std::fs::write(&file, text).expect("a file");
        binary::run(&app.home, &["audit", "verify", &path], "")
    };
    verify(&export).done();
    let from_the_middle: String = export.lines().skip(2).map(|line| format!("{line}\n")).collect();
    assert!(verify(&from_the_middle).done().contains("entries 3 to"));
    verify(&export.replacen("alice", "alicf", 1)).failed_in_one_line("was changed");
    let without: String =
        export.lines().enumerate().filter(|(n, _)| *n != 1).map(|(_, line)| format!("{line}\n")).collect();
    verify(&without).failed_in_one_line("Entry 2 was taken out");
    let again: Vec<&str> = export.lines().take(2).chain(export.lines().take(1)).collect();
    verify(&(again.join("\n") + "\n")).failed_in_one_line("put in");
    let lines: Vec<&str> = export.lines().rev().collect();
    verify(&(lines.join("\n") + "\n")).failed_in_one_line("newest first");
    verify("nonsense\n").failed_in_one_line("line 1 is no entry of an export");
}

#[test]
fn an_installation_from_before_the_chain_goes_on_with_one() {
    let app = spawn_app();
    // As the migration leaves what was there: numbered, without hashes.
    drop_triggers(&app);
    app.home.database.run("UPDATE audit_log SET hash = NULL; UPDATE audit_chain SET hash = NULL");
    let (home, file) = (app.home.clone(), checkpoints_file(&app));
    drop(app);
    let _ = std::fs::remove_file(file);
    let app = start(home, &[]);
    sign_in(&app, 2);
    let last = head(&app);
    let whole = is_whole(&app);
    assert!(whole.contains(&format!("entries 1 to {last}")), "{whole}");
    app.home.database.run(&format!("UPDATE audit_log SET hash = NULL WHERE seq = {last}"));
    is_found(&app, &format!("Entry {last} was changed"));
}
