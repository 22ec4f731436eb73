//! Commands that ask nothing of the database, and what a service manager and a container get from the program.

use std::os::unix::net::UnixDatagram;
use std::process::Command;
use std::time::Duration;

use serde_json::Value;

use crate::harness::binary::{Process, run, run_with};
use crate::harness::database::{Copy, on_postgres};
use crate::harness::{Home, SECRET_KEY};

#[test]
fn every_shell_gets_what_it_needs_to_complete_the_command_line() {
    let home = Home::new(Copy::Empty);
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = run(&home, &["completions", shell], "").done();
        assert!(["vestibule", "set-password", "rotate", "dry-run"].iter().all(|word| script.contains(word)), "{shell}");
    }
    assert_eq!(run(&home, &["completions", "tcsh"], "").code, 2);
}

#[test]
fn bash_takes_its_completions() {
    let home = Home::new(Copy::Empty);
    let script = run(&home, &["completions", "bash"], "").done();
    let ask =
        r#"COMP_WORDS=(vestibule user set-); COMP_CWORD=2; _vestibule vestibule set- user; echo "${COMPREPLY[@]}""#;
    let ran = Command::new("bash").args(["-c", &format!("{script}\n{ask}")]).output().expect("bash runs");
    assert_eq!(String::from_utf8_lossy(&ran.stdout).trim(), "set-password", "{ran:?}");
}

#[test]
fn the_manual_has_a_page_for_each_command_and_every_setting() {
    let home = Home::new(Copy::Empty);
    let folder = home.path().join("man");
    std::fs::create_dir(&folder).unwrap();
    run(&home, &["manual", folder.to_str().unwrap()], "").done();
    let page = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
    let first = page("vestibule.1");
    for setting in vestibule::config::SETTINGS {
        assert!(first.contains(setting.name), "{}", setting.name);
    }
    assert!(
        ["ENVIRONMENT", "FILES", "EXIT STATUS", "vestibule\\-user"].iter().all(|part| first.contains(part)),
        "{first}"
    );
    assert!(page("vestibule-keys-rotate.1").contains("compromised"));
    run(&home, &["manual", "/missing/folder"], "").failed_in_one_line("/missing/folder");
}

#[test]
fn a_result_that_can_not_be_written_is_a_failure_and_a_pipe_that_was_closed_is_none() {
    let home = Home::new(Copy::Peopled);
    let to = |target: &str, arguments: &[&str]| {
        let shell = format!("\"$0\" \"$@\" {target}");
        let mut command = Command::new("bash");
        let program = crate::harness::binary::command(&home, arguments, &[]);
        command.args(["-c", &shell]).arg(program.get_program()).args(arguments).current_dir(home.path()).env_clear();
        command.envs(program.get_envs().filter_map(|(name, value)| Some((name, value?)))).env("PATH", "/usr/bin:/bin");
        command.output().expect("bash runs")
    };
    for arguments in
        [&["export"][..], &["user", "list"], &["user", "list", "--json"], &["config"], &["audit", "export"]]
    {
        let ran = to("> /dev/full", arguments);
        let why = String::from_utf8_lossy(&ran.stderr);
        assert_eq!(ran.status.code(), Some(1), "{arguments:?}: {why}");
        assert!(why.contains("could not be written") && why.contains("No space left"), "{why}");
        let closed = to("| head -c 0; exit ${PIPESTATUS[0]}", arguments);
        assert_eq!(closed.status.code(), Some(0), "{arguments:?}: {closed:?}");
    }
}

#[test]
fn settings_are_text_and_other_programs_variables_may_be_anything() {
    use std::os::unix::ffi::OsStrExt;
    let home = Home::new(Copy::Empty);
    let with = |name: &str| {
        let mut command = crate::harness::binary::command(&home, &["config"], &[]);
        command.env(name, std::ffi::OsStr::from_bytes(b"\xff")).output().expect("it runs")
    };
    assert_eq!(with("SOMEBODY_ELSES").status.code(), Some(0));
    let ran = with("HOST");
    let why = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.code() == Some(1) && why.contains("HOST is not UTF-8") && why.lines().count() == 1, "{why}");
}

#[test]
fn a_log_is_not_switched_off_by_a_word_that_is_no_level() {
    let home = Home::new(Copy::Empty);
    for wrong in ["verbose", "info,verbose", "vestibule", "info,foo=blah"] {
        run_with(&home, &["config"], "", &[("RUST_LOG", wrong)]).failed_in_one_line("RUST_LOG");
    }
    for right in ["debug", "WARN", "warn,vestibule=debug", "off"] {
        run_with(&home, &["config"], "", &[("RUST_LOG", right)]).done();
    }
}

#[test]
fn neither_asks_for_sound_settings() {
    let home = Home::new(Copy::Empty);
    let wrong = [("PORT", "eighty")];
    run_with(&home, &["completions", "fish"], "", &wrong).done();
    run_with(&home, &["config"], "", &wrong).failed_in_one_line("PORT");
}

#[test]
fn a_healthcheck_says_whether_the_server_of_these_settings_answers() {
    let home = Home::new(Copy::Peopled);
    let server = Process::serve(&home, &[]);
    let port = server.port().to_string();
    for host in ["127.0.0.1", "0.0.0.0"] {
        let here = [("PORT", port.as_str()), ("HOST", host)];
        assert_eq!(run_with(&home, &["healthcheck"], "", &here).done(), "");
        assert_eq!(run_with(&home, &["healthcheck", "--ready"], "", &here).done(), "");
    }
    drop(server);
    run_with(&home, &["healthcheck"], "", &[("PORT", &port)]).failed_in_one_line("does not answer");
}

#[test]
fn a_healthcheck_tells_a_server_that_stops_from_one_that_is_ready() {
    let home = Home::new(Copy::Peopled);
    let server = Process::serve(&home, &[]);
    let port = server.port().to_string();
    server.signal("TERM");
    crate::harness::within(Duration::from_secs(1), "readiness says no", || {
        run_with(&home, &["healthcheck", "--ready"], "", &[("PORT", &port)]).err.contains("answers with 503")
    });
}

#[test]
fn a_service_manager_is_told_when_it_serves_and_when_it_stops() {
    let home = Home::new(Copy::Peopled);
    let path = home.path().join("notify");
    let manager = UnixDatagram::bind(&path).expect("a socket");
    manager.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let told = || {
        let mut message = [0; 64];
        let bytes = manager.recv(&mut message).expect("a message");
        String::from_utf8_lossy(&message[..bytes]).into_owned()
    };
    let server = Process::serve(&home, &[("NOTIFY_SOCKET", path.to_str().unwrap())]);
    assert_eq!(told(), "READY=1\n");
    server.signal("TERM");
    assert_eq!(told(), "STOPPING=1\n");
}

#[test]
fn a_secret_may_stand_in_a_file() {
    let home = Home::new(Copy::Peopled);
    let file = home.path().join("credential");
    std::fs::write(&file, format!("{SECRET_KEY}\n")).unwrap();
    let by_file = [("SECRET_KEY", ""), ("SECRET_KEY_FILE", file.to_str().unwrap())];
    // Another key would not open what the home's own has sealed.
    let server = Process::serve(&home, &by_file);
    drop(server);
    let shown: Value = serde_json::from_str(&run_with(&home, &["config", "--json"], "", &by_file).done()).unwrap();
    assert_eq!((&shown["SECRET_KEY"], &shown["SECRET_KEY_FILE"]), (&"***".into(), &file.to_str().unwrap().into()));
    run_with(&home, &["config"], "", &[by_file[1]]).failed_in_one_line("SECRET_KEY is set as well");
    std::fs::write(&file, "sqlite://standby.db").unwrap();
    let replica = [("DATABASE_READ_URL_FILE", file.to_str().unwrap())];
    run_with(&home, &["config"], "", &replica).failed_in_one_line("DATABASE_READ_URL is \"sqlite://standby.db\"");
    std::fs::write(&file, "postgres://reader@standby/vestibule").unwrap();
    let embedded = [("DATABASE_URL", "sqlite://here.db"), replica[0]];
    run_with(&home, &["config"], "", &embedded).failed_in_one_line("DATABASE_READ_URL is set and DATABASE_URL is no");
    std::fs::write(&file, "\n").unwrap();
    run_with(&home, &["config"], "", &by_file).failed_in_one_line("is empty");
    std::fs::remove_file(&file).unwrap();
    run_with(&home, &["config"], "", &by_file).failed_in_one_line("can't be read");
}

#[test]
fn a_measurement_recommends_a_cost_and_leaves_nothing_behind() {
    let home = Home::new(Copy::Peopled);
    let before = home.database.texts("SELECT id AS value FROM audit_log");
    let measured = run(&home, &["bench", "--up-to", "10", "--json"], "").done();
    let measured: Value = serde_json::from_str(&measured).expect("JSON");
    assert_eq!((&measured["hashing"][0]["cost"], &measured["advice"]["cost"]), (&10.into(), &10.into()));
    let database = measured["writing"]["database"].as_str().unwrap();
    assert!(database.starts_with(if on_postgres() { "postgres" } else { "sqlite" }), "{database}");
    for figure in [&measured["hashing"][0]["checks_per_second"], &measured["writing"]["together_per_second"]] {
        assert!(figure.as_f64().is_some_and(|figure| figure > 0.0), "{measured}");
    }
    assert_eq!(home.database.texts("SELECT id AS value FROM audit_log"), before);
    let left = std::fs::read_dir(home.path()).unwrap().flatten().map(|entry| entry.file_name());
    assert!(left.into_iter().all(|name| !name.to_string_lossy().starts_with("bench")));
    let printed = run(&home, &["bench", "--up-to", "10", "--sign-ins", "100000"], "").done();
    assert!(printed.contains("Recommended: BCRYPT_COST=10, the lowest there is, though"), "{printed}");
}
