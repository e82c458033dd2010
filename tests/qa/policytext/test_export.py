import json

from qa.policytext.export import as_json
from qa.policytext.sections import parse


def test_a_document_is_exported_as_the_interface_says():
    document = parse("# Touting\n\n## Not allowed\n\n- more than 3 days ahead\n  - to a stranger\n", name="touting")

    found = json.loads(json.dumps(as_json(document, "touting.md")))

    assert {key: found[key] for key in ("file", "slug", "title")} == {
        "file": "touting.md",
        "slug": "touting",
        "title": "Touting",
    }
    section = found["sections"][1]
    assert [section[name] for name in ("key", "path", "title", "level", "line_from", "line_to")] == [
        "not-allowed", ["Not allowed"], "Not allowed", 2, 3, 6,
    ]  # fmt: skip
    outer, inner = section["rules"]
    assert (outer["text"], outer["role"], outer["polarity"], outer["line_from"], outer["line_to"], outer["parent"]) == (
        "more than 3 days ahead", "rule", "prohibited", 5, 5, None,
    )  # fmt: skip
    assert outer["threshold"] == {"value": 3.0, "unit": "day", "comparator": "more than"}
    assert (inner["parent"], inner["polarity"], inner["modality"], inner["action"]) == (0, "prohibited", None, None)
