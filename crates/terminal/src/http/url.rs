//! An address as HTTP clients read it.

use topology::document::RequestProtocol;

/// An address taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Url<'u> {
    pub(super) protocol: RequestProtocol,
    pub(super) host: &'u str,
    pub(super) port: Option<u16>,
    /// Path and query; `/` when there is none.
    pub(super) path: &'u str,
}

/// Why a text is no address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum UrlError {
    /// It names a protocol other than HTTP.
    Protocol(String),
    /// It has no host, or its port is no port.
    Malformed,
}

impl<'u> Url<'u> {
    /// Reads an address; without a protocol it means HTTP.
    pub(super) fn read(text: &'u str) -> Result<Self, UrlError> {
        let (scheme, rest) = text.split_once("://").unwrap_or(("http", text));
        let protocol = match scheme.to_ascii_lowercase().as_str() {
            "http" => RequestProtocol::Http,
            "https" => RequestProtocol::Https,
            other => return Err(UrlError::Protocol(other.to_owned())),
        };
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (place, path) = rest.split_at(end);
        let path = path.split('#').next().unwrap_or(path);
        let (host, port) = match place.split_once(':') {
            Some((host, port)) => (host, Some(port.parse().map_err(|_| UrlError::Malformed)?)),
            None => (place, None),
        };
        if host.is_empty() {
            return Err(UrlError::Malformed);
        }
        Ok(Self { protocol, host, port, path: if path.starts_with('/') { path } else { "/" } })
    }

    pub(super) fn port(&self) -> u16 {
        self.port.unwrap_or(self.protocol.default_port())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_protocol_host_port_and_path() {
        let url = Url::read("https://acct.blob.core.windows.net/test1/test.txt").unwrap();
        assert_eq!((url.protocol, url.host, url.port()), (RequestProtocol::Https, "acct.blob.core.windows.net", 443));
        assert_eq!(url.path, "/test1/test.txt");
        let url = Url::read("10.0.1.4:8080").unwrap();
        assert_eq!((url.protocol, url.host, url.port(), url.path), (RequestProtocol::Http, "10.0.1.4", 8080, "/"));
        assert_eq!(Url::read("ftp://a"), Err(UrlError::Protocol("ftp".into())));
        assert_eq!(Url::read("http://"), Err(UrlError::Malformed));
        assert_eq!(Url::read("http://a:b/"), Err(UrlError::Malformed));
    }
}
