//! A static server for the built site, below any path, as a plain static host would serve it.

use std::fs::File;
use std::net::Ipv4Addr;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::thread;

use anyhow::{Context, Result, anyhow};
use tiny_http::{Header, Method, Request, Response, Server};

/// How many requests are answered at once.
const WORKERS: usize = 4;

/// A running server; it stops when dropped.
pub(crate) struct Site {
    server: Arc<Server>,
    workers: Vec<thread::JoinHandle<()>>,
    /// Where the site's front page is.
    pub(crate) url: String,
}

impl Site {
    /// Serves `folder` below `prefix` (`/` or `/some/path/`) on the first free port of `ports`; port 0 means any.
    pub(crate) fn start(folder: &Path, prefix: &str, ports: impl IntoIterator<Item = u16>) -> Result<Self> {
        let server = ports
            .into_iter()
            .find_map(|port| Server::http((Ipv4Addr::LOCALHOST, port)).ok())
            .context("no free port to serve on")?;
        let port = server.server_addr().to_ip().context("the server has no port")?.port();
        let server = Arc::new(server);
        let workers = (0..WORKERS).map(|_| worker(&server, folder, prefix)).collect();
        Ok(Self { server, workers, url: format!("http://127.0.0.1:{port}{prefix}") })
    }

    /// Serves until the process is ended.
    pub(crate) fn wait(mut self) -> Result<()> {
        self.workers.drain(..).try_for_each(|worker| worker.join()).map_err(|_| anyhow!("the server stopped"))
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        for _ in &self.workers {
            self.server.unblock();
        }
    }
}

fn worker(server: &Arc<Server>, folder: &Path, prefix: &str) -> thread::JoinHandle<()> {
    let (server, folder, prefix) = (Arc::clone(server), folder.to_path_buf(), prefix.to_owned());
    thread::spawn(move || {
        while let Ok(request) = server.recv() {
            // A visitor who went away before the answer is no concern of the server.
            let _ = answer(request, &folder, &prefix);
        }
    })
}

fn answer(request: Request, folder: &Path, prefix: &str) -> std::io::Result<()> {
    if !matches!(request.method(), Method::Get | Method::Head) {
        return request.respond(Response::from_string("only GET and HEAD").with_status_code(405));
    }
    let found = file_for(request.url(), prefix).map(|file| folder.join(file)).filter(|file| file.is_file());
    let Some(path) = found else {
        return request.respond(Response::from_string("not found").with_status_code(404));
    };
    let mut response = Response::from_file(File::open(&path)?);
    for (name, value) in
        [("Content-Type", mime(&path)), ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")]
    {
        response.add_header(Header::from_bytes(name, value).expect("these headers are plain ASCII"));
    }
    request.respond(response)
}

/// The file below the served folder that a request asks for. Nothing outside it can be named.
fn file_for(url: &str, prefix: &str) -> Option<PathBuf> {
    let path = url.split(['?', '#']).next()?.strip_prefix(prefix)?;
    let path = if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() };
    let path = PathBuf::from(path);
    path.components().all(|part| matches!(part, Component::Normal(_))).then_some(path)
}

fn mime(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_means_its_index_page() {
        assert_eq!(file_for("/", "/"), Some(PathBuf::from("index.html")));
        assert_eq!(file_for("/lab/?bench", "/lab/"), Some(PathBuf::from("index.html")));
        assert_eq!(file_for("/lab/topologies/a.json", "/lab/"), Some(PathBuf::from("topologies/a.json")));
    }

    #[test]
    fn nothing_outside_the_served_folder_can_be_named() {
        for url in ["/../Cargo.toml", "/a/../../b", "//etc/passwd", "/other/index.html"] {
            assert_eq!(file_for(url, "/lab/"), None, "{url}");
        }
        assert_eq!(file_for("/../Cargo.toml", "/"), None);
        assert_eq!(file_for("//etc/passwd", "/"), None);
    }

    #[test]
    fn wasm_is_served_as_wasm_so_that_it_compiles_while_it_loads() {
        assert_eq!(mime(Path::new("web_bg.wasm")), "application/wasm");
        assert_eq!(mime(Path::new("web.js")), "text/javascript; charset=utf-8");
    }
}
