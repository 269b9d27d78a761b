//! `Invoke-WebRequest` of Windows PowerShell 5.1.

use sim::Trace;
use sim::trace::{DropCause, Response};

use super::message::{headers, reason, response};
use super::url::Url;
use crate::power_shell::{failure, list, parameters, positional, switch, valued};
use crate::reach::{Reach, WINDOWS_CONNECT_S, reach};
use crate::run::{Question, Run, cause};

const COMMAND: &str = "Invoke-WebRequest";

/// `Invoke-WebRequest [-Uri] URL`; `-Property` stands for what follows the parentheses around a command.
pub(crate) fn run(run: &mut Run<'_>, arguments: &[String]) {
    let known =
        [positional("Uri"), switch("UseBasicParsing"), valued("Method"), valued("TimeoutSec"), valued("Property")];
    let Some(given) = parameters(run, COMMAND, arguments, &known) else { return };
    let Some(url) = given.value("Uri").and_then(|text| Url::read(text).ok()) else {
        return run.fail(1, "Invoke-WebRequest : -Uri is an address that begins with http:// or https://");
    };
    let path = Some(url.path).filter(|path| *path != "/");
    let question = Question { protocol: url.protocol, to: url.host, port: url.port, path, insecure: false };
    // .NET keeps the connection for the next request.
    let Some(trace) = run.open(question) else { return };
    match response(&trace).filter(|response| response.status < 400) {
        Some(response) => show(run, &trace, response, given.value("Property")),
        None => fail(run, url.host, &trace),
    }
}

fn show(run: &mut Run<'_>, trace: &Trace, response: &Response, property: Option<&str>) {
    let headers = headers(run.document, trace, response);
    let pairs = headers.iter().map(|(name, value)| format!("[{name}, {value}]")).collect::<Vec<_>>().join(", ");
    let status = (response.status.to_string(), reason(response.status));
    match property.map(str::to_ascii_lowercase).as_deref() {
        None => {}
        Some("content") => return run.print(&response.body),
        Some("statuscode") => return run.print(status.0),
        Some("statusdescription") => return run.print(status.1),
        Some("rawcontentlength") => return run.print(response.body.len().to_string()),
        Some(other) => return run.fail(1, format!("the property {other} is not supported here; Content, StatusCode, StatusDescription and RawContentLength are")),
    }
    let indent = format!("\n{}", " ".repeat(20));
    let lines = headers.iter().map(|(name, value)| format!("{indent}{name}: {value}")).collect::<String>();
    let raw = format!("HTTP/1.1 {} {}{lines}{indent}{indent}{}", status.0, status.1, response.body);
    let rows = [
        ("StatusCode", status.0),
        ("StatusDescription", status.1.to_owned()),
        ("Content", response.body.clone()),
        ("RawContent", raw),
        ("Forms", String::from("{}")),
        ("Headers", format!("{{{pairs}}}")),
        ("Images", String::from("{}")),
        ("InputFields", String::from("{}")),
        ("Links", String::from("{}")),
        ("ParsedHtml", String::from("mshtml.HTMLDocumentClass")),
        ("RawContentLength", response.body.len().to_string()),
    ];
    run.print(format!("\n\n{}\n\n", list(&rows)));
}

fn fail(run: &mut Run<'_>, host: &str, trace: &Trace) {
    let message = match (response(trace), reach(trace)) {
        (Some(response), _) => {
            format!("The remote server returned an error: ({}) {}.", response.status, reason(response.status))
        }
        (None, Reach::NameUnknown) => format!("The remote name could not be resolved: '{host}'"),
        (None, Reach::Connected { .. }) if matches!(cause(trace), Some(DropCause::CertificateMismatch { .. })) => {
            String::from(
                "The underlying connection was closed: Could not establish trust relationship for the SSL/TLS secure channel.",
            )
        }
        (None, Reach::Connected { .. }) => {
            String::from("The underlying connection was closed: The connection was closed unexpectedly.")
        }
        (None, Reach::TimedOut(_)) => {
            run.session.advance(WINDOWS_CONNECT_S);
            String::from("Unable to connect to the remote server")
        }
        (None, Reach::Refused(_) | Reach::NoNetwork) => String::from("Unable to connect to the remote server"),
    };
    let category = format!("InvalidOperation: (System.Net.HttpWebRequest:HttpWebRequest) [{COMMAND}], WebException");
    let id = "WebCmdletWebResponseException,Microsoft.PowerShell.Commands.InvokeWebRequestCommand";
    failure(run, COMMAND, &message, &category, id);
}
