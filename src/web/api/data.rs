//! All that is known of oneself, to take along: `GET /users/me/data`, and the same from one's page.

use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::{HttpResponse, web};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::factors::FactorsJson;
use super::sessions::SessionList;
use super::user::UserJson;
use crate::access::Caller;
use crate::app::App;
use crate::audit::{self, Entry};
use crate::credentials::factors;
use crate::platform::time::UnixTime;
use crate::web::headers::no_store;
use crate::web::refuse::Refusal;
use crate::web::who::{InPerson, Resident, SignedIn};
use crate::{accounts, sessions};

/// Beyond so many, the oldest entries stay out.
const MOST: usize = 10_000;

/// Everything about one account but what only its hash or seal is known of.
#[derive(Serialize, ToSchema)]
pub struct MyData {
    account: UserJson,
    second_factors: FactorsJson,
    sessions: SessionList,
    /// What happened, newest first.
    activity: Vec<EventJson>,
}

/// One entry of the audit log about oneself.
#[derive(Serialize, ToSchema)]
pub struct EventJson {
    #[schema(value_type = String, format = "date-time")]
    at: UnixTime,
    #[schema(example = "signin.succeeded")]
    what: String,
    /// Who did it; the username then.
    by: Option<String>,
    address: String,
    #[schema(value_type = Object)]
    detail: Map<String, Value>,
}

impl From<Entry> for EventJson {
    fn from(entry: Entry) -> Self {
        Self {
            at: entry.at,
            what: entry.kind,
            by: entry.actor.map(|actor| actor.name),
            address: entry.address,
            detail: entry.detail,
        }
    }
}

async fn read(app: &App, caller: &Caller) -> Result<MyData, Refusal> {
    let user = accounts::own(app, caller).await?.ok_or_else(Refusal::to_sign_in)?;
    let everything = sessions::Asked { after: None, limit: MOST };
    let sessions = sessions::own(app, caller, everything).await?;
    let activity = audit::own(app, caller, audit::Asked { after: None, limit: MOST }).await?;
    Ok(MyData {
        account: UserJson::from(user),
        second_factors: FactorsJson::new(app, caller, &factors::own(app, caller).await?),
        sessions: SessionList::new(sessions, &caller.session),
        activity: activity.items.into_iter().map(EventJson::from).collect(),
    })
}

#[utoipa::path(get, path = "/users/me/data", tag = "Account", summary = "All that is known of me", security(("password" = [])),
    responses((status = 200, description = "Account, second factors, sessions and what happened; no secrets.", body = MyData),
              (status = 401, description = "No token, or a bad one.")))]
pub async fn my_data(
    app: web::Data<App>,
    InPerson(SignedIn(caller)): InPerson<SignedIn>,
) -> Result<HttpResponse, Refusal> {
    Ok(private(&read(&app, &caller).await?))
}

/// `GET /account/data`: the same as a file.
pub async fn download(app: web::Data<App>, Resident(caller): Resident) -> Result<HttpResponse, Refusal> {
    let mut answer = private(&read(&app, &caller).await?);
    let name = format!("attachment; filename=\"vestibule-{}.json\"", caller.username);
    if let Ok(name) = name.parse() {
        answer.headers_mut().insert(CONTENT_DISPOSITION, name);
    }
    Ok(answer)
}

fn private(data: &MyData) -> HttpResponse {
    let mut answer = HttpResponse::Ok().json(data);
    no_store(answer.headers_mut());
    answer
}
