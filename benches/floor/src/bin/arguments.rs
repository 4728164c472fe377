//! What any program with a command line has to do at least: reads its arguments with clap, and nothing else. `benches/ratios` measures the start of
//! the program against it.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    #[arg(short, long, global = true)]
    quiet: bool,
}

#[derive(Subcommand)]
enum Command {
    Check {
        paths: Vec<PathBuf>,
        #[arg(long)]
        fix: bool,
        #[arg(long, value_delimiter = ',')]
        select: Vec<String>,
        #[arg(long, default_value = "text")]
        output_format: String,
    },
    Fmt {
        paths: Vec<PathBuf>,
        #[arg(long)]
        check: bool,
        #[arg(long)]
        diff: bool,
    },
}

fn main() {
    let cli = Cli::parse();
    let seen = match &cli.command {
        Command::Check { paths, fix, select, output_format } => {
            paths.len() + usize::from(*fix) + select.len() + output_format.len()
        }
        Command::Fmt { paths, check, diff } => paths.len() + usize::from(*check) + usize::from(*diff),
    };
    std::hint::black_box((seen, cli.config, cli.quiet));
}
