"""The hooks for pre-commit, each tried on a clean list and on one with faults."""

import os
import re
import shutil

from support import BINARY, CLEAN, FAULTY, QUICK_BUILD, ROOT, PlatformTest, Repository, copy_project, run

CROOKED = CLEAN.replace("| jq   |", "| jq |")


class HookTest(PlatformTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # pre-commit keeps what it builds here, so all hooks that are built share one program.
        cls.home = ROOT / "target/platforms/pre-commit"
        shutil.rmtree(cls.home, ignore_errors=True)

    def hook(self, name, text, status, files=None):
        """Runs a hook of the project on a list, and returns what it says and the list after it."""
        if name.endswith("-system"):
            return self.pre_commit(["try-repo", self.source(), name, "--ref", "HEAD"], text, status, files)
        # try-repo would build the program anew each time.
        return self.configured(f"repos:\n- repo: X\n  rev: X\n  hooks:\n  - id: {name}\n", text, status, files)

    def configured(self, configuration, text, status, files=None):
        """Runs the hooks of a configuration, for which the project's repository is this checkout."""
        source = self.source()
        commit = run("git", "rev-parse", "HEAD", cwd=source).strip()
        configuration = re.sub(r"repo: \S+", f"repo: {source}", configuration)
        configuration = re.sub(r"rev: \S+", f"rev: {commit}", configuration)
        return self.pre_commit(["run"], text, status, {**(files or {}), ".pre-commit-config.yaml": configuration})

    def pre_commit(self, arguments, text, status, files):
        folder = self.temporary / "list"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        repository = Repository(folder)
        for path, content in {"README.md": text, "notes.txt": FAULTY, **(files or {})}.items():
            repository.write(path, content)
        repository.commit("list")
        path = f"{BINARY.parent}:{os.environ['PATH']}"
        environment = {**os.environ, **QUICK_BUILD, "PRE_COMMIT_HOME": str(self.home), "PATH": path}
        said = run("pre-commit", *arguments, "--all-files", "--verbose", cwd=folder, env=environment, status=status)
        return said, (folder / "README.md").read_text()

    def source(self):
        """The project as a repository of its own, with what is not committed yet."""
        folder = ROOT / "target/platforms/source"
        if not hasattr(type(self), "is_source_ready"):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            copy_project(folder)
            Repository(folder).commit("source")
            type(self).is_source_ready = True
        return folder

    def assert_checks(self, name):
        self.assertIn("Passed", self.hook(name, CLEAN, 0)[0])
        said, after = self.hook(name, FAULTY, 1)
        self.assertIn("padded-url", said)
        self.assertEqual(after, FAULTY)
        self.assertNotIn("notes.txt", said)
        # Files that the configuration excludes are passed over, though pre-commit names them.
        excluded = {"tablewright.toml": 'exclude = ["drafts"]\n', "drafts/a.md": FAULTY}
        self.assertIn("Passed", self.hook(name, CLEAN, 0, excluded)[0])

    def assert_aligns(self, name):
        self.assertIn("Passed", self.hook(name, CLEAN, 0)[0])
        said, after = self.hook(name, CROOKED, 1)
        self.assertIn("files were modified by this hook", said)
        self.assertEqual(after, CLEAN)

    def test_check_by_the_installed_program(self):
        self.assert_checks("tablewright-system")

    def test_fmt_by_the_installed_program(self):
        self.assert_aligns("tablewright-fmt-system")

    def test_check_built_from_the_source(self):
        self.assert_checks("tablewright")

    def test_fmt_built_from_the_source(self):
        self.assert_aligns("tablewright-fmt")

    def test_the_configuration_that_the_manual_shows(self):
        page = (ROOT / "docs/use.md").read_text()
        configuration = re.search(r"<!-- file: \.pre-commit-config\.yaml -->\n\n```yaml\n(.*?)```", page, re.DOTALL)[1]
        said, after = self.configured(configuration, f"{FAULTY}\n{CROOKED}", 1)
        self.assertEqual(said.count("files were modified by this hook"), 2, said)
        self.assertIn("| jq   | [code](https://example.org/jq) |\n| sed  |", after)
        self.assertIn("Passed", self.configured(configuration, CLEAN, 0)[0])
