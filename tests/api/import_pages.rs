//! Users in and out by page: looked through first, then done, with a report, and all of it without a script.

use std::time::Duration;

use crate::harness::people::{HTML, Person};
use crate::harness::{TestApp, spawn_app, within};

fn form(file_name: &str, content: &str, more: &[(&str, &str)]) -> String {
    let mut body = String::new();
    for (name, value) in more {
        body += &format!("--X\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    }
    body + &format!(
        "--X\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{file_name}\"\r\nContent-Type: application/octet-stream\r\n\r\n{content}\r\n--X--\r\n"
    )
}

fn send(person: &Person, body: String) -> crate::harness::answer::Answer {
    person.post("/admin/users/import").body("multipart/form-data; boundary=X", body).send()
}

/// The page once nothing moves on it any more.
fn settled(person: &Person, path: &str) -> String {
    let page = || person.get(path).send().expect(200).text();
    within(Duration::from_secs(60), "the import is gone through", || !page().contains("data-poll"));
    page()
}

const CSV: &str = "username,email,name,roles\none,one@example.org,<b>One</b>,\nalice,alice@example.com,Alice,\n=cmd,cmd@example.org,x,\ntwo,two@example.org,Two,pirate\n";

#[test]
fn a_file_is_checked_then_imported_and_its_report_taken_along() {
    let app = spawn_app();
    let root = app.browser_of("root");
    let page = root.get("/admin/users/import").send().expect(200).text();
    assert!(page.contains("multipart/form-data") && page.contains("No imports yet"));
    let sent = send(&root, form("people <x>.csv", CSV, &[("format", "")])).expect(303);
    let place = sent.location().to_owned();
    let page = settled(&root, &place);
    assert!(page.contains("Checked") && page.contains("Import 2 users"), "{page}");
    assert!(page.contains("people &#60;x&#62;.csv") || page.contains("people &lt;x&gt;.csv"), "{page}");
    assert!(page.contains("there is no role called &#34;pirate&#34;"), "{page}");
    assert!(!page.contains("<b>One</b>"));
    let refused = root.get(&format!("{place}?verdict=refused")).send().expect(200).text();
    assert!(refused.contains("pirate") && !refused.contains("is there already"));
    let next = root.post(&format!("{place}/run")).send().expect(303);
    assert_eq!(next.location(), place);
    let page = settled(&root, &place);
    assert!(page.contains("Done") && page.contains("Show users"), "{page}");
    let report = root.get(&format!("{place}/report")).send().expect(200);
    assert!(report.header("content-disposition").is_some_and(|name| name.contains("import-2030-01-01.csv")));
    let report = report.text();
    assert!(report.starts_with("row,verdict,who,detail\r\n2,kept,alice,"), "{report}");
    assert!(report.contains("\r\n3,converted,'=cmd,"), "no formula: {report}");
    assert_eq!(report.lines().count(), 4);
    let list = root.get("/admin/users/import").send().expect(200).text();
    assert!(list.contains(&place) && list.contains("Done"));
    root.post(&format!("{place}/discard")).send().expect(303);
    let gone = root.get("/admin/users/import?done=import-discarded").send().expect(200).text();
    assert!(gone.contains("The import was put away.") && gone.contains("No imports yet"));
    root.get(&place).send().expect(404);
    root.post(&format!("{place}/run")).send().expect(404);
}

#[test]
fn a_form_that_can_not_be_taken_comes_back_with_the_reason() {
    let app = spawn_app();
    let root = app.browser_of("root");
    let page = send(&root, form("x", "nonsense", &[("format", ""), ("create_roles", "true")])).expect(422).text();
    assert!(page.contains("It can&#39;t be told") || page.contains("can't be told"), "{page}");
    assert!(page.contains("name=\"create_roles\" value=\"true\" checked"));
    let page = send(&root, form("", "", &[])).expect(422).text();
    assert!(page.contains("Choose a file that is not empty."));
}

#[test]
fn pages_hide_and_refuse_what_somebody_may_not() {
    let app = spawn_app();
    app.home.database.run("INSERT INTO roles (id, name, created_at) VALUES ('reader', 'reader', 0)");
    app.home.database.run("INSERT INTO role_permissions (role_id, permission) VALUES ('reader', 'users:read')");
    app.invite(&app.admin(), "reader", &["reader"]);
    let reader = app.browser_of("reader");
    let list = reader.get("/admin/users").send().expect(200).text();
    assert!(!list.contains("/admin/users/import") && list.contains("/admin/users/export"));
    reader.get("/admin/users/import").send().expect(403);
    send(&reader, form("x.csv", CSV, &[])).expect(403);
    let page = reader.get("/admin/users/export").send().expect(200).text();
    assert!(page.contains("every permission") && !page.contains("name=\"secrets\""));
    reader.post("/admin/users/export").form(&[("format", "csv")]).send().expect(200);
    reader.post("/admin/users/export").form(&[("format", "csv"), ("secrets", "true")]).send().expect(403);
}

#[test]
fn a_stale_proof_is_renewed_before_somebody_sends_a_file() {
    let app = spawn_app();
    let root = app.browser_of("root");
    app.advance(16 * 60);
    let to = root.get("/admin/users/import").send().expect(303);
    assert_eq!(to.location(), "/confirm?next=%2Fadmin%2Fusers%2Fimport");
    root.post("/admin/users/export").form(&[("format", "jsonl"), ("secrets", "true")]).send().expect(303);
    root.post("/admin/users/export").form(&[("format", "jsonl")]).send().expect(200);
}

#[test]
fn another_site_sends_no_file_through_somebodys_browser() {
    let app: TestApp = spawn_app();
    let root = app.browser_of("root").with("Sec-Fetch-Site", "cross-site").with("Accept", HTML);
    send(&root, form("x.csv", CSV, &[])).expect(403);
    root.post("/admin/users/export").form(&[("format", "csv")]).send().expect(403);
}

#[test]
fn a_download_is_a_file_of_everybody() {
    let app = spawn_app();
    let root = app.browser_of("root");
    let file = root.post("/admin/users/export").form(&[("format", "csv"), ("secrets", "true")]).send().expect(200);
    assert_eq!(file.header("content-disposition"), Some("attachment; filename=\"users-2030-01-01.csv\""));
    assert_eq!(file.text().lines().count(), 4);
    let page = root.post("/admin/users/export").form(&[("format", "xml")]).send().expect(422).text();
    assert!(page.contains("This may be jsonl or csv."));
}
