//! Serving: the middleware in its order, the routes, and an orderly end.

use std::net::TcpListener;

use actix_web::dev::Server;
use actix_web::middleware::{Condition, from_fn};
use actix_web::web::{Data, PayloadConfig, QueryConfig};
use actix_web::{App as Routes, HttpServer};

use crate::app::App;
use crate::web;

/// Seconds that running requests have to finish once the server was told to stop.
const GRACE_SECONDS: u64 = 20;

/// A server on `listener`, to be awaited; its handle stops it.
///
/// # Errors
/// Where the listener can't be used.
pub fn serve(app: App, listener: TcpListener) -> std::io::Result<Server> {
    let data = Data::new(app.clone());
    let routes = move || {
        Routes::new()
            .app_data(data.clone())
            .app_data(PayloadConfig::new(web::BODY_LIMIT))
            .app_data(QueryConfig::default().error_handler(web::bad_query))
            // The last one wrapped sees a request first.
            .wrap(from_fn(web::admit))
            .wrap(Condition::new(!app.config.cors_origins.is_empty(), web::cors(&app.config)))
            .wrap(from_fn(web::trace))
            .configure(|config| web::mount(config, &app))
    };
    Ok(HttpServer::new(routes).shutdown_timeout(GRACE_SECONDS).disable_signals().listen(listener)?.run())
}
