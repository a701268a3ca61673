"""check_schema.py SCHEMA FOLDER: every good-*.json of the folder is valid, every bad-*.json is not.

Runs with Debian's python3-jsonschema (4.10), an implementation that is not ours.
"""
import json
import pathlib
import sys

import jsonschema

schema = json.loads(pathlib.Path(sys.argv[1]).read_text())
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
failed = False
for path in sorted(pathlib.Path(sys.argv[2]).glob("*.json")):
    errors = [
        "/" + "/".join(map(str, e.absolute_path)) + ": " + e.message[:200]
        for e in validator.iter_errors(json.loads(path.read_text()))
    ]
    if bool(errors) == path.name.startswith("good-"):
        failed = True
        print(f"{path.name}: {errors or 'accepted'}", file=sys.stderr)


def undescribed(node, place):
    """Every field says what it is; a reference says so where it leads."""
    if isinstance(node, dict):
        for name, field in node.get("properties", {}).items():
            if "description" not in field and "$ref" not in field:
                yield f"{place}/{name}"
        for name, child in node.items():
            yield from undescribed(child, f"{place}/{name}")


missing = list(undescribed(schema, ""))
if missing:
    failed = True
    print("without a description: " + ", ".join(missing), file=sys.stderr)
sys.exit(failed)
