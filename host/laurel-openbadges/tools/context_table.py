#!/usr/bin/env python3
"""Writes a published JSON-LD context in this crate's own notation (src/contexts/table.rs).

Usage: context_table.py CONTEXT.json URL > src/contexts/tables/NAME.terms

The output holds the facts a processor needs (term, IRI, type, container, scope) and nothing else.
tests/contexts.rs proves each table equal to the published context it was made from.
"""
import json
import sys
from collections import Counter

KEYWORDS = {"@version", "@protected", "@vocab", "@propagate"}


def main(path, url):
    context = json.load(open(path, encoding="utf-8"))["@context"]
    names = abbreviations(context)
    print(f"# {url}")
    for base, name in names.items():
        print(f"let {name} = {base}")
    scope(context, names, "")


def abbreviations(context):
    """Namespaces that occur at least three times get a short name."""
    counts = Counter()

    def walk(scope_json):
        for key, value in scope_json.items():
            if key.startswith("@"):
                continue
            iri = resolve(scope_json, key)
            if iri and "//" in iri:
                counts[namespace(iri)] += 1
            if isinstance(value, dict):
                datatype = value.get("@type", "")
                if "//" in datatype:
                    counts[namespace(datatype)] += 1
                if isinstance(value.get("@context"), dict):
                    walk(value["@context"])

    walk(context)
    frequent = [base for base, count in counts.most_common() if count >= 3]
    known = {
        "https://purl.imsglobal.org/spec/vc/ob/vocab.html#": "ob",
        "https://purl.imsglobal.org/spec/vc/clr/vocab.html#": "clr",
        "https://www.w3.org/2018/credentials#": "cred",
        "https://w3id.org/security#": "sec",
        "https://schema.org/": "schema",
        "http://www.w3.org/2001/XMLSchema#": "xsd",
        "https://www.w3.org/2001/XMLSchema#": "xsds",
        "https://www.w3.org/ns/credentials/status#": "status",
        "https://www.iana.org/assignments/jwt#": "jwt",
        "https://www.iana.org/assignments/jose#": "jose",
    }
    return {base: known.get(base, f"n{index}") for index, base in enumerate(frequent)}


def namespace(iri):
    cut = max(iri.rfind("#"), iri.rfind("/"))
    return iri[: cut + 1]


def resolve(scope_json, key, text=None):
    """The IRI of a term, following prefixes and terms of the same scope."""
    value = scope_json.get(key)
    if text is None:
        text = value if isinstance(value, str) else value.get("@id", key) if value else None
    if text is None:
        return None
    if text != key and text in scope_json:
        return resolve(scope_json, text)
    prefix, colon, suffix = text.partition(":")
    if colon and not suffix.startswith("//") and prefix != key and isinstance(scope_json.get(prefix), str):
        return resolve(scope_json, prefix) + suffix
    return text


def short(iri, names):
    for base, name in names.items():
        if iri.startswith(base) and iri != base:
            return f"{name}~{iri[len(base):]}"
    return iri


def scope(context, names, indent):
    for key in context:
        assert not key.startswith("@") or key in KEYWORDS, key
    if context.get("@protected"):
        print(f"{indent}protected")
    if "@vocab" in context:
        print(f"{indent}vocab {context['@vocab']}")
    for key, value in context.items():
        if not key.startswith("@"):
            term(context, key, value, names, indent)


def term(context, key, value, names, indent):
    iri = resolve(context, key)
    prefix = isinstance(value, str) and not iri.startswith("@") and iri[-1] in ":/?#[]@"
    line = f"{indent}{key} {':=' if prefix else '='} {iri if prefix else short(iri, names)}"
    definition = value if isinstance(value, dict) else {}
    assert set(definition) <= {"@id", "@type", "@container", "@context", "@protected"}, definition
    if "@type" in definition:
        line += f" ^{short(resolve(context, None, definition['@type']), names)}"
    containers = definition.get("@container", [])
    for container in [containers] if isinstance(containers, str) else containers:
        line += f" {container}"
    if "@context" not in definition:
        print(line)
    elif definition["@context"] is None:
        print(line + " {null}")
    else:
        print(line + " {")
        scope(definition["@context"], names, indent + "  ")
        print(indent + "}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
