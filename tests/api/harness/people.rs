//! Test clients are people: nobody in particular, somebody with a program, somebody at a browser.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use ureq::http::{Request, Response};
use ureq::{Agent, Body};

use super::answer::Answer;
use super::{PASSWORD, TestApp};
use vestibule::platform::time::Clock;

pub const HTML: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

/// Somebody who sends requests. Clones share the cookies.
#[derive(Clone)]
pub struct Person {
    agent: Agent,
    clock: Clock,
    base: String,
    headers: Vec<(String, String)>,
    pub jar: Option<Jar>,
    pub tokens: Value,
}

/// The cookies of a browser.
#[derive(Clone, Default)]
pub struct Jar(Arc<Mutex<BTreeMap<String, String>>>);

impl TestApp {
    /// A program that says nothing about itself.
    pub fn anon(&self) -> Person {
        Person::at(&self.url, self.clock.clone())
    }

    /// A program with tokens that it got for these form fields.
    pub fn program(&self, fields: &[(&str, &str)]) -> Person {
        let tokens = self.anon().post("/token").form(fields).send().expect(200).json();
        self.anon().holding(tokens)
    }

    /// Somebody who has signed up, with their tokens.
    pub fn user(&self, name: &str) -> Person {
        self.program(&[("username", name), ("password", PASSWORD)])
    }

    pub fn alice(&self) -> Person {
        self.user("alice")
    }

    pub fn bob(&self) -> Person {
        self.user("bob")
    }

    /// Who followed the setup link.
    pub fn admin(&self) -> Person {
        self.user("root")
    }

    /// Somebody at a browser, signed in nowhere.
    pub fn browser(&self) -> Person {
        let mut person = self.anon().with("Accept", HTML);
        person.jar = Some(Jar::default());
        person
    }

    /// Somebody at a browser, signed in.
    pub fn browser_of(&self, name: &str) -> Person {
        let person = self.browser();
        person.post("/login").form(&[("username", name), ("password", PASSWORD)]).send().expect(303);
        person
    }

    /// A service that may ask about everybody's tokens, and nothing else.
    pub fn service(&self) -> Person {
        self.program(&[("username", "root"), ("password", PASSWORD), ("scope", "tokens:introspect")])
    }

    pub fn user_id(&self, name: &str) -> String {
        self.home.database.texts(&format!("SELECT id AS value FROM users WHERE username = '{name}'")).remove(0)
    }

    /// What a refresh token gets: 200 and its successor, or 401.
    pub fn refresh(&self, person: &Person) -> Answer {
        self.anon().post("/refresh").json(json!({"refresh_token": person.refresh_token()})).send()
    }

    /// Makes a role as the administrator; its id.
    pub fn make_role(&self, admin: &Person, name: &str, permissions: &[&str]) -> String {
        let new = json!({"name": name, "permissions": permissions});
        admin.post("/api/roles").json(new).send().expect(201).json()["id"].as_str().expect("an id").to_owned()
    }

    /// Makes somebody as the administrator, with these roles.
    pub fn invite(&self, admin: &Person, name: &str, roles: &[&str]) -> String {
        let new =
            json!({"username": name, "email": format!("{name}@example.com"), "password": PASSWORD, "roles": roles});
        admin.post("/api/users").json(new).send().expect(201).json()["id"].as_str().expect("an id").to_owned()
    }
}

impl Person {
    pub fn at(url: &str, clock: Clock) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(Duration::from_secs(30)))
            .build();
        Self { agent: config.into(), clock, base: url.to_owned(), headers: Vec::new(), jar: None, tokens: Value::Null }
    }

    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same person with these tokens.
    pub fn holding(&self, tokens: Value) -> Self {
        let bearer = tokens["access_token"].as_str().map(|token| format!("Bearer {token}"));
        let mut person = Self { tokens, ..self.clone() };
        person.headers.retain(|(name, _)| name != "Authorization");
        person.headers.extend(bearer.map(|bearer| ("Authorization".to_owned(), bearer)));
        person
    }

    pub fn bearing(&self, token: &str) -> Self {
        self.holding(json!({ "access_token": token }))
    }

    pub fn access(&self) -> &str {
        self.tokens["access_token"].as_str().expect("an access token")
    }

    pub fn refresh_token(&self) -> &str {
        self.tokens["refresh_token"].as_str().expect("a refresh token")
    }

    /// The session of their tokens.
    pub fn sid(&self) -> String {
        super::forge::claims_of(self.access())["sid"].as_str().expect("a sid").to_owned()
    }

    /// Their id.
    pub fn id(&self) -> String {
        super::forge::claims_of(self.access())["sub"].as_str().expect("a sub").to_owned()
    }

    pub fn get(&self, path: &str) -> Call {
        self.call("GET", path)
    }

    pub fn post(&self, path: &str) -> Call {
        self.call("POST", path)
    }

    pub fn put(&self, path: &str) -> Call {
        self.call("PUT", path)
    }

    pub fn patch(&self, path: &str) -> Call {
        self.call("PATCH", path)
    }

    pub fn delete(&self, path: &str) -> Call {
        self.call("DELETE", path)
    }

    pub fn call(&self, method: &str, path: &str) -> Call {
        Call {
            person: self.clone(),
            method: method.to_owned(),
            path: path.to_owned(),
            headers: self.headers.clone(),
            body: None,
        }
    }

    /// Whether the access token is still good.
    pub fn is_known(&self) -> bool {
        match self.get("/protected").send().status {
            200 => true,
            401 => false,
            other => panic!("/protected answered {other}"),
        }
    }

    /// Whether the browser is signed in.
    pub fn is_at_home(&self) -> bool {
        let answer = self.get("/account").send();
        match (answer.status, answer.header("location")) {
            (200, _) => true,
            (303, Some("/login?next=%2Faccount")) => false,
            other => panic!("/account answered {other:?}"),
        }
    }
}

/// A request that is being put together.
pub struct Call {
    person: Person,
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
}

impl Call {
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(before, _)| !before.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn json(self, value: Value) -> Self {
        self.body("application/json", value.to_string())
    }

    pub fn form(self, fields: &[(&str, &str)]) -> Self {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.body("application/x-www-form-urlencoded", body)
    }

    pub fn body(mut self, media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self.with("Content-Type", media_type)
    }

    pub fn send(self) -> Answer {
        let named = format!("{} {}", self.method, self.path);
        Answer::read(self.ask().unwrap_or_else(|e| panic!("{named}: {e}")))
    }

    /// The answer, or nothing where the server was gone before it had come to its end.
    pub fn heard(self) -> Option<Answer> {
        self.ask().ok().and_then(Answer::heard)
    }

    fn ask(self) -> Result<Response<Body>, ureq::Error> {
        // A request takes its millisecond, so that nothing happens at the same moment as what led to it.
        self.person.clock.advance(Duration::from_millis(1));
        let mut request =
            Request::builder().method(self.method.as_str()).uri(format!("{}{}", self.person.base, self.path));
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if let Some(cookies) = self.person.jar.as_ref().and_then(Jar::sent) {
            request = request.header("Cookie", cookies);
        }
        let agent = &self.person.agent;
        let response = match self.body {
            Some(body) => agent.run(request.body(body).expect("a request")),
            None => agent.run(request.body(()).expect("a request")),
        };
        if let (Some(jar), Ok(response)) = (&self.person.jar, &response) {
            let lines = response.headers().get_all("set-cookie").iter();
            lines.for_each(|line| jar.keep(line.to_str().expect("a plain header")));
        }
        response
    }
}

impl Jar {
    fn sent(&self) -> Option<String> {
        let jar = self.0.lock().expect("the jar");
        let pairs: Vec<String> = jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    fn keep(&self, line: &str) {
        let mut jar = self.0.lock().expect("the jar");
        let (name, value) = line.split(';').next().and_then(|pair| pair.split_once('=')).expect("a cookie");
        let gone = value.is_empty() || line.to_ascii_lowercase().contains("max-age=0");
        match gone {
            true => jar.remove(name),
            false => jar.insert(name.to_owned(), value.to_owned()),
        };
    }

    pub fn get(&self, name: &str) -> Option<String> {
        self.0.lock().expect("the jar").get(name).cloned()
    }

    pub fn put(&self, name: &str, value: &str) {
        self.0.lock().expect("the jar").insert(name.to_owned(), value.to_owned());
    }
}

/// Those whom every test finds: `root` came by the setup link, `alice` and `bob` signed up.
pub fn people_the_house(app: TestApp) {
    let code = app.setup_code();
    let root = [("code", code.as_str()), ("username", "root"), ("email", "root@example.com"), ("password", PASSWORD)];
    app.browser().post("/setup").form(&root).send().expect(303);
    for name in ["alice", "bob"] {
        let new = json!({"username": name, "email": format!("{name}@example.com"), "password": PASSWORD});
        app.anon().post("/signup").json(new).send().expect(201);
    }
    app.mail_is_out();
}
