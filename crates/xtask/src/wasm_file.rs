//! Wasm files as a list of sections, to leave out those that only people with a debugger read.

use anyhow::{Context, Result, ensure};

/// Magic number and version.
const PREAMBLE: usize = 8;

/// Sections that do nothing at run time: names of functions, and which compiler made them.
const FOR_READERS: [&[u8]; 2] = [b"name", b"producers"];

/// The file without the sections for readers.
pub(crate) fn without_names(wasm: &[u8]) -> Result<Vec<u8>> {
    ensure!(wasm.starts_with(b"\0asm"), "this is not a wasm file");
    let (preamble, mut rest) = wasm.split_at_checked(PREAMBLE).context("the wasm file ends early")?;
    let mut kept = preamble.to_vec();
    while let Some((&kind, after_kind)) = rest.split_first() {
        let (size, body) = number(after_kind)?;
        let (body, next) = body.split_at_checked(size).context("a section of the wasm file ends early")?;
        if kind != 0 || !FOR_READERS.contains(&custom_name(body)?) {
            kept.extend_from_slice(&rest[..rest.len() - next.len()]);
        }
        rest = next;
    }
    Ok(kept)
}

fn custom_name(body: &[u8]) -> Result<&[u8]> {
    let (length, rest) = number(body)?;
    rest.get(..length).context("the name of a section ends early")
}

/// An unsigned LEB128 number, and what follows it.
fn number(bytes: &[u8]) -> Result<(usize, &[u8])> {
    let mut value = 0_usize;
    for (index, byte) in bytes.iter().enumerate().take(5) {
        value |= usize::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return Ok((value, &bytes[index + 1..]));
        }
    }
    anyhow::bail!("a number in the wasm file does not end")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file with a type section, a custom section of that name, and a memory section.
    fn file(custom: &str) -> Vec<u8> {
        let mut file = b"\0asm\x01\0\0\0\x01\x01\0".to_vec();
        let name = custom.as_bytes();
        let length = u8::try_from(name.len()).unwrap();
        file.extend([0, length + 3, length]);
        file.extend(name);
        file.extend([7, 7, 5, 1, 0]); // two bytes of content, then a memory section
        file
    }

    #[test]
    fn names_are_left_out_and_everything_else_is_kept() {
        assert_eq!(without_names(&file("name")).unwrap(), b"\0asm\x01\0\0\0\x01\x01\0\x05\x01\0");
        let features = file("target_features");
        assert_eq!(without_names(&features).unwrap(), features);
    }

    #[test]
    fn a_cut_file_is_refused() {
        let whole = file("name");
        assert!(without_names(&whole[..whole.len() - 1]).is_err());
        assert!(without_names(b"<!doctype html>").is_err());
    }
}
