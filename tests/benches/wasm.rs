//! The engine in wasm.
