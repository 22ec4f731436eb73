//! A collector of traces: takes what OTLP over HTTP sends, and keeps it for the test.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use serde_json::Value;

use super::within;

/// Ends with the test.
pub struct Collector {
    pub url: String,
    kept: Arc<Mutex<Kept>>,
    handle: ServerHandle,
}

#[derive(Default)]
struct Kept {
    headers: Vec<(String, String)>,
    requests: Vec<Value>,
    /// How often it says that it is busy before it takes anything.
    busy: u32,
}

impl Collector {
    pub fn start() -> Self {
        Self::busy(0)
    }

    /// One that is busy so often.
    pub fn busy(busy: u32) -> Self {
        let kept = Arc::new(Mutex::new(Kept { busy, ..Kept::default() }));
        let (tell, told) = std::sync::mpsc::channel();
        let data = web::Data::from(Arc::clone(&kept));
        std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let routes = move || App::new().app_data(data.clone()).route("/v1/traces", web::post().to(take));
                let server = HttpServer::new(routes).workers(1).disable_signals().bind("127.0.0.1:0").expect("a port");
                let port = server.addrs()[0].port();
                let running = server.run();
                tell.send((port, running.handle())).expect("the test waits");
                running.await.expect("it ends in order");
            });
        });
        let (port, handle) = told.recv().expect("it starts");
        Self { url: format!("http://127.0.0.1:{port}"), kept, handle }
    }

    /// The spans that came so far.
    pub fn spans(&self) -> Vec<Value> {
        let kept = self.kept.lock().expect("what was kept");
        let resources =
            kept.requests.iter().flat_map(|request| request["resourceSpans"].as_array().expect("resources"));
        let scopes = resources.flat_map(|resource| resource["scopeSpans"].as_array().expect("scopes"));
        scopes.flat_map(|scope| scope["spans"].as_array().expect("spans").clone()).collect()
    }

    /// The span of that name, once it is there, and all of its trace.
    pub fn trace_of(&self, name: &str) -> (Value, Vec<Value>) {
        let find = || self.spans().into_iter().find(|span| span["name"] == name);
        within(Duration::from_secs(10), name, || find().is_some());
        let span = find().expect("the span");
        let all = self.spans().into_iter().filter(|other| other["traceId"] == span["traceId"]).collect();
        (span, all)
    }

    pub fn resource(&self) -> Value {
        self.kept.lock().expect("what was kept").requests[0]["resourceSpans"][0]["resource"].clone()
    }

    pub fn header(&self, name: &str) -> Option<String> {
        let kept = self.kept.lock().expect("what was kept");
        kept.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    }
}

async fn take(kept: web::Data<Mutex<Kept>>, request: HttpRequest, body: web::Bytes) -> HttpResponse {
    let mut kept = kept.lock().expect("what was kept");
    if kept.busy > 0 {
        kept.busy -= 1;
        return HttpResponse::ServiceUnavailable().finish();
    }
    let said = |(name, value): (&actix_web::http::header::HeaderName, &actix_web::http::header::HeaderValue)| {
        (name.to_string(), value.to_str().expect("a plain header").to_owned())
    };
    kept.headers = request.headers().iter().map(said).collect();
    kept.requests.push(serde_json::from_slice(&body).expect("JSON"));
    HttpResponse::Ok().json(serde_json::json!({"partialSuccess": {}}))
}

impl Drop for Collector {
    fn drop(&mut self) {
        super::wait_for(self.handle.stop(false));
    }
}
