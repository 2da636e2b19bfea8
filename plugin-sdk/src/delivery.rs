//! The interface `delivery`: pushes an award, a revocation or a claim to the other system.

pub use crate::bindings::delivery::exports::laurel::plugin::delivery::{DeliveryError, Notice, Receipt, Retry};

/// Implemented by plugins registered with `register!(… : delivery)`.
pub trait Delivery {
    /// Pushes one notice. `notice.id` is the same at every attempt: use it as the idempotency key.
    fn deliver(notice: Notice) -> Result<Receipt, DeliveryError>;
}

impl DeliveryError {
    /// Worth another attempt, not before `after` seconds where the other system said so.
    pub fn retryable(after: Option<u32>, message: impl Into<String>) -> Self {
        Self::Retryable(Retry { after, message: message.into() })
    }

    /// No attempt will succeed until somebody acts.
    pub fn permanent(message: impl Into<String>) -> Self {
        Self::Permanent(message.into())
    }
}
