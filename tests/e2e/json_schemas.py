#!/usr/bin/env python3
"""Checks outputs of `--json` against docs/json: json_schemas.py DIRECTORY_OF_SCHEMAS DIRECTORY_OF_OUTPUTS.

An output is called NAME.json, or NAME.AS_ONE_LIKES.json; each of its lines is a document for NAME.schema.json.
Prints what is wrong and ends with 1, or the names of the schemas that were used.
"""

import json
import pathlib
import sys

import jsonschema


def undescribed(schema, path=""):
    """What has no description, or lets members pass that nobody described."""
    if isinstance(schema, dict):
        for name, of in schema.get("properties", {}).items():
            if not of.get("description"):
                yield f"{path}/{name} has no description"
        if "properties" in schema and schema.get("additionalProperties") is not False:
            yield f"{path} allows members that it does not describe"
        for key, value in schema.items():
            yield from undescribed(value, f"{path}/{key}")
    elif isinstance(schema, list):
        for index, value in enumerate(schema):
            yield from undescribed(value, f"{path}/{index}")


def main(schemas, outputs):
    problems = []
    used = set()
    validators = {}
    for file in sorted(pathlib.Path(schemas).glob("*.schema.json")):
        schema = json.loads(file.read_text(encoding="utf-8"))
        jsonschema.Draft202012Validator.check_schema(schema)
        checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
        validators[file.name.split(".")[0]] = jsonschema.Draft202012Validator(schema, format_checker=checker)
        problems += [f"{file.name}: {one}" for one in undescribed(schema)]
    for file in sorted(pathlib.Path(outputs).glob("*.json")):
        name = file.name.split(".")[0]
        used.add(name)
        if name not in validators:
            problems.append(f"{file.name}: there is no {name}.schema.json")
            continue
        for line in file.read_text(encoding="utf-8").splitlines():
            for error in validators[name].iter_errors(json.loads(line)):
                problems.append(f"{file.name}: {error.json_path}: {error.message[:300]}")
    print("\n".join(problems[:50] or sorted(used)))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
