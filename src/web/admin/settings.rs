//! The settings in force: `/api/settings` and `/admin/settings`. They are read at start, so here they are only shown.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Serialize;
use utoipa::ToSchema;

use crate::access::words;
use crate::app::App;
use crate::config::{InForce, Source};
use crate::texts;
use crate::web::chrome::{Chrome, Section, page as render};
use crate::web::curl;
use crate::web::refuse::Refusal;
use crate::web::who::{Resident, SignedIn};

/// A setting as it is in force.
#[derive(Serialize, ToSchema)]
pub struct SettingJson {
    #[schema(example = "BCRYPT_COST")]
    name: &'static str,
    /// Secrets masked.
    #[schema(example = "12")]
    value: String,
    /// Null where being unset has a meaning of its own.
    default: Option<&'static str>,
    /// Whether it was set; otherwise it is the default, or follows from others.
    set: bool,
    meaning: &'static str,
}

#[derive(Serialize, ToSchema)]
pub struct SettingList {
    items: Vec<SettingJson>,
}

impl From<&InForce> for SettingJson {
    fn from(one: &InForce) -> Self {
        Self {
            name: one.setting.name,
            value: one.value.clone(),
            default: one.setting.default,
            set: one.source == Source::Set,
            meaning: one.setting.meaning,
        }
    }
}

#[utoipa::path(get, path = "/api/settings", tag = "Installation", summary = "The settings in force",
    security(("password" = ["settings:read"])),
    responses((status = 200, body = SettingList, description = "Every setting, secrets masked."),
              (status = 403, description = "Without settings:read.")))]
pub async fn settings_in_force(app: web::Data<App>, SignedIn(caller): SignedIn) -> Result<HttpResponse, Refusal> {
    caller.must(words::SETTINGS_READ)?;
    let items = app.config.shown().iter().map(SettingJson::from).collect();
    Ok(HttpResponse::Ok().json(SettingList { items }))
}

#[derive(Template)]
#[template(path = "admin/settings.html")]
struct SettingsPage {
    c: Chrome,
    rows: Vec<Row>,
}

struct Row {
    name: &'static str,
    value: String,
    set: bool,
    meaning: &'static str,
}

/// `GET /admin/settings`.
pub async fn page(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
) -> Result<HttpResponse, Refusal> {
    caller.must(words::SETTINGS_READ)?;
    let c = Chrome::new(&app, &request, Some(&caller), Section::AdminSettings)
        .with_command(curl::SETTINGS.command(&app, ""));
    let row = |one: &InForce| Row {
        name: one.setting.name,
        value: one.value.clone(),
        set: one.source == Source::Set,
        meaning: texts::meaning(c.language(), one.setting),
    };
    let rows = app.config.shown().iter().map(row).collect();
    Ok(render(StatusCode::OK, &SettingsPage { rows, c }))
}
