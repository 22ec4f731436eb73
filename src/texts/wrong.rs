//! What is wrong with a value that somebody typed.

use super::{Texts, fill};
use crate::credentials::passkeys::BadName;
use crate::credentials::{Clue, Weak};
use crate::{accounts, signin};

impl Texts {
    /// A name, an address, a role.
    pub fn wrong_account(&self, wrong: &accounts::Wrong) -> String {
        use accounts::Wrong as W;
        let t = &self.wrong;
        match wrong {
            W::UsernameLength => t.username_length.to_owned(),
            W::UsernameLetters => t.username_letters.to_owned(),
            W::UsernameFirst => t.username_first.to_owned(),
            W::UsernameOfConsole => t.username_console.to_owned(),
            W::EmailLong => t.email_long.to_owned(),
            W::Email => t.email.to_owned(),
            W::NameLong(most) => fill(t.name_long, &most.to_string()),
            W::NameOdd => t.name_odd.to_owned(),
            W::RoleName => t.role_name.to_owned(),
            W::DescriptionLong(most) => fill(t.description_long, &most.to_string()),
            W::DescriptionOdd => t.description_odd.to_owned(),
            W::NoPermission(word) => fill(t.no_permission, &format!("{word:?}")),
            W::ManyWords(most) => fill(t.many_words, &most.to_string()),
            W::EndInThePast(role) => fill(t.end_in_the_past, &format!("{role:?}")),
            W::TwoEnds(role) => fill(t.two_ends, &format!("{role:?}")),
        }
    }

    /// An account that was to be made, or an invitation to one.
    pub fn wrong_registration(&self, wrong: &signin::Wrong) -> String {
        use signin::Wrong as W;
        match wrong {
            W::Account(wrong) => self.wrong_account(wrong),
            W::Password(weak) => self.weak_password(weak),
            W::Days(most) => fill(self.wrong.days, &most.to_string()),
            W::Uses(most) => fill(self.wrong.uses, &most.to_string()),
            W::OneUse => self.wrong.one_use.to_owned(),
        }
    }

    /// A new password: why it will not do, and what makes a better one.
    pub fn weak_password(&self, weak: &Weak) -> String {
        let t = &self.wrong;
        match weak {
            Weak::Short(least) => fill(t.password_short, &least.to_string()),
            Weak::Long { most, bytes } => {
                fill(&t.password_long.replace("{max}", &most.to_string()), &bytes.to_string())
            }
            Weak::Nul => t.password_nul.to_owned(),
            Weak::Own => t.password_own.to_owned(),
            Weak::Easy(None) => format!("{} {}", t.password_easy, t.password_better),
            Weak::Easy(Some(clue)) => {
                format!("{} {}", fill(t.password_easy_for, self.clue(*clue)), t.password_better)
            }
        }
    }

    fn clue(&self, clue: Clue) -> &'static str {
        let t = &self.wrong.clues;
        match clue {
            Clue::StraightRowsOfKeysAreEasyToGuess => t.straight_rows,
            Clue::ShortKeyboardPatternsAreEasyToGuess => t.short_patterns,
            Clue::RepeatsLikeAaaAreEasyToGuess => t.repeats,
            Clue::RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess => t.repeated_words,
            Clue::ThisIsATop10Password => t.top_10,
            Clue::ThisIsATop100Password => t.top_100,
            Clue::ThisIsACommonPassword => t.common,
            Clue::ThisIsSimilarToACommonlyUsedPassword => t.like_common,
            Clue::SequencesLikeAbcAreEasyToGuess => t.sequences,
            Clue::RecentYearsAreEasyToGuess => t.years,
            Clue::AWordByItselfIsEasyToGuess => t.one_word,
            Clue::DatesAreOftenEasyToGuess => t.dates,
            Clue::NamesAndSurnamesByThemselvesAreEasyToGuess => t.names_alone,
            Clue::CommonNamesAndSurnamesAreEasyToGuess => t.common_names,
        }
    }

    /// What a passkey was to be called.
    pub fn wrong_passkey_name(&self, wrong: BadName) -> String {
        match wrong {
            BadName::None => self.wrong.passkey_nameless.to_owned(),
            BadName::Long(most) => fill(self.wrong.name_long, &most.to_string()),
            BadName::Odd => self.wrong.passkey_name_odd.to_owned(),
        }
    }
}
