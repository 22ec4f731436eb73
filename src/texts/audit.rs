//! What a proof of the audit log found, as a sentence.

use super::Language;
use crate::audit::Finding;

/// What does not fit, and what that means.
pub fn finding(language: Language, finding: Finding) -> String {
    match language {
        Language::En => english(finding),
        Language::De => german(finding),
    }
}

fn english(finding: Finding) -> String {
    match finding {
        Finding::Missing { from, to } if from == to => format!("Entry {from} was taken out."),
        Finding::Missing { from, to } => format!("Entries {from} to {to} were taken out."),
        Finding::Changed { seq } => format!("Entry {seq} was changed, or does not follow the one before it."),
        Finding::PutIn { seq } => format!("Entry {seq} was put in: nobody recorded it."),
        Finding::CutOff { last, expected } => {
            format!("The end is missing: the last entry is {last}, and there were {expected} at least.")
        }
        Finding::Rewritten { seq } => {
            format!("The chain was rewritten: a checkpoint says that entry {seq} was another.")
        }
        Finding::Unsigned { seq } => {
            format!("The checkpoint of entry {seq} was not signed with this SECRET_KEY.")
        }
        Finding::ForgedCut { seq } => {
            format!("What came up to entry {seq} is gone, and that was not signed with this SECRET_KEY.")
        }
        Finding::Unknown => "What was found can't be read.".to_owned(),
    }
}

fn german(finding: Finding) -> String {
    match finding {
        Finding::Missing { from, to } if from == to => format!("Der Eintrag {from} wurde entfernt."),
        Finding::Missing { from, to } => format!("Die Einträge {from} bis {to} wurden entfernt."),
        Finding::Changed { seq } => format!("Der Eintrag {seq} wurde geändert oder folgt nicht auf den vor ihm."),
        Finding::PutIn { seq } => format!("Der Eintrag {seq} wurde eingefügt: Niemand hat ihn aufgezeichnet."),
        Finding::CutOff { last, expected } => {
            format!("Das Ende fehlt: Der letzte Eintrag ist {last}, und es gab mindestens {expected}.")
        }
        Finding::Rewritten { seq } => {
            format!("Die Kette wurde neu geschrieben: Nach einem Prüfpunkt war der Eintrag {seq} ein anderer.")
        }
        Finding::Unsigned { seq } => {
            format!("Der Prüfpunkt zum Eintrag {seq} ist nicht mit diesem SECRET_KEY unterschrieben.")
        }
        Finding::ForgedCut { seq } => {
            format!("Was bis zum Eintrag {seq} kam, fehlt, und das ist nicht mit diesem SECRET_KEY unterschrieben.")
        }
        Finding::Unknown => "Was gefunden wurde, ist nicht lesbar.".to_owned(),
    }
}
