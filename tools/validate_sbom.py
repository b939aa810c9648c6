#!/usr/bin/env python3
"""Hold bills of materials against the standards' own validators.

    python3 tools/validate_sbom.py app.cdx.json app.spdx.json ...

CycloneDX (JSON and XML) is checked by `cyclonedx-python-lib[validation]`, SPDX 2 (JSON and tag-value) by `spdx-tools`; both are on
PyPI. Nothing is installed here: what is missing is named. Exit code 0: all valid; 1: some are not; 2: wrong use or a validator
is missing.
"""

import json
import sys
from pathlib import Path


def need(package):
    print(f"missing: install `{package}` from PyPI into an environment of your own", file=sys.stderr)
    raise SystemExit(2)


def cyclonedx(path, text):
    try:
        from cyclonedx.schema import OutputFormat, SchemaVersion
        from cyclonedx.validation import make_schemabased_validator
        from cyclonedx.exception import MissingOptionalDependencyException
    except ImportError:
        need("cyclonedx-python-lib[validation]")
    if path.suffix == ".xml":
        kind, version = OutputFormat.XML, text.split("cyclonedx.org/schema/bom/", 1)[1][:3]
    else:
        kind, version = OutputFormat.JSON, json.loads(text)["specVersion"]
    version = SchemaVersion[f"V{version.replace('.', '_')}"]
    try:
        error = make_schemabased_validator(kind, version).validate_str(text)
    except MissingOptionalDependencyException:
        need("cyclonedx-python-lib[validation]")
    return [str(error)] if error else []


def spdx(path, _text):
    try:
        from spdx_tools.spdx.parser.parse_anything import parse_file
        from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document
    except ImportError:
        need("spdx-tools")
    document = parse_file(str(path))
    return [f"{message.context.spdx_id}: {message.validation_message}" for message in validate_full_spdx_document(document)]


def main(names):
    if not names:
        print(__doc__, file=sys.stderr)
        return 2
    wrong = 0
    for name in names:
        path = Path(name)
        text = path.read_text(encoding="utf-8")
        try:
            tags = text.lstrip().startswith("SPDXVersion:")
            is_spdx = tags or (text.lstrip().startswith("{") and "spdxVersion" in json.loads(text))
            faults = (spdx if is_spdx else cyclonedx)(path, text)
        except (KeyError, IndexError, ValueError) as error:
            faults = [f"cannot be read: {error!r}"]
        except Exception as error:  # The validators have exceptions of many modules.
            faults = [f"{type(error).__name__}: {error}"]
        wrong += bool(faults)
        print(f"{name}: {'valid' if not faults else 'not valid'}")
        for fault in faults[:20]:
            print(f"  {fault}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
