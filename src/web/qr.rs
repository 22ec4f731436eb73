//! A QR code as a shape that a template draws: one path, no image and no style.

use qrcode::{Color, QrCode as Modules};

use super::refuse::Refusal;

/// Light modules around the code, without which cameras do not find it (ISO/IEC 18004).
const QUIET: usize = 4;

pub struct QrCode {
    /// Modules along one side, the quiet zone among them.
    pub side: usize,
    /// The `d` of an SVG path, a module being one unit.
    pub path: String,
}

impl QrCode {
    /// # Errors
    /// A fault where the text is longer than a code can hold.
    pub fn of(text: &str) -> Result<Self, Refusal> {
        let modules = Modules::new(text).map_err(|error| Refusal::fault(&error))?;
        let (width, colors) = (modules.width(), modules.to_colors());
        let dark = colors.iter().enumerate().filter(|(_, color)| **color == Color::Dark);
        let path = dark.map(|(at, _)| format!("M{} {}h1v1h-1z", at % width + QUIET, at / width + QUIET)).collect();
        Ok(Self { side: width + 2 * QUIET, path })
    }
}
