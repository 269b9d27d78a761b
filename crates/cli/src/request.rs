//! A question as the command line puts it.

use std::net::Ipv4Addr;

use smol_str::SmolStr;
use topology::document::{Request, RequestProtocol};
use topology::resource::Extra;
use topology::{Document, Id, Kind};

use crate::output::Failure;

/// Who asks whom, as written.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Asking {
    pub(crate) from: String,
    /// A name, an address or a URL, perhaps with a port.
    pub(crate) target: String,
    pub(crate) path: Option<String>,
    pub(crate) insecure: bool,
}

impl Asking {
    pub(crate) fn request(&self, document: &Document) -> Result<Request, Failure> {
        let (scheme, rest) = match self.target.split_once("://") {
            Some((scheme, rest)) => (Some(scheme), rest),
            None => (None, self.target.as_str()),
        };
        let (authority, path) = match rest.split_once('/') {
            Some((authority, path)) => (authority, Some(format!("/{path}"))),
            None => (rest, None),
        };
        let (to, port) = match authority.rsplit_once(':') {
            Some((to, port)) => {
                let port: u16 = port.parse().map_err(|_| Failure::Usage(format!("'{port}' is not a TCP port")))?;
                (to, Some(port))
            }
            None => (authority, None),
        };
        let protocol = match (scheme, port) {
            (Some("http"), _) | (None, Some(80)) => RequestProtocol::Http,
            (Some("https"), _) | (None, Some(443) | None) => RequestProtocol::Https,
            (Some("sql"), _) | (None, Some(1433)) => RequestProtocol::Sql,
            (Some("tcp"), _) | (None, Some(_)) => RequestProtocol::Tcp,
            (Some(other), _) => {
                return Err(Failure::Usage(format!("'{other}' is not a protocol; there are http, https, sql and tcp")));
            }
        };
        Ok(Request {
            from: sender(document, &self.from)?,
            protocol,
            to: SmolStr::new(to),
            port: port.filter(|port| *port != protocol.default_port()),
            path: self.path.clone().or(path).map(SmolStr::from),
            insecure: self.insecure,
            extra: Extra::new(),
        })
    }
}

/// A question for a name alone.
pub(crate) fn for_name(document: &Document, from: &str, name: &str) -> Result<Request, Failure> {
    if name.parse::<Ipv4Addr>().is_ok() {
        return Err(Failure::Usage(format!("'{name}' is an address, not a name")));
    }
    Ok(Request {
        from: sender(document, from)?,
        protocol: RequestProtocol::Dns,
        to: SmolStr::new(name),
        port: None,
        path: None,
        insecure: false,
        extra: Extra::new(),
    })
}

/// The machine that asks.
fn sender(document: &Document, name: &str) -> Result<Id, Failure> {
    let kinds = [Kind::VirtualMachine, Kind::OnPremisesHost, Kind::InternetClient];
    let known = || document.ids().filter(|(kind, _)| kinds.contains(kind)).map(|(_, id)| id);
    match known().find(|id| id.as_str() == name) {
        Some(id) => Ok(id.clone()),
        None => Err(Failure::Usage(format!("no machine is called '{name}'; there are {}", listed(known())))),
    }
}

/// Ids for a message; "none" where there are none.
pub(crate) fn listed<'a>(ids: impl Iterator<Item = &'a Id>) -> String {
    let ids: Vec<&str> = ids.map(Id::as_str).collect();
    if ids.is_empty() { String::from("none") } else { ids.join(", ") }
}
