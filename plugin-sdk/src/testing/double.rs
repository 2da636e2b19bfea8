//! The stand-in for the host, one for each thread.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::http::{HttpError, Request, Response};
use crate::log::Level;

type Answer = Box<dyn FnMut(&Request) -> Result<Response, HttpError>>;

#[derive(Default)]
struct State {
    settings: Option<String>,
    secrets: BTreeMap<String, Vec<String>>,
    answer: Option<Answer>,
    log: Vec<(Level, String)>,
}

thread_local! {
    static STATE: RefCell<State> = RefCell::default();
}

/// The host of this thread while the value lives; dropping it forgets everything. Without one, settings are `{}`, no secret
/// is granted and no request is answered.
#[derive(Debug)]
#[must_use = "the host is gone when this value is dropped"]
pub struct Host(());

impl Default for Host {
    fn default() -> Self {
        Self::new()
    }
}

impl Host {
    /// A host that grants nothing yet.
    pub fn new() -> Self {
        STATE.take();
        Self(())
    }

    /// The installation's settings, as JSON text.
    pub fn settings(self, json: impl Into<String>) -> Self {
        STATE.with_borrow_mut(|state| state.settings = Some(json.into()));
        self
    }

    /// A secret's value. The same name again adds a second value, as during a rotation. The name alone, with an empty value,
    /// is granted but not set.
    pub fn secret(self, name: &str, value: &str) -> Self {
        STATE.with_borrow_mut(|state| {
            let values = state.secrets.entry(name.into()).or_default();
            if !value.is_empty() {
                values.push(value.into());
            }
        });
        self
    }

    /// What answers `http::send`. The placeholders of secrets arrive unfilled.
    pub fn http(self, answer: impl FnMut(&Request) -> Result<Response, HttpError> + 'static) -> Self {
        STATE.with_borrow_mut(|state| state.answer = Some(Box::new(answer)));
        self
    }

    /// What was logged, with levels.
    pub fn log(&self) -> Vec<(Level, String)> {
        STATE.with_borrow(|state| state.log.clone())
    }

    /// What was logged, as `level: message`.
    pub fn lines(&self) -> Vec<String> {
        let level = |level: Level| format!("{level:?}").rsplit("::").next().unwrap_or_default().to_lowercase();
        self.log().into_iter().map(|(at, message)| format!("{}: {message}", level(at))).collect()
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        STATE.take();
    }
}

pub(crate) fn record(level: Level, message: &str) {
    STATE.with_borrow_mut(|state| state.log.push((level, message.into())));
}

pub(crate) fn settings() -> String {
    STATE.with_borrow(|state| state.settings.clone()).unwrap_or_else(|| "{}".into())
}

/// The values of a secret; `None` if it is not granted.
pub(super) fn values(secret: &str) -> Option<Vec<String>> {
    STATE.with_borrow(|state| state.secrets.get(secret).cloned())
}

pub(crate) fn send(request: &Request) -> Result<Response, HttpError> {
    // Taken out while it runs, so that the answer itself may use the façades.
    let Some(mut answer) = STATE.with_borrow_mut(|state| state.answer.take()) else {
        return Err(HttpError::NotGranted(format!("no answer for {}", request.url)));
    };
    let result = answer(request);
    STATE.with_borrow_mut(|state| {
        state.answer.get_or_insert(answer);
    });
    result
}
