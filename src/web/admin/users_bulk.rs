//! Something done with many users: `POST /api/users/bulk`, and the bar under the list of users.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::access::Caller;
use crate::accounts::{self, Action, AtOnce};
use crate::app::App;
use crate::platform::ids::UserId;
use crate::texts::{Asked, Sentence};
use crate::web::body::Fields;
use crate::web::chrome::{Chrome, Section, page};
use crate::web::curl;
use crate::web::form::{Notice, see_other};
use crate::web::refuse::Refusal;
use crate::web::who::{Resident, SignedIn};

const LIST: &str = "/admin/users";

/// What an action is made of.
enum Made {
    Alone(Action),
    OfRole(fn(String) -> Action),
}

/// By the word for it.
static ACTIONS: [(&str, Made); 6] = [
    ("disable", Made::Alone(Action::Disable)),
    ("enable", Made::Alone(Action::Enable)),
    ("delete", Made::Alone(Action::Delete)),
    ("end-sessions", Made::Alone(Action::EndSessions)),
    ("add-role", Made::OfRole(Action::AddRole)),
    ("remove-role", Made::OfRole(Action::RemoveRole)),
];

/// What the reference shows; the body itself is read by name.
#[derive(Deserialize, ToSchema)]
#[allow(dead_code, reason = "for the OpenAPI document")]
pub struct BulkBody {
    /// `disable`, `enable`, `delete`, `end-sessions`, `add-role` or `remove-role`.
    #[schema(example = "disable")]
    action: String,
    /// Up to 200.
    ids: Vec<String>,
    /// For `add-role` and `remove-role`.
    role: Option<String>,
}

/// What came of it for one user.
#[derive(Serialize, ToSchema)]
pub struct BulkItem {
    #[schema(value_type = String)]
    id: UserId,
    /// `done` or `refused`.
    status: &'static str,
    /// Why it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct BulkList {
    items: Vec<BulkItem>,
}

/// What is to be done, and with whom.
fn wanted(fields: &Fields) -> Result<(Action, AtOnce), Refusal> {
    let word = fields.required("action");
    let users = AtOnce::of(fields.required_list("ids").into_iter().map(UserId::from_outside));
    let role = fields.text("role").filter(|role| !role.is_empty());
    fields.check(&["ids"])?;
    let unknown = || Refusal::wrong("action", |t| t.may_be(&ACTIONS.each_ref().map(|(word, _)| *word)));
    let unnamed = || Refusal::wrong("role", |t| t.refused.name_the_role);
    let (_, made) = ACTIONS.iter().find(|(known, _)| *known == word).ok_or_else(unknown)?;
    let action = match made {
        Made::Alone(action) => action.clone(),
        Made::OfRole(make) => make(role.ok_or_else(unnamed)?),
    };
    Ok((action, users.ok_or_else(|| Refusal::wrong("ids", |t| t.refused.ids))?))
}

async fn each(
    app: &App,
    caller: &Caller,
    action: &Action,
    users: AtOnce,
) -> Result<Vec<(UserId, Option<Sentence>)>, Refusal> {
    let done = accounts::each(app, caller, action, users).await.map_err(|refusal| match refusal {
        accounts::Refusal::UnknownRole(_) => Refusal::from(refusal).moved_to("role"),
        refusal => refusal.into(),
    })?;
    Ok(done.into_iter().map(|(id, result)| (id, result.err().map(|refusal| Refusal::from(refusal).detail))).collect())
}

#[utoipa::path(post, path = "/api/users/bulk", tag = "Users", summary = "Do the same with many users", request_body = BulkBody,
    security(("password" = ["users:write"]), ("password" = ["sessions:write"]), ("password" = ["roles:write"])),
    responses((status = 200, body = BulkList, description = "What came of it for each, in the order of the ids."),
              (status = 401, description = "A proof older than 15 minutes, where users are deleted or roles change."),
              (status = 403, description = "Without the permission that the action needs."),
              (status = 422, description = "Values that can't be taken.")))]
pub async fn change_many(
    app: web::Data<App>,
    SignedIn(caller): SignedIn,
    fields: Fields,
) -> Result<HttpResponse, Refusal> {
    accounts::may_do_any(&caller)?;
    let (action, users) = wanted(&fields)?;
    let item = |(id, refused): (UserId, Option<Sentence>)| {
        let status = if refused.is_none() { "done" } else { "refused" };
        BulkItem { id, status, detail: refused.map(|why| why.in_english()) }
    };
    let items = each(&app, &caller, &action, users).await?.into_iter().map(item).collect();
    Ok(HttpResponse::Ok().json(BulkList { items }))
}

#[derive(Template)]
#[template(path = "admin/users_ask.html")]
struct AskPage {
    c: Chrome,
    title: String,
    asked: &'static Asked,
    action: String,
    is_deletion: bool,
    back: String,
    people: Vec<(UserId, String)>,
}

#[derive(Template)]
#[template(path = "admin/users_partly.html")]
struct PartlyPage {
    c: Chrome,
    back: String,
    done: usize,
    all: usize,
    refused: Vec<(String, String)>,
}

/// `POST /admin/users/bulk`: what takes something away asks first, and names whom it concerns.
pub async fn bulk_page(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
    fields: Fields,
) -> Result<HttpResponse, Refusal> {
    accounts::may_do_any(&caller)?;
    let back = back(&fields);
    if fields.list("ids").is_none_or(|ids| ids.is_empty()) {
        return Ok(see_other(&back));
    }
    let (action, users) = wanted(&fields)?;
    let c = Chrome::new(&app, &request, Some(&caller), Section::AdminUsers);
    let people = accounts::named(&app, &caller, &action, &users).await?;
    if let (Some(asked), false) = (asks_first(&c, &action), fields.flag("confirmed")) {
        let title = asked.title(people.len());
        let action = fields.text("action").unwrap_or_default();
        let is_deletion = action == "delete";
        let ids: Vec<&str> = people.iter().map(|(id, _)| id.as_str()).collect();
        let command = curl::CHANGE_MANY.command_with(&app, "", &json!({"action": action, "ids": ids}));
        let c = c.with_command(command);
        return Ok(page(StatusCode::OK, &AskPage { c, title, asked, action, is_deletion, back, people }));
    }
    let done = each(&app, &caller, &action, users).await?;
    let name = |id: UserId| {
        let known = people.iter().find(|(other, _)| *other == id).map(|(_, name)| name.clone());
        known.unwrap_or_else(|| id.as_str().to_owned())
    };
    let all = done.len();
    let refused: Vec<(String, String)> =
        done.into_iter().filter_map(|(id, why)| Some((name(id), why?.said(c.t).into_owned()))).collect();
    match refused.is_empty() {
        true => Ok(see_other(&Notice::BulkDone.on(&back))),
        false => Ok(page(StatusCode::OK, &PartlyPage { c, back, done: all - refused.len(), all, refused })),
    }
}

fn asks_first(c: &Chrome, action: &Action) -> Option<&'static Asked> {
    match action {
        Action::Delete => Some(&c.t.lists.delete),
        Action::Disable => Some(&c.t.lists.disable),
        Action::EndSessions => Some(&c.t.lists.end_sessions),
        Action::Enable | Action::AddRole(_) | Action::RemoveRole(_) => None,
    }
}

/// The list as it was: a page of ours and no other.
fn back(fields: &Fields) -> String {
    let sent = fields.text("back").unwrap_or_default();
    let ours = sent == LIST || sent.strip_prefix(LIST).is_some_and(|rest| rest.starts_with('?'));
    if ours { sent } else { LIST.to_owned() }
}
