//! What a request must get past before any route runs: where it comes from, what its URL gives away, who sends it. One layer
//! rather than three, since every layer costs a request two allocations and the moves between them.

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{Error, HttpRequest, ResponseError};

use super::refuse::Refusal;
use super::trace::app_of;
use super::{origin, query, who};

/// The middleware.
///
/// # Errors
/// Those of what it wraps.
pub async fn admit<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    match check(request.request()).await {
        Ok(()) => Ok(next.call(request).await?.map_into_left_body()),
        Err(refusal) => Ok(request.into_response(refusal.error_response()).map_into_right_body()),
    }
}

async fn check(request: &HttpRequest) -> Result<(), Refusal> {
    let app = app_of(request);
    origin::refuse_cross_origin(app, request)?;
    query::refuse_credentials(request)?;
    who::recognise_bearer(app, request).await
}
