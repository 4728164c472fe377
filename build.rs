//! Links the program for a fixed address, where the system's linker can.
//!
//! Its tables hold some twenty thousand addresses. In a program that may be loaded anywhere, the loader writes each of them at every start, and touches
//! every page that holds one: two fifths of the time that a check of a short list takes. Chance in where a program stands makes faults in
//! memory harder to exploit; this one forbids itself the code that makes them (`unsafe_code` in `Cargo.toml`).

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let is_target = |name: &str, value: &str| std::env::var(name).is_ok_and(|target| target == value);
    if is_target("CARGO_CFG_TARGET_OS", "linux") && is_target("CARGO_CFG_TARGET_ENV", "gnu") {
        println!("cargo:rustc-link-arg-bins=-no-pie");
    }
}
