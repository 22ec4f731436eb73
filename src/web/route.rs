//! Turns the URL map into routes, and into a list that tests walk.

/// For each path: which handler serves which method, and which of them only a browser gets. `HEAD` is answered like
/// `GET`, and every other method with 405 and an `Allow`.
macro_rules! url_map {
    (people { $($people:tt)* } programs { $($programs:tt)* }) => {
        /// Every path and the methods it takes.
        pub fn routes() -> Vec<(&'static str, Vec<&'static str>)> {
            let people = route::url_map!(@list $($people)*);
            people.into_iter().chain(route::url_map!(@list $($programs)*)).collect()
        }

        /// Mounts every route. Only what people use looks at the session cookie; a bearer token needs none of it.
        pub fn mount(config: &mut actix_web::web::ServiceConfig, app: &crate::app::App) {
            // Paths are tried in this order: programs call more often.
            route::url_map!(@mount config app [] $($programs)*);
            route::url_map!(@mount config app [with cookie] $($people)*);
        }
    };
    (@list $($path:literal => { $($first:ident $($second:ident)?: $handler:path),+ $(,)? },)*) => {
        [$(($path, vec![$(route::url_map!(@name $first $($second)?)),+])),*]
    };
    (@mount $config:ident $app:ident $wrap:tt $($path:literal => { $($first:ident $($second:ident)?: $handler:path),+ $(,)? },)*) => {
        $(
            let resource = actix_web::web::resource($path)
                .app_data($app.metrics.requests.route($path))
                $(.route(route::url_map!(@route $first $($second)?).to($handler)))+
                .default_service(actix_web::web::to(|| async {
                    refuse::Refusal::method_not_allowed(&[$(route::url_map!(@name $first $($second)?)),+])
                }));
            route::url_map!(@service $config $app resource $wrap);
        )*
    };
    (@service $config:ident $app:ident $resource:ident [with cookie]) => {
        $config.service(
            $resource.wrap(actix_identity::IdentityMiddleware::default()).wrap(cookie::middleware($app)),
        );
    };
    (@service $config:ident $app:ident $resource:ident []) => { $config.service($resource); };
    (@name page $method:ident) => { route::url_map!(@name $method) };
    (@name get) => { "GET" };
    (@name post) => { "POST" };
    (@name put) => { "PUT" };
    (@name patch) => { "PATCH" };
    (@name delete) => { "DELETE" };
    (@route page $method:ident) => { route::url_map!(@route $method).guard(actix_web::guard::fn_guard(accept::is_browser)) };
    (@route get) => {
        actix_web::web::route().guard(actix_web::guard::Any(actix_web::guard::Get()).or(actix_web::guard::Head()))
    };
    (@route $method:ident) => { actix_web::web::$method() };
}
pub(super) use url_map;
