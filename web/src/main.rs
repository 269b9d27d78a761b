//! The Private Link Lab in the browser.

fn main() {
    web::start();
}
