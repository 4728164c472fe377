"""judge.py SCHEMAS FOLDER: judges FOLDER/out.* by the schemas, and their columns and suggestions by the bytes of the lists."""

import copy
import json
import pathlib
import re
import sys
import urllib.parse

import jsonschema
import xmlschema

schemas, folder = map(pathlib.Path, sys.argv[1:3])


def text(name):
    # Not `read_text`, which would turn line endings round.
    return (folder / name).read_bytes().decode()


def refused(validate, document):
    try:
        validate(document)
    except Exception:  # whatever a judge throws, it has refused
        return True
    return False


def require(condition, claim):
    if not condition:
        sys.exit(f"not so: {claim}")


controls = re.compile(r"[\0-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
for path in sorted(folder.glob("out.*")):
    require(not controls.search(text(path.name)), f"{path.name} holds no control character")
    require("##[" not in text(path.name), f"{path.name} holds no command of the runner")

findings = json.loads(text("out.json"))["findings"]
require(len(findings) > 10, "the lists have findings")
require([json.loads(line) for line in text("out.jsonl").splitlines()] == findings, "JSON and JSON lines say the same")
severities = {"error", "warning"}
require(severities <= {finding["severity"] for finding in findings}, "the findings are of several weights")

for name in ["rdjson", "gitlab"]:
    schema = json.loads((schemas / f"{name}.json").read_text())
    jsonschema.Draft7Validator.check_schema(schema)
    validate = jsonschema.Draft7Validator(schema).validate
    document = json.loads(text(f"out.{name}"))
    validate(document)
    broken = copy.deepcopy(document)
    (broken["diagnostics"] if name == "rdjson" else broken)[0]["severity"] = "bad"
    require(refused(validate, broken), f"a broken {name} is refused")
for name in ["junit", "checkstyle"]:
    validate = xmlschema.XMLSchema(str(schemas / f"{name}.xsd")).validate
    document = text(f"out.{name}")
    validate(document)
    attribute = "classname" if name == "junit" else "column"
    require(refused(validate, re.sub(f' {attribute}="[^"]*"', "", document)), f"a broken {name} is refused")
    require(refused(validate, document.replace("&lt;", "<")), f"an unescaped {name} is refused")


def lines_of(path):
    """The lines with their endings, in bytes, without the byte order mark."""
    data = (folder / path).read_bytes().removeprefix(b"\xef\xbb\xbf")
    return re.findall(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$", data)


def place(path, offset, unit):
    """Line and column of an offset, counted here anew."""
    data = (folder / path).read_bytes()
    mark = 3 if data.startswith(b"\xef\xbb\xbf") else 0
    before = re.split(rb"\r\n|\r|\n", data[mark:offset])
    last = before[-1]
    widths = {"byte": len(last), "utf16": len(last.decode().encode("utf-16-le")) // 2}
    return len(before), widths[unit] + 1


document = json.loads(text("out.rdjson"))["diagnostics"]
require(len(document) == len(findings), "rdjson says as much as JSON")
suggestions = 0
for one, finding in zip(document, findings):
    path, start = finding["path"], one["location"]["range"]["start"]
    require(one["location"]["path"] == path, "paths are the same")
    expected = place(path, finding["start"]["offset"], "byte")
    require((start["line"], start["column"]) == expected, f"columns of rdjson count bytes: {one} {expected}")
    for suggestion in one.get("suggestions", []):
        # The lines with the suggestion are the file with the fix.
        first, last = suggestion["range"]["start"]["line"], suggestion["range"]["end"]["line"]
        lines = lines_of(path)
        ending = re.search(rb"[\r\n]*$", lines[last - 1]).group()
        new = suggestion["text"].encode()
        middle = new + ending if new else b""
        suggested = b"".join(lines[: first - 1]) + middle + b"".join(lines[last:])
        data, at, fixed = (folder / path).read_bytes(), 0, b""
        for edit in finding["fix"]["edits"]:
            fixed += data[at : edit["start"]["offset"]] + edit["replacement"].encode()
            at = edit["end"]["offset"]
        fixed = (fixed + data[at:]).removeprefix(b"\xef\xbb\xbf")
        require(suggested == fixed, f"a suggestion is the fix: {one}")
        suggestions += 1
require(suggestions > 3, "there are suggestions")

results = json.loads(text("out.sarif"))["runs"][0]["results"]
require(len(results) == len(findings), "SARIF says as much as JSON")
for result, finding in zip(results, findings):
    location = result["locations"][0]["physicalLocation"]
    region = location["region"]
    path = urllib.parse.unquote(location["artifactLocation"]["uri"])
    require(path == finding["path"], f"the URI is the path: {location}")
    require(region["startLine"] == region["endLine"], f"regions are of one row: {region}")
    if finding["start"] != finding["end"]:
        expected = place(path, finding["start"]["offset"], "utf16")
        require((region["startLine"], region["startColumn"]) == expected, f"columns of SARIF count UTF-16: {result}")

print(f"rdjson, gitlab, junit, checkstyle: pass their schemas, broken ones do not; {len(findings)} findings")
print(f"columns and paths agree with the bytes of the lists; {suggestions} suggestions are their fixes; no control character, no command")
