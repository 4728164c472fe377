//! Where findings go: formats rendered, each to its file or to standard output.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::{Status, end, wants_colour, write};
use crate::cli::{self, ColorWhen, Manner, OutputFormat};
use crate::files::{self, Input, Origin, Trouble};
use crate::lint::TableSummary;
use crate::report::repository::Repository;
use crate::report::safe::Safe;
use crate::report::text::Canvas;
use crate::report::{self, FileReport, Summary, counted};

/// How a format is rendered.
enum Renderer {
    /// File by file: what is printed of one hangs on no other.
    ByFile(fn(&FileReport, Canvas) -> String),
    /// All files at once.
    Whole(fn(&[FileReport], &Summary, &Repository) -> String),
}

impl Renderer {
    /// That of a format; or of the counts of findings, which all formats write alike.
    fn of(format: OutputFormat, counts: bool) -> Self {
        match format {
            _ if counts => Self::Whole(|reports, _, _| report::statistics::render(reports)),
            OutputFormat::Text => Self::ByFile(report::text::render),
            OutputFormat::Concise => Self::ByFile(|report, _| report::concise::render(report)),
            OutputFormat::Jsonl => Self::ByFile(|report, _| report::json::lines(report)),
            OutputFormat::Json => Self::Whole(|reports, summary, _| report::json::render(reports, summary)),
            // All rows that are reported count as changed ones.
            OutputFormat::Github => {
                Self::Whole(|reports, _, repository| report::github::render(reports, repository, |_, _| true))
            }
            OutputFormat::Markdown => Self::Whole(report::markdown::render),
            OutputFormat::Sarif => Self::Whole(|reports, _, repository| report::sarif::render(reports, repository)),
            OutputFormat::Rdjson => Self::Whole(|reports, _, _| report::rdjson::render(reports)),
            OutputFormat::Gitlab => Self::Whole(|reports, _, repository| report::gitlab::render(reports, repository)),
            OutputFormat::Junit => Self::Whole(|reports, summary, _| report::junit::render(reports, summary)),
            OutputFormat::Checkstyle => Self::Whole(|reports, _, _| report::checkstyle::render(reports)),
        }
    }
}

/// What is to be printed of the findings.
pub(super) struct Printing {
    outputs: Vec<(Renderer, Canvas)>,
    /// Whether people want to know what tables were taken for.
    describes: bool,
}

/// What is printed of one file.
pub(super) struct Page {
    /// What was found, in numbers.
    pub(super) summary: Summary,
    /// What its tables were taken for, where people want to know.
    pub(super) description: String,
    /// A text for each output; none where that is rendered as a whole.
    texts: Vec<String>,
}

impl Printing {
    pub(super) fn new(outputs: &[cli::Output], counts: bool, manner: Manner) -> Self {
        let output = |output: &cli::Output| {
            let canvas = Output::new(output.file.as_deref(), manner.color).canvas();
            (Renderer::of(output.format, counts), canvas)
        };
        Self { outputs: outputs.iter().map(output).collect(), describes: manner.verbose }
    }

    /// One output, to which each file is printed so.
    #[cfg(test)]
    pub(super) fn of(render: fn(&FileReport, Canvas) -> String) -> Self {
        Self { outputs: vec![(Renderer::ByFile(render), Canvas { width: 80, has_colour: false })], describes: false }
    }

    /// Whether a file's page is all that is printed of it.
    pub(super) fn is_by_file(&self) -> bool {
        self.outputs.iter().all(|(renderer, _)| matches!(renderer, Renderer::ByFile(_)))
    }

    /// What is printed of a file by itself.
    pub(super) fn page(&self, report: &FileReport) -> Page {
        let text = |(renderer, canvas): &(Renderer, Canvas)| match renderer {
            Renderer::ByFile(render) => render(report, *canvas),
            Renderer::Whole(_) => String::new(),
        };
        Page {
            summary: Summary::of(std::slice::from_ref(report)),
            description: if self.describes { describe(report) } else { String::new() },
            texts: self.outputs.iter().map(text).collect(),
        }
    }

    /// The text of each output. The reports are those of all files, unless pages are all that is printed.
    pub(super) fn texts(&self, pages: &[Page], reports: &[FileReport], summary: &Summary) -> Vec<String> {
        let text = |(index, (renderer, _)): (usize, &(Renderer, Canvas))| match renderer {
            Renderer::ByFile(_) => pages.iter().filter_map(|page| page.texts.get(index)).map(String::as_str).collect(),
            Renderer::Whole(render) => render(reports, summary, &repository()),
        };
        self.outputs.iter().enumerate().map(text).collect()
    }
}

/// A file's tables: line, section, size, and what each column was taken for; and how many findings its comments silence.
fn describe(report: &FileReport) -> String {
    let path = Safe::new(report.source.path());
    let table = |table: &TableSummary| {
        let section = table.section.as_deref().map(|section| format!(" {},", Safe::new(section)));
        let columns = table.columns.iter().map(|(header, role)| format!("{} ({})", Safe::new(header), role.name()));
        let columns = columns.collect::<Vec<_>>().join(", ");
        let (line, rows) = (table.line_number, counted(table.rows, "row"));
        format!("{path}:{line}:{} {rows}: {columns}\n", section.unwrap_or_default())
    };
    let tables: String = report.checked.tables.iter().map(table).collect();
    match report.checked.suppressed {
        0 => tables,
        count => format!("{tables}{path}: {} silenced by comments\n", counted(count, "finding")),
    }
}

/// The repository around the working directory, and where people read its files: as the variables of GitHub Actions or GitLab CI say.
pub(super) fn repository() -> Repository {
    let working_directory = std::env::current_dir().unwrap_or_default();
    let root = working_directory.ancestors().find(|folder| folder.join(".git").exists());
    let folder = root.and_then(|root| working_directory.strip_prefix(root).ok());
    let folder = folder.filter(|folder| !folder.as_os_str().is_empty());
    Repository {
        folder: folder.map_or_else(String::new, |folder| files::shown(folder, Path::new(""))),
        address: address(|name| std::env::var_os(name)),
    }
}

/// Where people read the files of the commit that is checked.
fn address(variable: impl Fn(&str) -> Option<OsString>) -> Option<String> {
    let value = |name| variable(name).and_then(|value| value.into_string().ok()).filter(|value| !value.is_empty());
    let github = || {
        Some(format!("{}/{}/blob/{}/", value("GITHUB_SERVER_URL")?, value("GITHUB_REPOSITORY")?, value("GITHUB_SHA")?))
    };
    let gitlab = || Some(format!("{}/-/blob/{}/", value("CI_PROJECT_URL")?, value("CI_COMMIT_SHA")?));
    let is_harmless = |char: char| char.is_ascii_alphanumeric() || "-._~/:".contains(char);
    github()
        .or_else(gitlab)
        .filter(|address| address.starts_with("https://") || address.starts_with("http://"))
        .filter(|address| address.chars().all(is_harmless))
}

/// Whether a file is one of those that are checked, under whatever name.
pub(super) fn is_input(file: &Path, inputs: &[Input]) -> bool {
    let Ok(file) = file.canonicalize() else { return false };
    let is_same = |input: &Input| match &input.origin {
        Origin::Path(path) => path.canonicalize().is_ok_and(|path| path == file),
        Origin::Stdin => false,
    };
    inputs.iter().any(is_same)
}

/// What pictures are drawn on; the variable `COLUMNS` outweighs the terminal.
pub(super) fn canvas(terminal: Option<(terminal_size::Width, terminal_size::Height)>, has_colour: bool) -> Canvas {
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let width = columns.or(terminal.map(|(width, _)| usize::from(width.0))).unwrap_or(100);
    Canvas { width, has_colour }
}

/// A place to write a text to.
pub(super) struct Output {
    /// A file; none for standard output.
    path: Option<PathBuf>,
    has_colour: bool,
}

impl Output {
    pub(super) fn new(path: Option<&Path>, color: ColorWhen) -> Self {
        let has_colour = match path {
            Some(_) => color == ColorWhen::Always,
            None => wants_colour(color, &io::stdout()),
        };
        Self { path: path.map(Path::to_owned), has_colour }
    }

    /// Whether what is written may be in colour.
    pub(super) fn has_colour(&self) -> bool {
        self.has_colour
    }

    /// How people call it.
    pub(super) fn name(&self) -> String {
        self.path.as_ref().map_or_else(|| "standard output".to_owned(), |path| path.to_string_lossy().into_owned())
    }

    pub(super) fn canvas(&self) -> Canvas {
        let terminal = match self.path {
            Some(_) => None,
            None => terminal_size::terminal_size_of(io::stdout()),
        };
        canvas(terminal, self.has_colour)
    }

    /// Writes the whole text; where it cannot, says why.
    pub(super) fn write(&self, text: &str) -> Status {
        let result = match &self.path {
            Some(path) => write::put(path, text),
            None => self.print(text),
        };
        match result {
            Ok(()) => Status::Clean,
            // The reader has seen enough.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Status::Clean,
            Err(error) => end(&[Trouble::io("write", self.name(), &error)]),
        }
    }

    fn print(&self, text: &str) -> io::Result<()> {
        let stdout = io::stdout().lock();
        if self.has_colour {
            // Old consoles of Windows need a translation of the colours.
            let mut stdout = anstream::AutoStream::always(stdout);
            stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush())
        } else {
            let mut stdout = stdout;
            stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(variables: &[(&str, &str)], expected: Option<&str>) {
        let value = |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| OsString::from(value));
        assert_eq!(address(value).as_deref(), expected);
    }

    #[test]
    fn platforms_say_where_their_files_are_read() {
        let github = [("GITHUB_SERVER_URL", "https://github.com"), ("GITHUB_REPOSITORY", "o/r"), ("GITHUB_SHA", "1a")];
        check(&github, Some("https://github.com/o/r/blob/1a/"));
        check(&github[..2], None);
        let gitlab = [("CI_PROJECT_URL", "https://gitlab.com/g/p"), ("CI_COMMIT_SHA", "1a")];
        check(&gitlab, Some("https://gitlab.com/g/p/-/blob/1a/"));
        check(&[("CI_PROJECT_URL", "javascript:x"), ("CI_COMMIT_SHA", "1a")], None);
        check(&[("CI_PROJECT_URL", "https://x) [a](b"), ("CI_COMMIT_SHA", "1a")], None);
    }
}
