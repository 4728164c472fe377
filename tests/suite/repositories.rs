//! `--since` and `--diff-from` in repositories as people and runners have them: exactly the rows of the contributor are reported.
#![cfg(unix)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// A list with old defects: a padded URL on line 8 and a duplicate on line 9.
const LIST: &str = "\
# Papers

## Retrieval

| Year | Title | Paper |
| ---- | ----- | ----- |
| 2024 | Composed Retrieval of Remote Scenes | [paper](https://arxiv.org/abs/2405.15587) |
| 2023 | Curriculum Learning of Noisy Pairs | [paper]( https://arxiv.org/abs/2301.00003) |
| 2023 | Composed Retrieval of Remote Scenes | [paper](https://arxiv.org/abs/2405.15587) |
| 2022 | Hashing Without Any Labelled Pairs | [paper](https://arxiv.org/abs/2201.08125) |
| 2021 | Multiscale Matching of Image and Text | [paper](https://arxiv.org/abs/2204.09868) |
";

/// What a contributor adds: a row with a padded URL.
const ROW: &str = "| 2020 | Textual Cues for Finding Scenes | [paper]( https://arxiv.org/abs/2001.00001) |\n";

const OURS: &str = "warning[padded-url] a blank before the URL";

struct Repository {
    folder: TempDir,
}

impl Repository {
    /// A repository whose branch `main` has one list.
    fn new() -> Self {
        let repository = Self { folder: tempfile::tempdir().expect("a folder is made") };
        repository.git(&["init", "-q", "-b", "main"]);
        repository.write("README.md", LIST);
        repository.commit("the list");
        repository
    }

    /// A clone with so much history of a branch; all of it where no depth is given.
    fn clone(&self, branch: &str, depth: Option<&str>) -> Self {
        let clone = Self { folder: tempfile::tempdir().expect("a folder is made") };
        clone.git(&["init", "-q", "-b", "other"]);
        let origin = format!("file://{}", self.path("").display());
        clone.git(&["remote", "add", "origin", origin.trim_end_matches('/')]);
        let reference = format!("+{branch}:refs/remotes/pull/1/merge");
        match depth {
            Some(depth) => clone.git(&["fetch", "-q", "--depth", depth, "origin", &reference]),
            None => clone.git(&["fetch", "-q", "origin", &reference, "+refs/heads/*:refs/remotes/origin/*"]),
        }
        clone.git(&["checkout", "-q", "--detach", "refs/remotes/pull/1/merge"]);
        clone
    }

    fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: impl AsRef<Path>, text: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("the folder is made");
        fs::write(path, text).expect("the file is written");
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect("the file is readable")
    }

    fn append(&self, name: &str, text: &str) {
        self.write(name, self.read(name) + text);
    }

    fn git(&self, arguments: &[&str]) {
        let output = self.run_git(arguments);
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    fn run_git(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new("git");
        let names: Vec<_> = std::env::vars_os().map(|(name, _)| name).collect();
        names.iter().filter(|name| name.as_encoded_bytes().starts_with(b"GIT_")).for_each(|name| {
            command.env_remove(name);
        });
        for role in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{role}_NAME"), "a").env(format!("GIT_{role}_EMAIL"), "a@example.org");
        }
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        command.args(arguments).current_dir(self.folder.path()).output().expect("git runs")
    }

    fn commit(&self, message: &str) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", message]);
    }

    /// The branch `pull` with the contributor's row, `main` moved on since with a defect of its own, and the merge as GitHub makes it.
    fn pull_request(&self) {
        self.git(&["checkout", "-q", "-b", "pull"]);
        self.append("README.md", ROW);
        self.commit("a row");
        self.git(&["checkout", "-q", "main"]);
        let row = "| 2025 | A Newer Survey of Scene Retrieval | [paper]( https://arxiv.org/abs/2501.00001) |\n";
        self.write("README.md", self.read("README.md").replace("| 2024 |", &format!("{row}| 2024 |")));
        self.commit("another row");
        self.git(&["checkout", "-q", "--detach", "main"]);
        let message = format!("Merge {} into {}", self.hash("pull"), self.hash("main"));
        self.git(&["merge", "-q", "--no-ff", "-m", &message, "pull"]);
        self.git(&["branch", "merge"]);
    }

    fn hash(&self, name: &str) -> String {
        let output = self.run_git(&["rev-parse", name]);
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tablewright"));
        command.args(["check", "--output-format", "concise"]).args(arguments).current_dir(self.folder.path());
        command.env("GIT_CEILING_DIRECTORIES", self.folder.path().parent().expect("it is in a folder"));
        command
    }

    #[track_caller]
    fn check(&self, arguments: &[&str], expected: &[&str]) {
        said(&mut self.command(arguments), expected);
    }
}

/// Runs a command; what it writes to standard output is expected, and what it writes to standard error is given back.
#[track_caller]
fn said(command: &mut Command, expected: &[&str]) -> String {
    let output = command.output().expect("the program runs");
    let lines = String::from_utf8_lossy(&output.stdout).into_owned();
    let trouble = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(lines.lines().collect::<Vec<_>>(), expected, "{trouble}");
    trouble
}

fn at(place: &str) -> String {
    format!("{place}: {OURS}")
}

#[test]
fn the_rows_of_a_branch_are_reported() {
    let repository = Repository::new();
    repository.git(&["checkout", "-q", "-b", "pull"]);
    repository.check(&["--since", "main"], &[]);
    // Nothing has to be committed.
    repository.append("README.md", ROW);
    repository.check(&["--since", "main"], &[&at("README.md:12:52")]);
    repository.commit("a row");
    repository.check(&["--since", "main"], &[&at("README.md:12:52")]);
    // Meanwhile, main goes on, and tags are names as well.
    repository.git(&["checkout", "-q", "main"]);
    repository.git(&["rm", "-q", "README.md"]);
    repository.commit("away");
    repository.git(&["tag", "-a", "-m", "tag", "v1"]);
    repository.git(&["checkout", "-q", "pull"]);
    for reference in ["main", "v1", "HEAD~1", "pull~1", "refs/heads/main", &repository.hash("main")] {
        repository.check(&["--since", reference], &[&at("README.md:12:52")]);
    }
}

#[test]
fn a_pull_request_is_found_at_every_depth() {
    let origin = Repository::new();
    origin.pull_request();
    let ours = at("README.md:13:52");
    let full = origin.clone("merge", None);
    for reference in ["origin/main", "HEAD^1"] {
        full.check(&["--since", reference], &[&ours]);
    }
    let two = origin.clone("merge", Some("2"));
    two.check(&["--since", "HEAD^1"], &[&ours]);
    let told = said(&mut two.command(&["--since", "origin/main"]), &[&ours]);
    let base = &origin.hash("main")[..7];
    assert!(told.starts_with(&format!(
        "origin/main: where it parted is not known here; compared with {base}, the base of the pull request\n"
    )));
    // The base branch went on after the merge was made, and its tip alone is here.
    origin.git(&["checkout", "-q", "main"]);
    origin.append("README.md", "\nMore.\n");
    origin.commit("more");
    two.git(&["fetch", "-q", "--depth", "1", "origin", "+main:refs/remotes/origin/main"]);
    two.check(&["--since", "origin/main"], &[&ours]);
    full.git(&["fetch", "-q", "origin", "+refs/heads/main:refs/remotes/origin/main"]);
    full.check(&["--since", "origin/main"], &[&ours]);
    // With the merge alone, nothing can be told apart.
    let one = origin.clone("merge", Some("1"));
    for reference in ["HEAD^1", "origin/main"] {
        let output = one.command(&["--since", reference]).output().expect("the program runs");
        assert_eq!(String::from_utf8_lossy(&output.stdout).lines().count(), 4);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        let expected = format!(
            "cannot compare with {reference}: there is no such commit, and the clone is shallow: fetch more of its history; everything counts as new\n"
        );
        assert!(told.starts_with(&expected), "{told}");
    }
}

#[test]
fn a_merge_of_ones_own_is_not_taken_for_that_of_a_pull_request() {
    let origin = Repository::new();
    origin.pull_request();
    origin.git(&["checkout", "-q", "pull"]);
    origin.git(&["merge", "-q", "--no-ff", "-m", "Merge branch 'main' into pull", "main"]);
    let clone = origin.clone("pull", Some("2"));
    let output = clone.command(&["--since", "origin/main"]).output().expect("the program runs");
    assert_eq!(String::from_utf8_lossy(&output.stdout).lines().count(), 4);
    assert!(
        String::from_utf8_lossy(&output.stderr).starts_with("cannot compare with origin/main: there is no such commit")
    );
}

#[test]
fn what_merely_moved_is_not_new() {
    let repository = Repository::new();
    let run = |arguments: &[&str]| {
        let output = repository.command(&[]).args(arguments).output().expect("the program runs");
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    // Another name.
    repository.git(&["mv", "README.md", "LIST.md"]);
    repository.append("LIST.md", ROW);
    repository.check(&["--since", "HEAD"], &[&at("LIST.md:12:52")]);
    repository.commit("renamed");
    repository.check(&["--since", "HEAD~1"], &[&at("LIST.md:12:52")]);
    repository.check(&["--since", "HEAD"], &[]);
    // Other line endings, another alignment, another order, another place.
    repository.write("LIST.md", repository.read("LIST.md").replace('\n', "\r\n"));
    repository.check(&["--since", "HEAD"], &[]);
    let mut fmt = Command::new(env!("CARGO_BIN_EXE_tablewright"));
    assert!(fmt.args(["fmt", "-q", "LIST.md"]).current_dir(repository.path("")).status().expect("it runs").success());
    repository.check(&["--since", "HEAD"], &[]);
    let text = repository.read("LIST.md");
    let mut lines: Vec<&str> = text.lines().collect();
    lines[6..].sort_unstable();
    repository.write("LIST.md", lines.join("\n"));
    repository.check(&["--since", "HEAD"], &[]);
    let (above, below) = lines.split_at(9);
    let parted = [above, &["", "## More", "", lines[4], lines[5]], below].concat().join("\n");
    repository.write("LIST.md", format!("Some words.\n\n{parted}\n"));
    repository.check(&["--since", "HEAD", "--ignore", "duplicate-entry"], &[]);
    assert!(run(&["LIST.md"]).contains("padded-url"));
    // A row that changed counts as a whole, and so does a table whose header did.
    repository.write("LIST.md", LIST.replace("Noisy Pairs", "Noisy Couples"));
    repository.check(&["--since", "HEAD"], &[&at("LIST.md:8:57")]);
    repository.write("LIST.md", LIST.replace("| Paper |", "| Link |"));
    let both = [
        &at("LIST.md:8:55")[..],
        "LIST.md:9:10: error[duplicate-entry] \"Composed Retrieval of Remote Scenes\" is listed twice: 2024 on line 7, 2023 on line 9",
    ];
    repository.check(&["--since", "HEAD"], &both);
    // The first of two duplicates changed: it is the one that is told.
    repository.write("LIST.md", LIST.replacen("arxiv.org/abs/2405.15587", "arxiv.org/abs/2405.15587v2", 1));
    repository.check(&["--since", "HEAD"], &[&both[1].replace("LIST.md:9:", "LIST.md:7:")]);
}

#[test]
fn files_of_any_name_are_compared() {
    let repository = Repository::new();
    let names = [
        "a b.md",
        "-x.md",
        "line\nfeed.md",
        "\u{e9}t\u{e9}/\u{65e5}.md",
        "\"quoted\".md",
        "docs/deep/list.md",
        ":(glob)*.md",
        "\u{1b}[31m.md",
    ];
    for name in names {
        repository.write(name, LIST);
    }
    repository.write("gone.md", "# Gone\n");
    repository.commit("lists");
    for name in names {
        repository.append(name, ROW);
    }
    fs::remove_file(repository.path("gone.md")).expect("the file is removed");
    repository.write("new.md", LIST.replace("Composed", "Combined"));
    let expected = |name: &str| -> Vec<String> {
        let output = repository.command(&[]).args(["--", &format!("./{name}")]).output().expect("the program runs");
        let lines = String::from_utf8_lossy(&output.stdout).into_owned();
        let lines = lines.lines().filter(|line| name == "new.md" || line.contains(":12:52: "));
        lines.map(str::to_owned).collect()
    };
    let all: Vec<String> = {
        let mut names: Vec<&str> = names.into_iter().chain(["new.md"]).collect();
        names.sort_by(|a, b| Path::new(a).cmp(Path::new(b)));
        names.into_iter().flat_map(expected).collect()
    };
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    assert_eq!(all.len(), names.len() + 2);
    repository.check(&["--since", "HEAD"], &all);
    assert!(!all.concat().contains('\u{1b}'));
    // The same by a diff, which has the names in quotes. It does not speak of a file that git does not know.
    for options in [
        &["-U3"][..],
        &["-U0", "--no-prefix"],
        &["--src-prefix=i/", "--dst-prefix=w/"],
        &["-c", "core.quotePath=false"],
    ] {
        let mut arguments = if options[0] == "-c" { options.to_vec() } else { Vec::new() };
        arguments.push("diff");
        arguments.extend(if options[0] == "-c" { &[] } else { options });
        let diff = repository.run_git(&arguments);
        repository.write(".git/change.diff", diff.stdout);
        let known: Vec<&str> = all.iter().copied().filter(|line| !line.starts_with("new.md")).collect();
        repository.check(&["--diff-from", ".git/change.diff"], &known);
    }
    repository.git(&["add", "-A"]);
    let diff = repository.run_git(&["diff", "--cached"]);
    repository.write(".git/change.diff", diff.stdout);
    repository.check(&["--diff-from", ".git/change.diff"], &all);
}

#[test]
fn neither_the_folder_nor_the_environment_leads_astray() {
    let repository = Repository::new();
    repository.write("docs/LIST.md", LIST);
    repository.commit("two lists");
    repository.append("docs/LIST.md", ROW);
    repository.append("README.md", ROW);
    let other = Repository::new();
    let mut poisoned = repository.command(&["--since", "HEAD", "docs"]);
    poisoned.env("GIT_DIR", other.path(".git")).env("GIT_WORK_TREE", other.path("")).env("GIT_INDEX_FILE", "/dev/null");
    poisoned
        .env("GIT_OBJECT_DIRECTORY", "/nowhere")
        .env("GIT_EXTERNAL_DIFF", "/bin/false")
        .env("GIT_CONFIG_COUNT", "x");
    said(&mut poisoned, &[&at("docs/LIST.md:12:52")]);
    let mut inside = repository.command(&["--since", "HEAD", ".", "../README.md"]);
    let readme = repository.path("README.md").display().to_string();
    let expected = [at("../README.md:12:52"), at("LIST.md:12:52")];
    let told = said(inside.current_dir(repository.path("docs")), &[&expected[0], &expected[1]]);
    assert!(told.starts_with("checked 2 files"), "{told} {readme}");
    // By a diff of the whole repository, too, of which another file has the same name.
    repository.write("docs/README.md", LIST);
    repository.write(".git/change.diff", repository.run_git(&["diff"]).stdout);
    let mut inside = repository.command(&["--diff-from", "../.git/change.diff"]);
    said(inside.current_dir(repository.path("docs")), &[&at("LIST.md:12:52")]);
    // Standard input has the name that it is given.
    let mut named = repository.command(&["--since", "HEAD", "--stdin-filename", "docs/LIST.md", "-"]);
    named.stdin(fs::File::open(repository.path("docs/LIST.md")).expect("the file is readable"));
    said(&mut named, &[&at("docs/LIST.md:12:52")]);
    // A link into the repository leads to the file.
    std::os::unix::fs::symlink("docs/LIST.md", repository.path("link.md")).expect("the link is made");
    repository.check(&["--since", "HEAD", "link.md"], &[&at("link.md:12:52")]);
}

#[test]
fn attributes_of_a_pull_request_hide_nothing() {
    let repository = Repository::new();
    repository.git(&["config", "diff.x.textconv", "true"]);
    repository.git(&["config", "filter.x.clean", "false"]);
    repository.git(&["config", "filter.x.required", "true"]);
    repository.append("README.md", ROW);
    for attributes in ["*.md binary", "*.md -diff", "*.md diff=x", "*.md filter=x", "*.md text eol=crlf"] {
        repository.write(".gitattributes", format!("{attributes}\n"));
        repository.check(&["--since", "HEAD"], &[&at("README.md:12:52")]);
    }
    // A diff that says nothing of the lines is told from one that has none.
    repository.write(".gitattributes", "*.md -diff\n");
    repository.write(".git/change.diff", repository.run_git(&["diff"]).stdout);
    let output = repository.command(&["--diff-from", ".git/change.diff"]).output().expect("the program runs");
    assert_eq!(String::from_utf8_lossy(&output.stdout).lines().count(), 3);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        told.starts_with(
            "cannot tell what is new in README.md: the diff takes it for a binary file; everything counts as new\n"
        ),
        "{told}"
    );
}

#[test]
fn without_a_base_everything_is_reported() {
    let repository = Repository::new();
    let all = |command: &mut Command, cause: &str| {
        let output = command.output().expect("the program runs");
        assert_eq!(String::from_utf8_lossy(&output.stdout).lines().count(), 2);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(told.starts_with(&format!("cannot compare with {cause}; everything counts as new\n")), "{told}");
        assert_eq!(output.status.code(), Some(1));
    };
    for reference in ["nothing", "--output=x", "", "HEAD:README.md", "HEAD..HEAD", "a\nb", "HEAD^{tree}"] {
        let shown = reference.replace('\n', "\\u{a}");
        all(&mut repository.command(&[&format!("--since={reference}")]), &format!("{shown}: there is no such commit"));
    }
    all(repository.command(&["-q", "--since=HEAD"]).env("PATH", ""), "HEAD: git is not installed");
    repository.git(&["checkout", "-q", "--orphan", "apart"]);
    repository.commit("apart");
    all(&mut repository.command(&["--since=main"]), "main: it has no commit in common with HEAD");
    repository.git(&["checkout", "-q", "--orphan", "unborn"]);
    all(&mut repository.command(&["--since=main"]), "main: there is no commit yet");
    fs::remove_dir_all(repository.path(".git")).expect("the repository is removed");
    all(
        &mut repository.command(&["--since=main"]),
        "main: not a git repository (or any of the parent directories): .git",
    );
    // A file outside the repository.
    let (here, there) = (Repository::new(), Repository::new());
    let path = there.path("README.md").canonicalize().expect("it is there");
    let output =
        here.command(&["--since=HEAD", path.to_str().expect("it is text")]).output().expect("the program runs");
    assert_eq!(String::from_utf8_lossy(&output.stdout).lines().count(), 2);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(told.contains("README.md: it is not in the repository; everything counts as new\n"), "{told}");
}

#[test]
fn plain_diffs_and_mails_are_read() {
    let repository = Repository::new();
    repository.write("old/README.md", LIST);
    repository.append("README.md", ROW);
    for command in [
        "diff -u old/README.md README.md",
        "diff -u old/README.md README.md | sed 's/$/\\r/'",
        "{ mkdir new; cp README.md new; diff -ru old new; rm -r new; }",
        "diff -U0 old/README.md README.md",
        "diff --text -u /dev/fd/3 README.md 3< old/README.md",
    ] {
        let program = env!("CARGO_BIN_EXE_tablewright");
        let line = format!("{command} | \"{program}\" check --output-format concise --diff-from - README.md");
        let mut shell = Command::new("sh");
        said(shell.args(["-c", &line]).current_dir(repository.path("")), &[&at("README.md:12:52")]);
    }
    // A series of mails, whose file has two names.
    let repository = Repository::new();
    repository
        .append("README.md", "| 2019 | Older Work on Finding Scenes | [paper](https://arxiv.org/abs/1901.00001) |\n");
    repository.commit("one");
    repository.git(&["mv", "README.md", "LIST.md"]);
    repository.write("LIST.md", repository.read("LIST.md").replace("| 2019 |", &format!("{ROW}| 2019 |")));
    repository.commit("two @@ -1 +1 @@");
    let mails = repository.run_git(&["format-patch", "--stdout", "HEAD~2"]);
    repository.write(".git/mails", mails.stdout);
    repository.check(&["--diff-from", ".git/mails"], &[&at("LIST.md:12:52")]);
    repository.write("LIST.md", repository.read("LIST.md").replace("Textual Cues", "Textual Clues"));
    let told = said(
        &mut repository.command(&["--diff-from", ".git/mails", "--ignore", "padded-url"]),
        &[
            "LIST.md:9:10: error[duplicate-entry] \"Composed Retrieval of Remote Scenes\" is listed twice: 2024 on line 7, 2023 on line 9",
        ],
    );
    assert!(told.starts_with("cannot tell what is new in LIST.md: the lines of the diff from line "), "{told}");
}

#[test]
fn only_what_is_new_is_fixed() {
    let repository = Repository::new();
    repository.append("README.md", ROW);
    repository.check(&["--since", "HEAD", "--fix"], &[]);
    let fixed = LIST.to_owned() + &ROW.replace("( https", "(https");
    assert_eq!(repository.read("README.md"), fixed);
    repository.check(&["--since", "HEAD", "--fix", "--unsafe-fixes"], &[]);
    assert_eq!(repository.read("README.md"), fixed);
    // A row of the contributor's, out of order, is the one that moves.
    let row = "| 2021 | Dense Labels for Finding Scenes | [paper](https://arxiv.org/abs/2105.00001) |\n";
    repository.write("README.md", LIST.replace("| 2022 |", &format!("{row}| 2022 |")));
    let out_of_order =
        "README.md:10:3: warning[unsorted-rows] 2021 stands out of order: the table goes from new to old";
    repository.check(&["--since", "HEAD"], &[out_of_order]);
    repository.check(&["--since", "HEAD", "--fix"], &[]);
    assert_eq!(repository.read("README.md"), LIST.replace("| 2021 |", &format!("{row}| 2021 |")));
}
