"""What the tests of the platforms share: repositories made for a test, the Action run by act, and its log."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = pathlib.Path(os.environ["TABLEWRIGHT"])
VERSION = subprocess.run([BINARY, "--version"], check=True, capture_output=True, text=True).stdout.split()[1]
# A program that a test has built needs to work, and not to be fast; all such builds share what they can.
QUICK_BUILD = {
    "CARGO_TARGET_DIR": str(ROOT / "target/platforms/build"),
    "CARGO_PROFILE_RELEASE_OPT_LEVEL": "0",
    "CARGO_PROFILE_RELEASE_LTO": "off",
    "CARGO_PROFILE_RELEASE_CODEGEN_UNITS": "16",
    "CARGO_PROFILE_RELEASE_STRIP": "none",
}
CHECKOUT = "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1"

CLEAN = """# Tools

| Name | Link                           |
| ---- | ------------------------------ |
| jq   | [code](https://example.org/jq) |
"""

# Two faults that `--fix` mends (a blank before a URL, a missing cell), one that it does not (a link that leads nowhere).
FAULTY = """# Tools

| Name | Link                         |
| ---- | ---------------------------- |
| jq   | [code]( https://example.org/jq) |
| sed  |
| awk  | [code]()                     |
"""


def run(*command, cwd, env=None, status=0, stdin=None):
    """Runs a command, demands its exit status, and returns what it wrote, both streams together."""
    words = [str(word) for word in command]
    done = subprocess.run(
        words, cwd=cwd, env=env, input=stdin, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    )
    if status is not None and done.returncode != status:
        raise AssertionError(f"{words} ended with {done.returncode} instead of {status}:\n{done.stdout}")
    return done.stdout


def copy_project(target):
    """Copies the project to a folder: what is committed, and what is about to be."""
    for path in run("git", "ls-files", "--cached", "--others", "--exclude-standard", cwd=ROOT).splitlines():
        if (ROOT / path).is_file():
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / path, target / path)


class Repository:
    """A git repository in a temporary folder."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.git("init", "-q", "-b", "main")
        self.configure()

    @classmethod
    def at(cls, folder):
        """The repository that is in a folder already."""
        repository = cls.__new__(cls)
        repository.folder = pathlib.Path(folder)
        repository.configure()
        return repository

    def configure(self):
        self.git("config", "user.name", "Test")
        self.git("config", "user.email", "test@example.org")
        self.git("config", "uploadpack.allowAnySHA1InWant", "true")

    def git(self, *arguments):
        return run("git", *arguments, cwd=self.folder).strip()

    def write(self, path, text):
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        return target

    def commit(self, message="change"):
        self.git("add", "--all", "--force")
        self.git("commit", "-q", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")


def parse(line):
    """(command, file, line, message) of a workflow command: `::name property=value,…::message`."""
    head, message = line.strip().removeprefix("::").split("::", 1)
    name, _, properties = head.partition(" ")
    values = dict(part.split("=", 1) for part in properties.split(",") if part)
    return name, unescape(values.get("file")), values.get("line"), unescape(message)


def unescape(text):
    """What the runner makes of an escaped text."""
    escapes = {"%25": "%", "%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ","}
    return text and re.sub("%(25|0D|0A|3A|2C)", lambda found: escapes[found[0]], text)


class Log:
    """What act says of a run."""

    def __init__(self, text):
        self.text = text
        self.entries = []
        for line in text.splitlines():
            try:
                self.entries.append(json.loads(line))
            except ValueError:
                pass

    @property
    def has_succeeded(self):
        results = [entry["jobResult"] for entry in self.entries if "jobResult" in entry]
        return results == ["success"]

    @property
    def annotations(self):
        """(command, file, line, message) of each annotation, in order, as GitHub's runner reads them; act's own reading of escapes is a bit off."""
        kinds = ("error", "warning", "notice")
        found = (entry["raw"] for entry in self.entries if entry.get("command") in kinds)
        return [parse(line) for line in found]

    @property
    def said(self):
        """What the steps printed."""
        return "".join(entry["msg"] for entry in self.entries if entry.get("raw_output"))

    @property
    def summary(self):
        """What was added to the summary of the job."""
        return "".join(entry["content"] for entry in self.entries if entry.get("command") == "summary")


class PlatformTest(unittest.TestCase):
    """A test with a temporary folder of its own."""

    maxDiff = None

    def setUp(self):
        self.temporary = pathlib.Path(tempfile.mkdtemp(prefix="tablewright-platforms-"))
        self.addCleanup(shutil.rmtree, self.temporary, ignore_errors=True)

    def repository(self, name="list"):
        folder = self.temporary / name
        folder.mkdir()
        return Repository(folder)

    def add_action(self, repository, folder=".tablewright", checksums=None):
        """Puts the Action into a repository, as `uses: ./.tablewright` finds it."""
        target = repository.folder / folder
        target.mkdir()
        shutil.copy(ROOT / "action.yml", target)
        shutil.copy(ROOT / "Cargo.toml", target)
        shutil.copytree(ROOT / "action", target / "action")
        if checksums is not None:
            (target / "action/checksums.txt").write_text(checksums)

    def act(self, repository, event="push", payload=None, env=None, workflow=".github/workflows/tables.yml"):
        """Runs a workflow of a repository on this machine."""
        payload_path = self.temporary / "event.json"
        payload_path.write_text(json.dumps(payload or {}))
        home = self.temporary / "home"
        home.mkdir(exist_ok=True)
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "XDG_CACHE_HOME": str(home / "cache"),
            # Where the toolchain is, for the Action to build with.
            "CARGO_HOME": os.environ.get("CARGO_HOME", str(pathlib.Path.home() / ".cargo")),
            "RUSTUP_HOME": os.environ.get("RUSTUP_HOME", str(pathlib.Path.home() / ".rustup")),
            **(env or {}),
        }
        command = ["act", event, "-W", workflow, "-e", payload_path, "-P", "ubuntu-latest=-self-hosted"]
        for name, value in (env or {}).items():
            command += ["--env", f"{name}={value}"]
        return Log(run(*command, "--no-cache-server", "--json", cwd=repository.folder, env=environment, status=None))


def workflow(inputs, before=()):
    """A workflow that runs the Action with some inputs, and keeps what came of it in the folder `KEPT`."""
    lines = [
        "on: [push, pull_request, merge_group]",
        "permissions:",
        "  contents: read",
        "jobs:",
        "  tables:",
        "    runs-on: ubuntu-latest",
        "    steps:",
        f"      - uses: {CHECKOUT}",
        *before,
        "      - id: tables",
        "        uses: ./.tablewright",
        "        continue-on-error: true",
        *(["        with:"] if inputs else []),
        # JSON strings are YAML strings.
        *(f"          {name}: {json.dumps(value)}" for name, value in inputs.items()),
        "      - run: |",
        "          printf '%s' \"$STEP\" > \"$KEPT/step.json\"",
        "          git diff > \"$KEPT/changes.diff\"",
        "          find . -not -path './.git*' > \"$KEPT/files\"",
        "          cp -- *.sarif \"$KEPT/\" || true",
        "          command -v tablewright > \"$KEPT/on-path\" || true",
        "        env:",
        "          STEP: ${{ toJSON(steps.tables) }}",
    ]
    return "\n".join(lines) + "\n"
