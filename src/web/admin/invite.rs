//! Inviting somebody: `POST /api/invitations` and `/admin/invitations/new`.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::invitations::{HERE, InvitationJson};
use super::user_page::{RoleChoice, role_choices};
use crate::access::{Caller, words};
use crate::accounts;
use crate::app::App;
use crate::signin::invitation::{self, Wanted};
use crate::web::body::Fields;
use crate::web::chrome::{Chrome, Section, When, page};
use crate::web::curl;
use crate::web::form::{FieldErrors, Notice, see_other};
use crate::web::headers::no_store;
use crate::web::refuse::Refusal;
use crate::web::who::{Resident, SignedIn};

/// What the reference shows; the body itself is read by name.
#[derive(Deserialize, ToSchema)]
#[allow(dead_code, reason = "for the OpenAPI document")]
pub struct NewInvitation {
    /// Where the link goes by mail; without one it is in the answer, to pass on.
    #[schema(example = "mara@example.com")]
    email: Option<String>,
    /// Names of roles; `user` when left out.
    roles: Option<Vec<String>>,
    /// Days that it counts, up to 90; 7 when left out.
    days: Option<i64>,
    /// Accounts that a link makes, up to 1000; 1 when left out.
    uses: Option<i64>,
}

#[utoipa::path(post, path = "/api/invitations", tag = "Users", summary = "Invite somebody", request_body = NewInvitation,
    security(("password" = ["users:write"])),
    responses((status = 201, body = InvitationJson, description = "The invitation. It goes out by mail, or its link is in `link`."),
              (status = 400, description = "The address has an account."),
              (status = 401, description = "A proof older than 15 minutes, where roles are given beyond `user`."),
              (status = 403, description = "Without users:write, or roles:write where roles are given, or SIGNUP is closed."),
              (status = 422, description = "Values that can't be taken.")))]
pub async fn invite(app: web::Data<App>, SignedIn(caller): SignedIn, fields: Fields) -> Result<HttpResponse, Refusal> {
    caller.must(words::USERS_WRITE)?;
    let wanted = Wanted {
        email: fields.text("email").unwrap_or_default(),
        roles: fields.list("roles").unwrap_or_else(|| vec![accounts::USER.to_owned()]),
        days: fields.number("days").unwrap_or(invitation::DAYS),
        uses: fields.number("uses").unwrap_or(1),
    };
    fields.check(&["roles"])?;
    let made = invitation::invite(&app, &caller, wanted).await?;
    let mut answer = HttpResponse::Created().json(InvitationJson::new(made.invitation, made.link));
    no_store(answer.headers_mut());
    Ok(answer)
}

#[derive(Template)]
#[template(path = "admin/invite.html")]
struct InvitePage {
    c: Chrome,
    email: String,
    roles: Vec<RoleChoice>,
    days: String,
    uses: String,
    errors: FieldErrors,
}

#[derive(Template)]
#[template(path = "admin/invited.html")]
struct InvitedPage {
    c: Chrome,
    link: String,
    until: When,
}

fn chrome(app: &App, request: &HttpRequest, caller: &Caller) -> Chrome {
    let new = json!({"email": "mara@example.com", "roles": [accounts::USER], "days": invitation::DAYS});
    let command = curl::INVITE.command_with(app, "", &new);
    Chrome::new(app, request, Some(caller), Section::AdminInvitations).with_command(command)
}

/// `GET /admin/invitations/new`.
pub async fn new_page(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
) -> Result<HttpResponse, Refusal> {
    caller.must(words::USERS_WRITE)?;
    let blank = InvitePage {
        roles: role_choices(&app, &caller, &[(accounts::USER.to_owned(), String::new())]).await?,
        c: chrome(&app, &request, &caller),
        email: String::new(),
        days: invitation::DAYS.to_string(),
        uses: "1".to_owned(),
        errors: FieldErrors::default(),
    };
    Ok(page(StatusCode::OK, &blank))
}

/// `POST /admin/invitations`.
pub async fn invite_page(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
    fields: Fields,
) -> Result<HttpResponse, Refusal> {
    fields.refuse_repeats(&["roles"])?;
    let text = |name| fields.text(name).unwrap_or_default();
    let (email, days, uses) = (text("email"), text("days"), text("uses"));
    let chosen = fields.list("roles").unwrap_or_default();
    // What is no number is out of every range.
    let number = |name| fields.number(name).unwrap_or(0);
    let wanted = Wanted { email: email.clone(), roles: chosen.clone(), days: number("days"), uses: number("uses") };
    let made = invitation::invite(&app, &caller, wanted).await.map_err(Refusal::from);
    let c = chrome(&app, &request, &caller);
    match made {
        Ok(made) => match made.link {
            Some(link) => {
                let until = c.when(made.invitation.expires_at);
                let mut answer = page(StatusCode::OK, &InvitedPage { c, link, until });
                no_store(answer.headers_mut());
                Ok(answer)
            }
            None => Ok(see_other(&Notice::Invited.on(HERE))),
        },
        Err(refusal) => {
            let status = refusal.kind.status();
            let errors = FieldErrors::from_refusal(refusal)?;
            let ticked: Vec<_> = chosen.into_iter().map(|role| (role, String::new())).collect();
            let roles = role_choices(&app, &caller, &ticked).await?;
            Ok(page(status, &InvitePage { c, email, roles, days, uses, errors }))
        }
    }
}
