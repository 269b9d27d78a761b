//! The programs that send HTTP requests.

pub(crate) mod curl;
pub(crate) mod invoke_web_request;
mod message;
mod url;
