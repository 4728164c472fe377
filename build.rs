//! Links the program so that it starts fast, where the system's linker can.
//!
//! For a fixed address: its tables hold some twenty thousand addresses. In a program that may be loaded anywhere, the loader writes each of them at every start, and
//! touches every page that holds one: two fifths of the time that a check of a short list takes. Chance in where a program stands makes faults in
//! memory harder to exploit; this one forbids itself the code that makes them (`unsafe_code` in `Cargo.toml`).
//!
//! With the code that unwinds the stack in the program itself: as a library of its own (`libgcc_s.so.1`), it costs an eighth of what an empty program does.

use std::env;
use std::path::PathBuf;
use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let is_target = |name: &str, value: &str| env::var(name).is_ok_and(|target| target == value);
    if is_target("CARGO_CFG_TARGET_OS", "linux") && is_target("CARGO_CFG_TARGET_ENV", "gnu") {
        println!("cargo:rustc-link-arg-bins=-no-pie");
        if let Some(folder) = unwinder_folder() {
            println!("cargo:rustc-link-search=native={}", folder.display());
            println!("cargo:rustc-link-lib=static:-bundle,+verbatim={UNWINDER}");
        }
    }
}

/// What unwinds the stack, as a part of GCC that is linked into a program.
const UNWINDER: &str = "libgcc_eh.a";

/// Where it is; none where the linker cannot tell, as one that is no compiler driver, or has none.
fn unwinder_folder() -> Option<PathBuf> {
    let is_cross = env::var_os("HOST") != env::var_os("TARGET");
    let driver = env::var_os("RUSTC_LINKER").or_else(|| (!is_cross).then(|| "cc".into()))?;
    let output = Command::new(driver).arg(format!("-print-file-name={UNWINDER}")).output().ok()?;
    let path = PathBuf::from(String::from_utf8(output.stdout).ok()?.trim());
    // One that has none repeats the name.
    let folder = path.parent().filter(|_| path.is_absolute() && path.is_file())?;
    Some(folder.to_owned())
}
