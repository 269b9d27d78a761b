//! Files the visitor takes home.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

use super::document;

/// Offers `text` as a file.
pub fn download(file_name: &str, media_type: &str, text: &str) {
    let _ = try_download(file_name, media_type, text);
}

/// Offers bytes, given in base64, as a file.
pub fn download_bytes(file_name: &str, media_type: &str, base64: &str) {
    let link = || -> Result<(), JsValue> {
        let anchor: HtmlAnchorElement = document().create_element("a")?.unchecked_into();
        anchor.set_href(&format!("data:{media_type};base64,{base64}"));
        anchor.set_download(file_name);
        anchor.click();
        Ok(())
    };
    let _ = link();
}

fn try_download(file_name: &str, media_type: &str, text: &str) -> Result<(), JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(media_type);
    let parts = js_sys::Array::of1(&JsValue::from_str(text));
    let blob = Blob::new_with_str_sequence_and_options(&parts, &options)?;
    let url = Url::create_object_url_with_blob(&blob)?;
    let anchor: HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    anchor.set_href(&url);
    anchor.set_download(file_name);
    anchor.click();
    Url::revoke_object_url(&url)
}
