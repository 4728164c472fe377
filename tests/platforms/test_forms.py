"""Workflows, the Action, hooks and scripts, held against what their readers take; and those that the pages show."""

import os
import re
import subprocess

import yaml

from support import BINARY, ROOT, PlatformTest, run

# `path: yaml` of each file that a page shows behind `<!-- file: path -->`.
SHOWN = re.compile(r"^<!-- file: (\S+) -->\n\n```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# A hash of nothing: the pages name a release, as readers do before they pin it.
PINNED = f"tablewright/tablewright@{'0' * 40} # v"


class FormsTest(PlatformTest):
    def test_workflows_are_sound(self):
        self.assert_sound(ROOT)

    def test_the_action_the_hooks_and_the_updates_fit_their_schemas(self):
        for schema, path in [
            ("vendor.github-actions", "action.yml"),
            ("vendor.dependabot", ".github/dependabot.yml"),
        ]:
            run("check-jsonschema", "--builtin-schema", schema, path, cwd=ROOT)
        run("pre-commit", "validate-manifest", ".pre-commit-hooks.yaml", cwd=ROOT)

    def test_scripts_are_sound(self):
        scripts = [path for path in run("git", "ls-files", "-co", "--exclude-standard", "action", ".ci", cwd=ROOT).split()]
        shell = [path for path in scripts if path.endswith(".sh") or b"bash\n" in (ROOT / path).read_bytes()[:30]]
        self.assertIn("action/run.sh", shell)
        run("shellcheck", "--external-sources", "--severity=warning", *shell, cwd=ROOT)

    def test_nothing_of_an_input_is_pasted_into_a_script(self):
        text = (ROOT / "action.yml").read_text()
        for line in text.splitlines():
            if re.match(r"\s*(- )?run:", line):
                self.assertNotIn("${{", line)
        # No action of others runs inside this one.
        self.assertNotIn("uses:", text)
        for script in (ROOT / "action").glob("*.sh"):
            self.assertIsNone(re.search(r"\beval\b", script.read_text()), script)

    def test_actions_are_pinned_and_runs_have_few_rights(self):
        for path in (ROOT / ".github/workflows").glob("*.yml"):
            text = path.read_text()
            for use in re.findall(r"uses: (\S+.*)", text):
                self.assertRegex(use, r"^(\./ |[\w-]+/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$)", path)
            self.assertEqual(text.count("actions/checkout@"), text.count("persist-credentials: false"), path)
            self.assertIn("\npermissions: {}\n", text, path)

    def test_the_manual_has_every_input_and_output(self):
        path = ROOT / "docs/action.md"
        page = path.read_text()
        action = yaml.safe_load((ROOT / "action.yml").read_text())
        inputs = ["| input | without it | what it is |", "| --- | --- | --- |"]
        for name, described in action["inputs"].items():
            default = str(described["default"])
            inputs.append(f"| `{name}` | {f'`{default}`' if default else ''} | {described['description']} |")
        outputs = ["| output | what it is |", "| --- | --- |"]
        outputs += [f"| `{name}` | {described['description']} |" for name, described in action["outputs"].items()]
        current = page
        for name, lines in (("inputs", inputs), ("outputs", outputs)):
            table = "\n".join(lines) + "\n"
            aligned = run(BINARY, "fmt", "--isolated", "--quiet", "-", cwd=ROOT, stdin=table)
            current = re.sub(
                f"<!-- {name} -->.*<!-- /{name} -->",
                lambda _: f"<!-- {name} -->\n\n{aligned}\n<!-- /{name} -->",
                current,
                flags=re.DOTALL,
            )
        if os.environ.get("TABLEWRIGHT_UPDATE") == "1":
            path.write_text(current)
        else:
            self.assertEqual(page, current, "TABLEWRIGHT_UPDATE=1 rewrites the tables")

    def test_what_the_pages_show_is_sound(self):
        pages = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
        count = 0
        for page in pages:
            for path, text in SHOWN.findall(page.read_text()):
                with self.subTest(page=page.name, path=path):
                    count += 1
                    folder = self.temporary / str(count)
                    target = folder / path
                    target.parent.mkdir(parents=True)
                    target.write_text(text.replace("tablewright/tablewright@v", PINNED))
                    self.assertNotRegex(text, "pull_request_target|workflow_run")
                    if path.startswith(".github/"):
                        run("git", "init", "-q", ".", cwd=folder)
                        self.assert_sound(folder)
                    elif path == ".pre-commit-config.yaml":
                        run("pre-commit", "validate-config", path, cwd=folder)
                    elif path == ".gitlab-ci.yml":
                        run("check-jsonschema", "--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci", path, cwd=folder)
                    else:
                        self.fail(f"nothing here knows how to check {path}")
        self.assertGreaterEqual(count, 5)

    def assert_sound(self, folder):
        """Whether zizmor, actionlint and the schema have nothing to say about the workflows of a folder."""
        done = subprocess.run(
            ["zizmor", "--offline", "--no-progress", "--persona=auditor", "."], cwd=folder, capture_output=True, text=True
        )
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        # It passes over what it cannot read.
        self.assertNotIn("failed to parse", done.stderr)
        run("actionlint", cwd=folder)
        workflows = sorted((folder / ".github/workflows").glob("*.yml"))
        self.assertTrue(workflows)
        run("check-jsonschema", "--builtin-schema", "vendor.github-workflows", *workflows, cwd=folder)

    def test_dependencies_are_those_that_are_allowed(self):
        if not any(os.access(os.path.join(folder, "cargo-deny"), os.X_OK) for folder in os.environ["PATH"].split(":")):
            self.skipTest("cargo-deny is not installed; the workflow runs it")
        run("cargo", "deny", "check", "bans", "licenses", "sources", cwd=ROOT)
