//! Serving: the middleware in its order, the routes, and an orderly end.

use std::net::TcpListener;

use actix_web::dev::Server;
use actix_web::middleware::{Condition, from_fn};
use actix_web::web::{Data, PayloadConfig, QueryConfig, ServiceConfig};
use actix_web::{App as Routes, HttpServer};

use crate::app::App;
use crate::platform::open_files;
use crate::web;

/// Seconds that running requests have to finish once the server was told to stop.
const GRACE_SECONDS: u64 = 20;
/// Connections at once; each takes some 20 kB while it idles.
const MOST_CONNECTIONS: usize = 20_000;
/// Files that the rest of the program may have open beside them.
const OTHER_FILES: usize = 256;

/// A server on `listener`, to be awaited; its handle stops it.
///
/// # Errors
/// Where the listener can't be used.
pub fn serve(app: App, listener: TcpListener) -> std::io::Result<Server> {
    serve_with(app, listener, web::mount)
}

/// The same with other routes behind the middleware.
///
/// # Errors
/// As [`serve`].
pub fn serve_with(
    app: App,
    listener: TcpListener,
    mount: impl Fn(&mut ServiceConfig, &App) + Clone + Send + 'static,
) -> std::io::Result<Server> {
    let data = Data::new(app.clone());
    let workers = std::thread::available_parallelism().map_or(2, usize::from);
    let routes = move || {
        Routes::new()
            .app_data(data.clone())
            .app_data(PayloadConfig::new(web::BODY_LIMIT))
            .app_data(QueryConfig::default().error_handler(web::bad_query))
            // The last one wrapped sees a request first.
            .wrap(from_fn(web::admit))
            .wrap(Condition::new(!app.config.cors_origins.is_empty(), web::cors(&app.config)))
            .wrap(from_fn(web::trace))
            .configure(|config| mount(config, &app))
    };
    let server = HttpServer::new(routes)
        .workers(workers)
        .max_connections(most_connections() / workers)
        .shutdown_timeout(GRACE_SECONDS);
    Ok(server.disable_signals().listen(listener)?.run())
}

/// So many that files can still be opened, the database's for one, however many hold a connection and say nothing.
fn most_connections() -> usize {
    open_files::raise_limit().saturating_sub(OTHER_FILES).clamp(OTHER_FILES, MOST_CONNECTIONS)
}
