//! Lines in the plugin's log: always granted, limited per call. In tests they go to [`testing::Host::log`](crate::testing::Host::log).
//!
//! ```
//! use laurel_plugin::log;
//! log::info!("skipped {} events", 3);
//! ```

pub use crate::bindings::log::Level;

/// Writes one line.
#[cfg(target_arch = "wasm32")]
pub fn write(level: Level, message: &str) {
    crate::bindings::log::write(level, message);
}

/// Writes one line.
#[cfg(not(target_arch = "wasm32"))]
pub fn write(level: Level, message: &str) {
    crate::testing::record(level, message);
}

#[doc(hidden)]
#[macro_export]
macro_rules! __log_debug {
    ($($arg:tt)*) => { $crate::log::write($crate::log::Level::Debug, &::std::format!($($arg)*)) };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __log_info {
    ($($arg:tt)*) => { $crate::log::write($crate::log::Level::Info, &::std::format!($($arg)*)) };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __log_warn {
    ($($arg:tt)*) => { $crate::log::write($crate::log::Level::Warn, &::std::format!($($arg)*)) };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __log_error {
    ($($arg:tt)*) => { $crate::log::write($crate::log::Level::Error, &::std::format!($($arg)*)) };
}

pub use {__log_debug as debug, __log_error as error, __log_info as info, __log_warn as warn};
