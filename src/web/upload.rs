//! Files that are sent in: the only bodies beyond the limit of all others. They are written to disk as they come, from a form
//! or as they are, and counted while they do.

use std::collections::BTreeMap;
use std::time::Duration;

use actix_multipart::{Field, Multipart};
use actix_web::HttpRequest;
use actix_web::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use actix_web::web::{Bytes, Payload};
use futures_util::{Stream, StreamExt};
use tokio::time::timeout;

use super::refuse::{Kind, Refusal};
use crate::app::App;
use crate::transfer::{self, LARGEST, Upload};

/// Bytes of a form's field that is no file.
const LONGEST_FIELD: usize = 1024;
/// Bytes of a form around its file.
const FORM: u64 = 64 * 1024;
/// How long the next piece may take to come; a whole file takes as long as it takes.
const PATIENCE: Duration = Duration::from_secs(30);
/// Fields of a form.
const MOST_FIELDS: usize = 16;

/// A file, and what the form says beside it.
pub struct Received {
    pub upload: Upload,
    pub file_name: String,
    pub fields: BTreeMap<String, String>,
}

/// Takes what is sent: a form with a file in it, or the file itself.
///
/// # Errors
/// 413 above a gigabyte; 507 where the disk has no room; 400 for what breaks off, 422 where there is no file; a fault.
pub async fn receive(app: &App, request: &HttpRequest, payload: Payload) -> Result<Received, Refusal> {
    let length = request.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    // Some kilobytes are the form's own.
    if length.is_some_and(|length| length > LARGEST + FORM) {
        return Err(transfer::Refusal::TooLarge.into());
    }
    let sent = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let received = match sent.to_ascii_lowercase().starts_with("multipart/form-data") {
        true => from_form(app, Multipart::new(request.headers(), payload), length.unwrap_or(0)).await?,
        false => {
            let mut upload = Upload::begin(app, length.unwrap_or(0))?;
            pour(payload, &mut upload).await?;
            Received { upload, file_name: String::new(), fields: BTreeMap::new() }
        }
    };
    if received.upload.is_empty() {
        return Err(missing());
    }
    Ok(received)
}

async fn from_form(app: &App, mut form: Multipart, announced: u64) -> Result<Received, Refusal> {
    let mut fields = BTreeMap::new();
    let mut file = None;
    while let Some(field) = in_time(form.next()).await? {
        let mut field = field.map_err(|_| broken())?;
        let name = field.name().unwrap_or_default().to_owned();
        let called = field.content_disposition().and_then(|said| said.get_filename()).map(str::to_owned);
        match called {
            Some(_) if file.is_some() => {
                return Err(Refusal::new(Kind::BadRequest, |t| t.refused.two_files));
            }
            Some(file_name) => {
                let mut upload = Upload::begin(app, announced)?;
                pour(field, &mut upload).await?;
                file = Some((upload, file_name));
            }
            None => keep(&mut fields, name, &mut field).await?,
        }
    }
    let (upload, file_name) = file.ok_or_else(missing)?;
    Ok(Received { upload, file_name, fields })
}

async fn keep(fields: &mut BTreeMap<String, String>, name: String, field: &mut Field) -> Result<(), Refusal> {
    let bytes = in_time(field.bytes(LONGEST_FIELD)).await?.map_err(|_| broken())?.map_err(|_| broken())?;
    let value = String::from_utf8(bytes.to_vec()).map_err(|_| broken())?;
    if fields.len() == MOST_FIELDS || fields.contains_key(&name) {
        return Err(Refusal::new(Kind::BadRequest, move |t| t.twice(&name)));
    }
    fields.insert(name, value);
    Ok(())
}

async fn pour<E>(mut bytes: impl Stream<Item = Result<Bytes, E>> + Unpin, into: &mut Upload) -> Result<(), Refusal> {
    while let Some(piece) = in_time(bytes.next()).await? {
        into.write(&piece.map_err(|_| broken())?)?;
    }
    Ok(())
}

/// Whoever sends nothing, be it between two fields, is not waited for.
async fn in_time<T>(piece: impl Future<Output = T>) -> Result<T, Refusal> {
    timeout(PATIENCE, piece).await.map_err(|_| Refusal::too_slow())
}

fn broken() -> Refusal {
    Refusal::new(Kind::BadRequest, |t| t.refused.broken_off)
}

fn missing() -> Refusal {
    Refusal::wrong("file", |t| t.refused.no_file)
}
