//! Names that were written before they could be searched are made searchable.

use crate::accounts::{store, username::fold};
use crate::app::App;
use crate::platform::db::Fault;

/// So many at once, so that who wants to write meanwhile is not kept waiting.
const AT_ONCE: i64 = 500;

/// Folds what is not folded yet; as a rule nothing is.
///
/// # Errors
/// A [`Fault`].
pub async fn fold_names(app: &App) -> Result<(), Fault> {
    loop {
        let unfolded = app.db.read(|conn| store::unfolded_names(conn, AT_ONCE)).await?;
        if unfolded.is_empty() {
            return Ok(());
        }
        let fold_all = app.db.write(move |tx| {
            unfolded.iter().try_for_each(|(id, name)| store::set_folded_name(tx, (id, name), &fold(name)))
        });
        fold_all.await?;
    }
}
