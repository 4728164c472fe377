//! Arguments in, exit status out; nothing else.

use std::process::ExitCode;

fn main() -> ExitCode {
    tablewright::run::run(std::env::args_os())
}
