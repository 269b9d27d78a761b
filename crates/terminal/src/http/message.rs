//! The HTTP messages a client shows: the status line and headers of an answer.

use sim::trace::{Event, Response};
use sim::{Outcome, Trace};
use topology::Document;

/// The answer of a trace.
pub(super) fn response(trace: &Trace) -> Option<&Response> {
    match &trace.outcome {
        Outcome::Answered { response, .. } => response.as_ref(),
        Outcome::Resolved { .. } | Outcome::Dropped { .. } => None,
    }
}

/// The headers of an answer, in the order sent. They follow from who answered and what it said.
pub(super) fn headers(document: &Document, trace: &Trace, response: &Response) -> Vec<(&'static str, String)> {
    let mut headers = vec![("Content-Length", response.body.len().to_string())];
    headers.push(("Content-Type", String::from(content_type(&response.body))));
    let server = trace.steps.iter().rev().find_map(|step| server_of(document, &step.event));
    headers.extend(server.map(|server| ("Server", server)));
    if let (Some(code), true) = (&response.error_code, response.body.starts_with("<?xml")) {
        headers.push(("x-ms-error-code", code.to_string()));
    }
    headers
}

/// What the one who accepted the connection calls itself.
fn server_of(document: &Document, event: &Event) -> Option<String> {
    if let Event::GuestAccepted { service, .. } = event {
        return Some(if service == "IIS" { String::from("Microsoft-IIS/10.0") } else { service.to_string() });
    }
    let Event::PlatformAccepted { service, .. } = event else { return None };
    let is_storage = document.platform_services.get(service)?.resource_type == "Microsoft.Storage/storageAccounts";
    is_storage.then(|| String::from("Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0"))
}

fn content_type(body: &str) -> &'static str {
    match body.as_bytes() {
        [b'<', b'?', ..] => "application/xml",
        [b'<', ..] => "text/html",
        [b'{', ..] => "application/json; charset=utf-8",
        _ => "text/plain",
    }
}

/// What a status means, in words.
pub(super) const fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        409 => "Conflict",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        _ => "",
    }
}
