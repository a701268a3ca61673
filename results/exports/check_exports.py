"""check_exports.py READERS FOLDER: do the consumers of exports read them? READERS: what
`make setup-exports` installed; FOLDER: run1/ and run2/ with an export of each kind."""

import csv
import importlib.util
import json
import pathlib
import subprocess
import sys

import jsonschema


def check_google_benchmark(readers, folder):
    """Its own compare.py, from the source that bundles are linked with: every case is paired, and
    tested by ranks."""
    report = folder / "compare.json"
    files = [folder / run / "google-benchmark.json" for run in ("run1", "run2")]
    command = [sys.executable, "-B", readers / "benchmark-tools/compare.py", "--no-color"]
    said = subprocess.run(
        command + ["-d", report, "benchmarks"] + files, check=True, capture_output=True, text=True
    ).stdout
    assert "_pvalue" in said and "Infinity" not in said and "nan" not in said, said
    rows = json.loads(report.read_text())
    named = {row["name"] for row in json.loads(files[0].read_text())["benchmarks"]}
    paired = {row["name"] for row in rows}
    assert paired == named | {"OVERALL_GEOMEAN"}, named ^ paired
    tested = [row for row in rows if row["run_type"] == "iteration"]
    assert tested and all(row["utest"]["have_optimal_repetitions"] for row in tested)


def check_t4(readers, folder):
    """The schema that Kernel Tuner ships."""
    place = importlib.util.find_spec("kernel_tuner").submodule_search_locations[0]
    schemas = pathlib.Path(place) / "schema/T4/1.0.0"
    schema = json.loads((schemas / "results-schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(
        json.loads((folder / "run1/t4.json").read_text()), schema, jsonschema.Draft202012Validator
    )


def check_csv(readers, folder):
    with open(folder / "run1/records.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file, strict=True))
    assert rows and all(None not in row and None not in row.values() for row in rows)


def main():
    readers, folder = (pathlib.Path(word).resolve() for word in sys.argv[1:])
    for check in (check_google_benchmark, check_t4, check_csv):
        check(readers, folder)
        print(check.__name__.replace("check_", "").replace("_", " ") + ": read")


main()
