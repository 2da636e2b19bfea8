//! A panic in a guest is a trap, and a trap has no message. This hook logs it first.

/// Makes panics write their message and place to the plugin's log before they trap. Called by every export that
/// [`register!`](crate::register) makes.
#[doc(hidden)]
pub fn install_hook() {
    std::panic::set_hook(Box::new(|panic| crate::log::write(crate::log::Level::Error, &panic.to_string())));
}
