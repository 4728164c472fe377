"""The Action, run by act in repositories made for the test."""

import functools
import hashlib
import http.server
import json
import os
import threading
import unittest

from support import BINARY, CLEAN, FAULTY, QUICK_BUILD, ROOT, VERSION, PlatformTest, Repository, copy_project, run, workflow


class ActionTest(PlatformTest):
    def setUp(self):
        super().setUp()
        self.kept = self.temporary / "kept"
        self.kept.mkdir()

    def list(self, text, inputs=None, checksums=None, files=None, before=()):
        """A committed repository with a list, the Action, and a workflow that runs it."""
        repository = self.repository()
        self.add_action(repository, checksums=checksums)
        self.fill(repository, text, inputs or {}, files or {}, before)
        return repository

    def fill(self, repository, text, inputs, files=None, before=()):
        repository.write("README.md", text)
        for path, content in (files or {}).items():
            repository.write(path, content)
        inputs = {"binary": str(BINARY), **inputs}
        inputs = {name: value for name, value in inputs.items() if value is not None}
        repository.write(".github/workflows/tables.yml", workflow(inputs, before))
        repository.commit("list")

    def run_action(self, repository, event="push", payload=None, env=None):
        log = self.act(repository, event, payload, {"KEPT": str(self.kept), **(env or {})})
        self.assertTrue(log.has_succeeded, log.text)
        step = json.loads((self.kept / "step.json").read_text())
        return log, step["outcome"], step["outputs"]

    # What it finds, and where that shows.

    def test_a_clean_list_passes(self):
        log, outcome, outputs = self.run_action(self.list(CLEAN))
        self.assertEqual(outcome, "success", log.text)
        self.assertEqual(log.annotations, [])
        expected = {"version": VERSION, "path": str(BINARY), "exit-code": "0", "findings": "0", "fixable": "0"}
        self.assertEqual(outputs, {**expected, "compared-with": "", "sarif-file": ""})
        self.assertIn("1 file, 1 table, 1 row", log.summary)

    def test_one_run_gives_pictures_annotations_a_summary_and_sarif(self):
        counting = self.temporary / "counting"
        counting.write_text(f'#!/bin/sh\necho "$1" >> "{self.kept}/runs"\nexec "{BINARY}" "$@"\n')
        counting.chmod(0o755)
        log, outcome, outputs = self.run_action(
            self.list(FAULTY, {"binary": str(counting), "sarif-file": "tables.sarif"})
        )
        self.assertEqual(outcome, "failure", log.text)
        self.assertEqual((self.kept / "runs").read_text(), "--version\ncheck\n")
        places = sorted((command, file, line) for command, file, line, _ in log.annotations)
        self.assertEqual(
            places,
            [("error", "README.md", "6"), ("warning", "README.md", "5"), ("warning", "README.md", "7")],
            log.text,
        )
        self.assertIn("padded-url", log.said)
        for text in (log.summary, (self.kept / "tables.sarif").read_text()):
            for rule in ("padded-url", "ragged-row", "empty-link"):
                self.assertIn(rule, text)
        sarif = json.loads((self.kept / "tables.sarif").read_text())
        self.assertEqual(len(sarif["runs"][0]["results"]), 3)
        self.assertEqual(outputs["exit-code"], "1")
        self.assertEqual((outputs["findings"], outputs["fixable"]), ("3", "2"))
        self.assertEqual(outputs["sarif-file"], "tables.sarif")

    def test_what_is_switched_off_stays_away(self):
        inputs = {"annotations": "false", "summary": "false", "fail-on": "never"}
        log, outcome, outputs = self.run_action(self.list(FAULTY, inputs))
        self.assertEqual((outcome, log.annotations, log.summary), ("success", [], ""), log.text)
        self.assertEqual((outputs["exit-code"], outputs["findings"]), ("0", "3"))

    def test_fail_on_weighs(self):
        text = FAULTY.replace("| sed  |\n", "")
        _, outcome, outputs = self.run_action(self.list(text, {"fail-on": "error"}))
        self.assertEqual((outcome, outputs["findings"]), ("success", "2"))

    # What it does.

    def test_fix_mends_the_checkout(self):
        log, outcome, outputs = self.run_action(self.list(FAULTY, {"command": "fix"}))
        self.assertEqual(outcome, "failure", log.text)
        self.assertEqual((outputs["findings"], outputs["fixable"]), ("1", "0"))
        diff = (self.kept / "changes.diff").read_text()
        self.assertIn("+| jq   | [code](https://example.org/jq) |", diff)
        self.assertIn("[code]() ", FAULTY)
        self.assertNotIn("-| awk", diff)

    def test_fmt_aligns_the_checkout_and_fmt_check_only_tells(self):
        crooked = CLEAN.replace("| jq   |", "| jq |")
        repository = self.list(crooked, {"command": "fmt-check"})
        log, outcome, outputs = self.run_action(repository)
        self.assertEqual((outcome, outputs["findings"]), ("failure", "1"), log.text)
        self.assertIn("unaligned-table", log.annotations[0][3])
        self.assertEqual((self.kept / "changes.diff").read_text(), "")
        self.fill(repository, crooked, {"command": "fmt"})
        log, outcome, outputs = self.run_action(repository)
        self.assertEqual((outcome, outputs["exit-code"]), ("success", "0"), log.text)
        self.assertIn("+| jq   |", (self.kept / "changes.diff").read_text())

    def test_install_only_puts_it_on_the_path(self):
        log, outcome, outputs = self.run_action(self.list(FAULTY, {"install-only": "true"}))
        self.assertEqual(outcome, "success", log.text)
        self.assertEqual((log.annotations, outputs["exit-code"]), ([], ""))
        self.assertEqual((self.kept / "on-path").read_text().strip(), str(BINARY))

    def test_paths_args_config_and_folder_are_heeded(self):
        files = {
            "lists/a.md": FAULTY,
            "lists/b c.md": FAULTY,
            "lists/skipped.md": FAULTY,
            "lists/own.toml": '[rules]\nempty-link = "error"\n',
        }
        inputs = {
            "working-directory": "lists",
            "paths": "a.md\n\n  \nb c.md\r\n",
            "args": "--ignore\nragged-row,padded-url",
            "config": "own.toml",
        }
        log, outcome, outputs = self.run_action(self.list(FAULTY, inputs, files=files))
        self.assertEqual((outcome, outputs["findings"]), ("failure", "2"), log.text)
        places = [(command, file) for command, file, _, _ in log.annotations]
        self.assertEqual(places, [("error", "lists/a.md"), ("error", "lists/b c.md")])

    # What is new.

    def pull_request(self, depth):
        """A clone, so many commits deep, of a pull request as GitHub merges it: the base has moved on since."""
        upstream = self.repository("upstream")
        self.add_action(upstream)
        self.fill(upstream, FAULTY, {})
        upstream.git("checkout", "-q", "-b", "topic")
        upstream.write("README.md", FAULTY + "| tr   | [code]()                     |\n")
        topic = upstream.commit("add tr")
        upstream.git("checkout", "-q", "main")
        upstream.write("other.md", FAULTY)
        base = upstream.commit("another list with faults")
        upstream.git("checkout", "-q", "-b", "merge")
        upstream.git("merge", "-q", "--no-ff", "-m", f"Merge {topic} into {base}", "topic")
        clone = self.temporary / "clone"
        depths = [] if depth is None else ["--depth", str(depth)]
        run("git", "clone", "-q", "--branch", "merge", *depths, f"file://{upstream.folder}", clone, cwd=self.temporary)
        return Repository.at(clone), base, upstream

    def payload(self, base):
        return {"number": 7, "pull_request": {"number": 7, "base": {"sha": base, "ref": "main"}, "head": {"ref": "topic"}}}

    def assert_only_the_new_row(self, depth):
        clone, base, _ = self.pull_request(depth)
        log, outcome, outputs = self.run_action(clone, "pull_request", self.payload(base))
        self.assertEqual(outcome, "failure", log.text)
        self.assertEqual([place[1:3] for place in log.annotations], [("README.md", "8")], log.text)
        self.assertEqual((outputs["findings"], outputs["compared-with"]), ("1", base))

    def test_only_the_new_row_at_depth_1(self):
        self.assert_only_the_new_row(1)

    def test_only_the_new_row_at_depth_2(self):
        self.assert_only_the_new_row(2)

    def test_only_the_new_row_with_all_history(self):
        self.assert_only_the_new_row(None)

    def test_where_the_base_cannot_be_had_everything_is_reported(self):
        clone, base, upstream = self.pull_request(1)
        clone.git("remote", "set-url", "origin", f"file://{upstream.folder}/missing")
        log, outcome, outputs = self.run_action(clone, "pull_request", self.payload(base))
        self.assertEqual((outcome, outputs["findings"]), ("failure", "7"), log.text)
        self.assertIn("fetch-depth of 2", log.said)
        self.assertIn("everything counts as new", log.said)

    def test_everything_is_reported_where_that_is_asked_for(self):
        clone, base, _ = self.pull_request(2)
        self.fill_inputs(clone, {"changed-only": "false"})
        log, _, outputs = self.run_action(clone, "pull_request", self.payload(base))
        self.assertEqual((outputs["findings"], outputs["compared-with"]), ("7", ""), log.text)

    def fill_inputs(self, repository, inputs):
        repository.write(".github/workflows/tables.yml", workflow({"binary": str(BINARY), **inputs}))

    def test_a_push_is_compared_with_what_was_there_where_that_is_asked_for(self):
        repository = self.list(FAULTY, {"changed-only": "true"})
        before = repository.git("rev-parse", "HEAD")
        repository.write("README.md", FAULTY + "| tr   | [code]()                     |\n")
        repository.commit("add tr")
        log, _, outputs = self.run_action(repository, "push", {"before": before, "ref": "refs/heads/main"})
        self.assertEqual((outputs["findings"], outputs["compared-with"]), ("1", before), log.text)

    def test_the_first_push_of_a_branch_has_nothing_to_compare_with(self):
        repository = self.list(FAULTY, {"changed-only": "true"})
        log, _, outputs = self.run_action(repository, "push", {"before": "0" * 40, "ref": "refs/heads/main"})
        self.assertEqual((outputs["findings"], outputs["compared-with"]), ("3", ""), log.text)

    # Trouble.

    def assert_trouble(self, repository, *words, env=None, exit_code=""):
        log, outcome, outputs = self.run_action(repository, env=env)
        self.assertEqual((outcome, outputs.get("exit-code", "")), ("failure", exit_code), log.text)
        errors = [message for command, _, _, message in log.annotations if command == "error"]
        self.assertEqual(len(errors), 1, log.text)
        for word in words:
            self.assertIn(word, errors[0])
        return log

    def test_a_wrong_configuration_is_trouble(self):
        repository = self.list(CLEAN, files={"tablewright.toml": '[rules]\nragged-rows = "off"\n'})
        log = self.assert_trouble(repository, "could not do all of its work", exit_code="2")
        self.assertIn("ragged-rows", log.said)

    def test_wrong_inputs_are_trouble(self):
        for inputs, word in [
            ({"command": "mend"}, "mend"),
            ({"changed-only": "maybe"}, "maybe"),
            ({"annotations": "yes"}, "yes"),
            ({"summary": "1"}, "1"),
            ({"working-directory": "missing"}, "missing"),
            ({"binary": "missing"}, "missing"),
            ({"version": VERSION}, "exclude each other"),
        ]:
            with self.subTest(inputs=inputs):
                self.tearDownRepository()
                self.assert_trouble(self.list(CLEAN, inputs), word)

    def tearDownRepository(self):
        run("rm", "-rf", self.temporary / "list", cwd=self.temporary)

    # Strangers.

    def test_inputs_are_words_and_never_commands(self):
        word = "$(touch pwned)`touch pwned`; touch pwned; a && touch pwned #'\"\\ * %0A::error::forged"
        names = ("args", "config", "fail-on", "sarif-file", "command", "working-directory", "version", "binary")
        for name in ("paths", *names):
            with self.subTest(input=name):
                self.tearDownRepository()
                # A dash in front, and a line of its own that would be a command of the runner.
                inputs = {name: f"{word}\n-rf\n--fix\n::error::forged\n"}
                if name == "version":
                    inputs["binary"] = ""
                log, outcome, _ = self.run_action(self.list(CLEAN, inputs))
                self.assertNotIn("./pwned", (self.kept / "files").read_text().splitlines())
                self.assertNotIn("forged", [message for *_, message in log.annotations], log.text)
                if name != "sarif-file":
                    self.assertEqual(outcome, "failure", log.text)

    def test_files_with_such_names_are_read(self):
        names = ["$(touch pwned).md", "; x.md", "-rf.md", "%0A::error::x.md", "a,b:c.md"]
        repository = self.list(CLEAN, {"paths": "\n".join(names)}, files={name: FAULTY for name in names})
        log, outcome, outputs = self.run_action(repository)
        self.assertEqual((outcome, outputs["findings"]), ("failure", str(3 * len(names))), log.text)
        self.assertEqual({file for _, file, _, _ in log.annotations if file}, set(names))

    def test_no_list_commands_the_runner(self):
        commands = ["::error::forged", "::set-output name=exit-code::0", "::stop-commands::x", "##[error]forged", "::add-mask::the"]
        rows = "".join(f"{command}\n" for command in commands)
        text = FAULTY + rows + "\n" + "".join(f"| {command} |\n" for command in commands)
        log, outcome, outputs = self.run_action(self.list(text))
        self.assertEqual((outcome, outputs["exit-code"]), ("failure", "1"), log.text)
        self.assertNotIn("forged", [message for *_, message in log.annotations])
        known = {"stop-commands", "error", "warning", "notice", "set-output", "add-path", "summary", "ignored", None}
        tokens = [entry["arg"] for entry in log.entries if entry.get("command") == "stop-commands"]
        self.assertEqual(len(tokens), 1, log.text)
        self.assertEqual(len(tokens[0]), 32)
        self.assertLessEqual({entry.get("command") for entry in log.entries}, known | set(tokens))

    # Where the program comes from.

    def serve(self):
        """A release on loopback: its address, its folder, and the line of its checksum."""
        folder = self.temporary / "releases"
        archive = run(ROOT / ".ci/package", BINARY, "x86_64-unknown-linux-musl", folder / f"v{VERSION}", cwd=ROOT).split()[-1]
        handler = functools.partial(Quiet, directory=str(folder))
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        with open(archive, "rb") as content:
            digest = hashlib.sha256(content.read()).hexdigest()
        environment = {"TABLEWRIGHT_RELEASES": f"http://127.0.0.1:{server.server_port}", "RUNNER_ARCH": "X64"}
        return environment, archive, digest

    def test_the_release_is_downloaded_and_checked(self):
        environment, archive, digest = self.serve()
        line = f"{digest}  {os.path.basename(archive)}\n"
        for version in (None, VERSION, f"v{VERSION}"):
            with self.subTest(version=version):
                self.tearDownRepository()
                repository = self.list(CLEAN, {"binary": None, "version": version}, checksums=line)
                log, outcome, outputs = self.run_action(repository, env=environment)
                self.assertEqual((outcome, outputs["version"]), ("success", VERSION), log.text)
                self.assertIn("as its checksum says", log.said)

    def test_another_archive_is_refused(self):
        environment, archive, digest = self.serve()
        wrong = ("0" if digest[0] != "0" else "1") + digest[1:]
        repository = self.list(CLEAN, {"binary": None}, checksums=f"{wrong}  {os.path.basename(archive)}\n")
        self.assert_trouble(repository, digest, wrong, "was not unpacked", env=environment)

    def test_a_version_without_a_checksum_is_refused(self):
        environment, _, _ = self.serve()
        repository = self.list(CLEAN, {"binary": None, "version": "9.9.9"}, checksums="")
        self.assert_trouble(repository, "knows no checksum of tablewright 9.9.9", env=environment)

    def test_a_release_that_is_gone_is_trouble(self):
        environment, _, digest = self.serve()
        line = f"{digest}  tablewright-9.9.9-x86_64-unknown-linux-musl.tar.gz\n"
        repository = self.list(CLEAN, {"binary": None, "version": "9.9.9"}, checksums=line)
        self.assert_trouble(repository, "cannot download tablewright 9.9.9", env=environment)

    def test_what_has_no_checksum_yet_is_built(self):
        repository = self.list(CLEAN, {"binary": None, "paths": "README.md"}, checksums="")
        copy_project(repository.folder / ".tablewright")
        repository.write(".tablewright/action/checksums.txt", "")
        repository.commit("the source")
        log, outcome, outputs = self.run_action(repository, env=QUICK_BUILD)
        self.assertEqual((outcome, outputs["version"]), ("success", VERSION), log.text)
        self.assertIn("building it", log.said)


    def test_a_workspace_has_no_say_in_how_it_is_built(self):
        # What a pull request could bring to have a program of its own run by cargo.
        workspace = self.repository("workspace")
        workspace.write(".cargo/config.toml", '[build]\nrustc = "/bin/false"\n')
        workspace.write("Cargo.toml", "no manifest")
        environment = {
            **os.environ,
            **QUICK_BUILD,
            "INPUT_VERSION": "source",
            "INPUT_BINARY": "",
            "GITHUB_OUTPUT": str(self.kept / "output"),
            "GITHUB_PATH": str(self.kept / "path"),
        }
        run("bash", ROOT / "action/install.sh", cwd=workspace.folder, env=environment)
        self.assertIn(VERSION, (self.kept / "output").read_text())


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


if __name__ == "__main__":
    unittest.main()
