//! `curl` 7.81, as Ubuntu 22.04 brings it.

use sim::Trace;
use sim::trace::{Event, Response};
use topology::document::RequestProtocol;

use super::message::{headers, reason, response};
use super::url::{Url, UrlError};
use crate::reach::{LINUX_CONNECT_MS, Reach, reach};
use crate::run::{Question, Run};

const AGENT: &str = "curl/7.81.0";

/// What the options ask for.
#[derive(Default)]
struct Options<'o> {
    url: Option<&'o str>,
    verbose: bool,
    insecure: bool,
    head: bool,
    silent: bool,
    show_error: bool,
    discard: bool,
    format: Option<&'o str>,
    /// Seconds to wait for a connection.
    patience_s: Option<u64>,
}

/// `curl [-v] [-k] [-I] [-s] [-o FILE] [-w FORMAT] [-m SECONDS] URL`
pub(crate) fn run(run: &mut Run<'_>, arguments: &[String]) {
    let options = match Options::read(arguments) {
        Ok(options) => options,
        Err(problem) => {
            return run
                .fail(2, format!("curl: {problem}\ncurl: try 'curl --help' or 'curl --manual' for more information"));
        }
    };
    let Some(text) = options.url else {
        return run.fail(2, "curl: no URL specified!\ncurl: try 'curl --help' or 'curl --manual' for more information");
    };
    let url = match Url::read(text) {
        Ok(url) => url,
        Err(UrlError::Protocol(protocol)) => {
            return run.fail(1, format!("curl: (1) Protocol \"{protocol}\" not supported or disabled in libcurl"));
        }
        Err(UrlError::Malformed) => return run.fail(3, "curl: (3) URL using bad/illegal format or missing URL"),
    };
    let question = Question {
        protocol: url.protocol,
        to: url.host,
        port: url.port,
        path: Some(url.path).filter(|path| *path != "/"),
        insecure: options.insecure,
    };
    let Some(trace) = run.send(question) else { return };
    converse(run, &options, &url, &trace);
}

fn converse(run: &mut Run<'_>, options: &Options<'_>, url: &Url<'_>, trace: &Trace) {
    let (host, port) = (url.host, url.port());
    let reached = reach(trace);
    if let (true, Some(remote)) = (options.verbose, reached.remote()) {
        run.error(format!("*   Trying {remote}:{port}..."));
    }
    let failure = match reached {
        Reach::Connected { remote, .. } => {
            if options.verbose {
                run.error(format!("* Connected to {host} ({}) port {port} (#0)", remote.address));
            }
            let refused = url.protocol == RequestProtocol::Https && !greet(run, options, host, trace);
            refused.then(|| (60, untrusted(host)))
        }
        Reach::NameUnknown => {
            if options.verbose {
                run.error(format!("* Could not resolve host: {host}\n* Closing connection 0"));
            }
            Some((6, format!("Could not resolve host: {host}")))
        }
        Reach::Refused(remote) => {
            if options.verbose {
                run.error(format!("* connect to {} port {port} failed: Connection refused", remote.address));
            }
            Some((7, format!("Failed to connect to {host} port {port} after 1 ms: Connection refused")))
        }
        Reach::TimedOut(remote) => {
            let failure = timed_out(run, options, host, port);
            if options.verbose {
                run.error(format!("* connect to {} port {port} failed: Connection timed out", remote.address));
            }
            Some((28, failure))
        }
        Reach::NoNetwork => {
            Some((7, format!("Failed to connect to {host} port {port} after 0 ms: Network is unreachable")))
        }
    };
    let failure = failure.or_else(|| {
        let Some(response) = response(trace) else { return Some((52, String::from("Empty reply from server"))) };
        answer(run, options, url, trace, response);
        None
    });
    if let Some((code, message)) = &failure {
        run.output.exit_code = *code;
        if !options.silent || options.show_error {
            run.error(format!("curl: ({code}) {message}"));
        }
    }
    if let Some(format) = options.format {
        let text = filled(format, url, trace);
        run.print(text.strip_suffix('\n').unwrap_or(&text));
    }
}

/// A client waits as long as it was told to, or until the system gives up.
fn timed_out(run: &mut Run<'_>, options: &Options<'_>, host: &str, port: u16) -> String {
    let (waited_ms, words) = match options.patience_s {
        Some(seconds) if seconds * 1000 < LINUX_CONNECT_MS => (seconds * 1000 + 1, "Timeout was reached"),
        _ => (LINUX_CONNECT_MS, "Connection timed out"),
    };
    run.session.advance(waited_ms / 1000);
    format!("Failed to connect to {host} port {port} after {waited_ms} ms: {words}")
}

fn untrusted(host: &str) -> String {
    format!(
        "SSL: no alternative certificate subject name matches target host name '{host}'\nMore details here: https://curl.se/docs/sslcerts.html\n\ncurl failed to verify the legitimacy of the server and therefore could not\nestablish a secure connection to it. To learn more about this situation and\nhow to fix it, please visit the web page mentioned above."
    )
}

/// The handshake; false when the certificate is not accepted.
fn greet(run: &mut Run<'_>, options: &Options<'_>, host: &str, trace: &Trace) -> bool {
    let checked = trace.steps.iter().find_map(|step| {
        let Event::CertificateChecked { certificate, matches, accepted, .. } = &step.event else { return None };
        Some((certificate, *matches, *accepted))
    });
    let Some((certificate, matches, accepted)) = checked else { return true };
    if options.verbose {
        run.error("* ALPN, offering h2\n* ALPN, offering http/1.1");
        if !options.insecure {
            run.error("*  CAfile: /etc/ssl/certs/ca-certificates.crt\n*  CApath: /etc/ssl/certs");
        }
        run.error(format!(
            "* TLSv1.3 (OUT), TLS handshake, Client hello (1):\n* TLSv1.3 (IN), TLS handshake, Server hello (2):\n* SSL connection using TLSv1.3 / TLS_AES_256_GCM_SHA384\n* Server certificate:\n*  subject: CN={certificate}"
        ));
        run.error(match (options.insecure, matches) {
            (true, _) => String::from("*  SSL certificate verify result: name not checked, continuing anyway."),
            (false, true) => format!(
                "*  subjectAltName: host \"{host}\" matched cert's \"{certificate}\"\n*  SSL certificate verify ok."
            ),
            (false, false) => format!("*  subjectAltName does not match {host}\n* SSL: no alternative certificate subject name matches target host name '{host}'\n* Closing connection 0"),
        });
    }
    accepted
}

fn answer(run: &mut Run<'_>, options: &Options<'_>, url: &Url<'_>, trace: &Trace, response: &Response) {
    let default_port = url.port() == url.protocol.default_port();
    let host = if default_port { url.host.to_owned() } else { format!("{}:{}", url.host, url.port()) };
    let status = format!("HTTP/1.1 {} {}", response.status, reason(response.status));
    let headers = headers(run.document, trace, response);
    if options.verbose {
        let method = if options.head { "HEAD" } else { "GET" };
        run.error(format!(
            "> {method} {} HTTP/1.1\n> Host: {host}\n> User-Agent: {AGENT}\n> Accept: */*\n> ",
            url.path
        ));
        run.error(format!("* Mark bundle as not supporting multiuse\n< {status}"));
        for (name, value) in &headers {
            run.error(format!("< {name}: {value}"));
        }
        run.error("< ");
    }
    if options.head {
        let lines = headers.iter().map(|(name, value)| format!("{name}: {value}\n"));
        let text: String = std::iter::once(format!("{status}\n")).chain(lines).collect();
        run.print(text);
    } else if !options.discard && !response.body.is_empty() {
        run.print(response.body.strip_suffix('\n').unwrap_or(&response.body));
    }
    if options.verbose {
        run.error(format!("* Connection #0 to host {} left intact", url.host));
    }
}

/// `-w`: names in `%{…}`, and the escapes of C.
fn filled(format: &str, url: &Url<'_>, trace: &Trace) -> String {
    let reached = reach(trace);
    let (local, remote) = match reached {
        Reach::Connected { local, remote } => (Some(local), Some(remote)),
        Reach::NameUnknown | Reach::Refused(_) | Reach::TimedOut(_) | Reach::NoNetwork => (None, None),
    };
    let status = response(trace).map_or(0, |response| response.status);
    let text = |value: Option<String>| value.unwrap_or_default();
    let values = [
        ("%{http_code}", format!("{status:03}")),
        ("%{response_code}", format!("{status:03}")),
        ("%{remote_ip}", text(remote.map(|socket| socket.address.to_string()))),
        ("%{remote_port}", text(remote.map(|socket| socket.port.to_string()))),
        ("%{local_ip}", text(local.map(|socket| socket.address.to_string()))),
        ("%{local_port}", text(local.map(|socket| socket.port.to_string()))),
        ("%{size_download}", response(trace).map_or(0, |response| response.body.len()).to_string()),
        ("%{url_effective}", format!("{}://{}{}", url.protocol.as_str().to_lowercase(), url.host, url.path)),
        ("\\n", String::from("\n")),
        ("\\t", String::from("\t")),
    ];
    values.into_iter().fold(format.to_owned(), |text, (name, value)| text.replace(name, &value))
}

impl<'o> Options<'o> {
    fn read(arguments: &'o [String]) -> Result<Self, String> {
        let mut options = Self::default();
        let mut words = arguments.iter();
        while let Some(word) = words.next() {
            if let Some(long) = word.strip_prefix("--") {
                options.long(word, long, &mut words)?;
            } else if let Some(letters) = word.strip_prefix('-').filter(|letters| !letters.is_empty()) {
                let mut rest = letters;
                while let Some(letter) = rest.chars().next() {
                    rest = &rest[letter.len_utf8()..];
                    if "owmHXAd".contains(letter) {
                        let value = if rest.is_empty() { words.next().map(String::as_str) } else { Some(rest) };
                        let value = value.ok_or_else(|| format!("option -{letter}: requires parameter"))?;
                        options.valued(letter, value)?;
                        break;
                    }
                    options.switch(letter)?;
                }
            } else if options.url.replace(word).is_some() {
                return Err(format!("one URL at a time: {word}"));
            }
        }
        Ok(options)
    }

    fn switch(&mut self, letter: char) -> Result<(), String> {
        match letter {
            'v' => self.verbose = true,
            'k' => self.insecure = true,
            'I' => self.head = true,
            's' => self.silent = true,
            'S' => self.show_error = true,
            // Redirects do not happen, and there is only IPv4.
            'L' | '4' | 'f' => {}
            _ => return Err(format!("option -{letter}: is unknown")),
        }
        Ok(())
    }

    fn valued(&mut self, letter: char, value: &'o str) -> Result<(), String> {
        match letter {
            'o' => self.discard = true,
            'w' => self.format = Some(value),
            'm' => self.patience_s = Some(seconds(value)?),
            // A header changes no decision of the model.
            'H' | 'A' => {}
            'X' if value.eq_ignore_ascii_case("GET") => {}
            _ => return Err(format!("option -{letter} {value}: not supported here; only GET and HEAD are")),
        }
        Ok(())
    }

    fn long(&mut self, word: &str, long: &str, words: &mut std::slice::Iter<'o, String>) -> Result<(), String> {
        let mut value = || words.next().map(String::as_str).ok_or_else(|| format!("option {word}: requires parameter"));
        match long {
            "verbose" => self.switch('v'),
            "insecure" => self.switch('k'),
            "head" => self.switch('I'),
            "silent" => self.switch('s'),
            "show-error" => self.switch('S'),
            "location" => self.switch('L'),
            "output" => value().and_then(|value| self.valued('o', value)),
            "write-out" => value().and_then(|value| self.valued('w', value)),
            "header" => value().and_then(|value| self.valued('H', value)),
            "max-time" | "connect-timeout" => value().and_then(|value| self.valued('m', value)),
            _ => Err(format!("option {word}: is unknown")),
        }
    }
}

fn seconds(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("expected a number of seconds, found {text}"))
}
