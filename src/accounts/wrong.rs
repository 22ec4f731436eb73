//! What can be wrong with what somebody typed about an account or a role. The sentences stand in `texts`.

/// Why a value can't be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// A username has 2 to 64 characters.
    UsernameLength,
    /// A character that no username has.
    UsernameLetters,
    /// It begins with neither a letter nor a digit.
    UsernameFirst,
    /// The audit log calls the machine's own console so.
    UsernameOfConsole,
    EmailLong,
    Email,
    /// More characters than this.
    NameLong(usize),
    /// Control characters.
    NameOdd,
    RoleName,
    /// More characters than this.
    DescriptionLong(usize),
    /// Control characters.
    DescriptionOdd,
    /// This is no word of permission.
    NoPermission(String),
    /// More permissions than this.
    ManyWords(usize),
    /// This role would be over before it begins.
    EndInThePast(String),
    /// This role is there twice, with different ends.
    TwoEnds(String),
}
