"""The wheel, the crate and the archive of a release."""

import hashlib
import json
import os
import re
import sys
import tarfile
import zipfile

from support import BINARY, CLEAN, FAULTY, ROOT, VERSION, PlatformTest, Repository, copy_project, run


class PackagesTest(PlatformTest):
    def test_the_wheel_installs_and_runs(self):
        # The same build as that of the release beside it, so little is left to build.
        run("maturin", "build", "--release", "--locked", "--out", self.temporary, cwd=ROOT)
        (wheel,) = self.temporary.glob("*.whl")
        names = zipfile.ZipFile(wheel).namelist()
        programs = [name for name in names if not re.match(r"tablewright-[^/]*\.dist-info/", name)]
        self.assertEqual(programs, [f"tablewright-{VERSION}.data/scripts/tablewright"])
        environment = self.temporary / "environment"
        run(sys.executable, "-m", "venv", environment, cwd=self.temporary)
        run(environment / "bin/pip", "install", "--quiet", "--no-index", "--disable-pip-version-check", wheel, cwd=self.temporary)
        program = environment / "bin/tablewright"
        self.assertEqual(run(program, "--version", cwd=self.temporary), f"tablewright {VERSION}\n")
        (self.temporary / "README.md").write_text(FAULTY)
        self.assertIn("padded-url", run(program, "check", "README.md", cwd=self.temporary, status=1))
        (self.temporary / "README.md").write_text(CLEAN)
        run(program, "check", "README.md", cwd=self.temporary)
        # What the package says of itself is what Cargo.toml says.
        metadata = run(environment / "bin/python", "-c", "import importlib.metadata as m; print(m.metadata('tablewright'))", cwd=self.temporary)
        manifest = json.loads(run("cargo", "metadata", "--no-deps", "--format-version", "1", cwd=ROOT))["packages"][0]
        self.assertIn(f"Version: {manifest['version']}\n", metadata)
        self.assertIn(f"Summary: {manifest['description']}\n", metadata)
        self.assertIn(f"License-Expression: {manifest['license']}\n", metadata)

    def test_the_crate_builds_from_what_it_ships(self):
        # From a copy, so that nothing has to be committed first; its own checkout is what is clean.
        source = self.temporary / "source"
        copy_project(source)
        for command in (["init", "-q", "."], ["add", "--all"], ["-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-qm", "x"]):
            run("git", *command, cwd=source)
        # Dependencies are built where those of the tests are.
        environment = {**os.environ, "CARGO_TARGET_DIR": str(ROOT / "target")}
        said = run("cargo", "package", "--locked", cwd=source, env=environment)
        self.assertIn("Verifying", said)
        self.assertNotIn("warning", said)
        files = run("cargo", "package", "--list", cwd=source).split()
        allowed = re.compile(
            r"(src|rules|docs|fixtures|benches|tests/suite|tests/cli)/|(README|CHANGELOG)\.md$|LICENSE-(MIT|APACHE)$"
            r"|Cargo\.(toml|lock|toml\.orig)$|build\.rs$|tablewright\.schema\.json$|\.cargo_vcs_info\.json$"
        )
        self.assertEqual([path for path in files if not allowed.match(path)], [])
        self.assertIn("docs/configuration.md", files)

    def test_the_archive_has_completions_and_manuals(self):
        said = run(ROOT / ".ci/package", BINARY, "some-target", self.temporary, cwd=ROOT)
        archive = said.split()[-1]
        self.assertEqual(os.path.basename(archive), f"tablewright-{VERSION}-some-target.tar.gz")
        with tarfile.open(archive) as content:
            content.extractall(self.temporary, filter="data")
        folder = self.temporary / f"tablewright-{VERSION}-some-target"
        for shell, name in {"bash": "tablewright.bash", "zsh": "_tablewright", "fish": "tablewright.fish"}.items():
            self.assertIn("tablewright", (folder / "completions" / name).read_text(), shell)
        run("bash", "-n", folder / "completions/tablewright.bash", cwd=folder)
        commands = re.findall(r"^  ([a-z]+) ", run(BINARY, "--help", cwd=folder).split("Commands:")[1].split("\n\n")[0], re.M)
        self.assertIn("check", commands)
        pages = {path.name for path in (folder / "man").iterdir()}
        self.assertEqual(pages, {"tablewright.1"} | {f"tablewright-{name}.1" for name in commands if name != "help"})
        self.assertEqual(run(folder / "tablewright", "--version", cwd=folder), f"tablewright {VERSION}\n")

    def test_a_release_is_published_only_if_it_is_what_is_tagged(self):
        repository = Repository(self.directory("project"))
        copy_project(repository.folder)
        built = repository.commit("version")
        draft = self.directory("draft")
        archive = f"tablewright-{VERSION}-x86_64-unknown-linux-musl.tar.gz"
        (draft / archive).write_text("an archive")
        digest = hashlib.sha256(b"an archive").hexdigest()
        tools = self.directory("tools")
        (tools / "gh").write_text(
            f'''#!/bin/bash
case "$1 $2" in
  "release view") echo "{built}" ;;
  "release download") mkdir -p "${{@: -1}}" && cp "{draft}"/* "${{@: -1}}" ;;
  "release edit") echo "$3 $4" > "{self.temporary}/published" ;;
  *) exit 1 ;;
esac
'''
        )
        (tools / "gh").chmod(0o755)
        environment = {**os.environ, "PATH": f"{tools}:{os.environ['PATH']}"}
        published = self.temporary / "published"

        def publish(tag, status):
            said = run(".ci/publish", tag, cwd=repository.folder, env=environment, status=status)
            self.assertEqual(published.exists(), status == 0, said)
            return said

        self.assertIn("are not those of action/checksums.txt", publish(f"v{VERSION}", 1))
        table = repository.folder / "action/checksums.txt"
        for wrong in (f"{'0' * 64}  {archive}\n", f"{digest}  {archive}\n{digest}  {archive.replace('x86_64', 'aarch64')}\n"):
            table.write_text(wrong)
            repository.commit("wrong checksums")
            self.assertIn("are not those of action/checksums.txt", publish(f"v{VERSION}", 1))
        table.write_text(f"{digest}  {archive}\n")
        repository.commit("checksums")
        self.assertIn("but this is version", publish("v9.9.9", 1))
        repository.write("src/lib.rs", "// something else\n")
        repository.commit("a late change")
        self.assertIn("src/lib.rs", publish(f"v{VERSION}", 1))
        repository.git("reset", "-q", "--hard", "HEAD~1")
        publish(f"v{VERSION}", 0)
        self.assertEqual(published.read_text(), f"v{VERSION} --draft=false\n")

    def directory(self, name):
        folder = self.temporary / name
        folder.mkdir()
        return folder
