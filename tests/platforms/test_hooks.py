"""The hooks for pre-commit, each tried on a clean list and on one with faults."""

import os
import shutil

from support import BINARY, CLEAN, FAULTY, QUICK_BUILD, ROOT, PlatformTest, Repository, run

CROOKED = CLEAN.replace("| jq   |", "| jq |")


class HookTest(PlatformTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # pre-commit keeps what it builds, so both hooks that build share one program.
        cls.home = ROOT / "target/platforms/pre-commit"
        shutil.rmtree(cls.home, ignore_errors=True)

    def hook(self, name, text, status, files=None):
        """Tries a hook of the project on a list, and returns what it says and the list after it."""
        folder = self.temporary / "list"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        repository = Repository(folder)
        for path, content in {"README.md": text, "notes.txt": FAULTY, **(files or {})}.items():
            repository.write(path, content)
        repository.commit("list")
        path = f"{BINARY.parent}:{os.environ['PATH']}"
        environment = {**os.environ, **QUICK_BUILD, "PRE_COMMIT_HOME": str(self.home), "PATH": path}
        source = self.source()
        said = run(
            "pre-commit", "try-repo", source, name, "--ref", "HEAD", "--all-files", "--verbose",
            cwd=folder, env=environment, status=status,
        )
        return said, (folder / "README.md").read_text()

    def source(self):
        """The project as a repository of its own, with what is not committed yet."""
        folder = ROOT / "target/platforms/source"
        if not hasattr(type(self), "is_source_ready"):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            listed = run("git", "ls-files", "--cached", "--others", "--exclude-standard", cwd=ROOT).splitlines()
            for path in listed:
                if (ROOT / path).is_file():
                    (folder / path).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy(ROOT / path, folder / path)
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
