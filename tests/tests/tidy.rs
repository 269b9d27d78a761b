//! Rules about the project itself, kept by a test instead of by memory.

#![allow(clippy::unwrap_used, reason = "a test that cannot read the project has failed")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tests::root;

/// The rooms, each after all those it may use.
const ORDER: [&str; 12] = [
    "wire",
    "topology",
    "sim",
    "capture",
    "narration",
    "terminal",
    "cli",
    "inquiry",
    "playback",
    "diagram",
    "editor",
    "web",
];

/// Packages that only the web crate may use.
const OF_THE_BROWSER: [&str; 6] = ["js-sys", "leptos", "wasm-bindgen", "wasm-bindgen-futures", "web-sys", "gloo"];

/// The longest a source file may be, in lines.
const LONGEST: usize = 600;

/// Every file below a folder with one of the extensions; what tools generate is left out.
fn files(folder: &Path, extensions: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                if !name.starts_with('.') && !["target", "dist", "node_modules"].contains(&name.as_str()) {
                    folders.push(path);
                }
            } else if extensions.iter().any(|extension| path.extension().is_some_and(|own| own == *extension)) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn sources() -> Vec<PathBuf> {
    files(&root(), &["rs", "js", "css", "html"])
}

fn packages() -> Vec<Value> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .current_dir(root())
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

fn used_by(package: &Value) -> impl Iterator<Item = &str> {
    let dependencies = package["dependencies"].as_array().unwrap().iter();
    dependencies.filter(|used| used["kind"].is_null()).map(|used| used["name"].as_str().unwrap())
}

#[test]
fn dependencies_between_rooms_point_one_way() {
    let rank = |name: &str| ORDER.iter().position(|room| *room == name);
    let packages = packages();
    assert!(ORDER.iter().all(|room| packages.iter().any(|package| package["name"] == **room)), "a room is missing");
    for package in &packages {
        let name = package["name"].as_str().unwrap();
        let Some(own) = rank(name) else { continue };
        for used in used_by(package) {
            assert!(rank(used).is_none_or(|other| other < own), "{name} may not use {used}");
        }
    }
}

#[test]
fn no_room_but_web_knows_a_browser() {
    for package in packages() {
        let name = package["name"].as_str().unwrap();
        for used in used_by(&package) {
            assert!(["web", "worker"].contains(&name) || !OF_THE_BROWSER.contains(&used), "{name} may not use {used}");
        }
    }
}

#[test]
fn only_the_dom_folder_names_web_sys() {
    let home = root().join("web/src/dom");
    let sources = files(&root().join("web/src"), &["rs"]);
    for file in sources.iter().filter(|file| !file.starts_with(&home)) {
        let text = fs::read_to_string(file).unwrap();
        for name in ["web_sys", "js_sys"] {
            assert!(!text.contains(name), "{} names {name}; web/src/dom is the place for that", file.display());
        }
    }
}

#[test]
fn no_source_file_is_long() {
    for file in sources() {
        let lines = fs::read_to_string(&file).unwrap().lines().count();
        assert!(lines <= LONGEST, "{} has {lines} lines; at most {LONGEST} are one idea", file.display());
    }
}

#[test]
fn nothing_is_left_for_later_in_the_source() {
    // In two halves, so that this file passes its own test.
    let marks = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X"), concat!("unimplemented", "!(")];
    for file in sources() {
        let text = fs::read_to_string(&file).unwrap();
        for mark in marks {
            assert!(!text.contains(mark), "{} says {mark}", file.display());
        }
    }
}

#[test]
fn the_page_has_no_script_or_style_of_its_own() {
    let page = fs::read_to_string(root().join("web/index.html")).unwrap();
    assert!(page.contains("Content-Security-Policy"));
    assert!(!page.contains("<style"), "the Content-Security-Policy refuses inline styles");
    assert!(!page.contains("style="), "the Content-Security-Policy refuses style attributes");
    for tag in page.split("<script").skip(1) {
        assert!(tag.contains("src=\""), "the Content-Security-Policy refuses inline scripts");
    }
    let fixed: Vec<&str> =
        page.split(['"', '\'']).filter(|value| value.starts_with('/') || value.starts_with("http:")).collect();
    assert!(fixed.is_empty(), "{fixed:?} do not work below a sub-path of a static host");
}

#[test]
fn every_listed_topology_parses_and_every_topology_is_listed() {
    let folder = root().join("public/topologies");
    let index: Value = serde_json::from_str(&fs::read_to_string(folder.join("index.json")).unwrap()).unwrap();
    let mut listed: Vec<&str> = index.as_array().unwrap().iter().map(|entry| entry["file"].as_str().unwrap()).collect();
    for file in &listed {
        let document = topology::file::parse(&fs::read_to_string(folder.join(file)).unwrap());
        assert!(document.is_ok(), "{file}: {}", document.unwrap_err());
    }
    let found = files(&folder, &["json"]);
    let mut found: Vec<_> = found.iter().map(|path| path.file_name().unwrap().to_str().unwrap()).collect();
    found.retain(|name| *name != "index.json");
    listed.sort_unstable();
    assert_eq!(listed, found);
}
