//! Whether the audit log is what was recorded: `GET` and `POST /api/audit/check`. The page is in `audit_page.rs`.

use actix_web::{HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

use crate::access::words;
use crate::app::App;
use crate::audit::{self, Check, Finding};
use crate::platform::time::UnixTime;
use crate::texts::Language;
use crate::texts::audit::finding;
use crate::web::refuse::{Kind, Refusal};
use crate::web::who::SignedIn;

/// What a proof of the log came to.
#[derive(Serialize, ToSchema)]
pub struct CheckJson {
    /// Whether nothing was found.
    ok: bool,
    #[schema(value_type = String, format = "date-time")]
    at: UnixTime,
    /// The first entry that was proven.
    from: i64,
    /// The last one that fits; 0 where there is none.
    to: i64,
    /// Checkpoints that agree.
    checkpoints: usize,
    finding: Option<AuditFindingJson>,
}

/// What does not fit.
#[derive(Serialize, ToSchema)]
pub struct AuditFindingJson {
    #[schema(example = "changed")]
    kind: String,
    /// One sentence.
    detail: String,
}

impl From<Finding> for AuditFindingJson {
    fn from(found: Finding) -> Self {
        Self { kind: found.word(), detail: finding(Language::En, found) }
    }
}

impl From<Check> for CheckJson {
    fn from(check: Check) -> Self {
        Self {
            ok: check.finding.is_none(),
            at: check.at,
            from: check.from,
            to: check.to,
            checkpoints: check.checkpoints,
            finding: check.finding.map(AuditFindingJson::from),
        }
    }
}

#[utoipa::path(get, path = "/api/audit/check", tag = "Audit", summary = "What the last proof of the log came to",
    security(("password" = ["audit:read"])),
    responses((status = 200, body = CheckJson, description = "The log is proven once a day, and whenever somebody asks."),
              (status = 403, description = "Without audit:read."), (status = 404, description = "It was not proven yet.")))]
pub async fn last_audit_check(app: web::Data<App>, SignedIn(caller): SignedIn) -> Result<HttpResponse, Refusal> {
    let check = audit::last_check(&app, &caller).await?;
    Ok(HttpResponse::Ok().json(CheckJson::from(check.ok_or_else(Refusal::not_found)?)))
}

#[utoipa::path(post, path = "/api/audit/check", tag = "Audit", summary = "Prove the log now", security(("password" = ["audit:read"])),
    responses((status = 200, body = CheckJson, description = "What that came to."),
              (status = 403, description = "Without audit:read."),
              (status = 409, description = "It is too long to be proven while somebody waits.")))]
pub async fn check_audit(app: web::Data<App>, SignedIn(caller): SignedIn) -> Result<HttpResponse, Refusal> {
    caller.must(words::AUDIT_READ)?;
    if !audit::check_now(&app, &caller).await? {
        return Err(Refusal::new(Kind::Conflict, |t| t.refused.log_too_long));
    }
    let check = audit::last_check(&app, &caller).await?;
    Ok(HttpResponse::Ok().json(CheckJson::from(check.ok_or_else(Refusal::not_found)?)))
}
