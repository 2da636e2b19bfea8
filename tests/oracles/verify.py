"""Verifies credentials with openbadgeslib. The contract is in README.md."""

import base64
import json
import sys
from types import SimpleNamespace

from openbadgeslib.ob3.did import resolve_did, resolve_verification_method
from openbadgeslib.ob3.ldp import OB3LdpVerifier, verify_data_integrity_proof
from openbadgeslib.ob3.status import check_credential_status
from openbadgeslib.ob3.verifier import OB3Verifier

OPEN_BADGES = {"OpenBadgeCredential", "AchievementCredential"}
VERSION_1 = "https://www.w3.org/2018/credentials/v1"
STATUS_1 = "https://www.w3.org/ns/credentials/status/v1"
PURPOSES = {"revocation": "revoked", "suspension": "suspended"}


def main():
    try:
        with open(sys.argv[1], encoding="utf-8") if len(sys.argv) > 1 else sys.stdin as source:
            job = json.load(source)
    except (OSError, ValueError) as error:
        print(f"the job cannot be read: {error}", file=sys.stderr)
        return 2
    documents = {url: as_text(document) for url, document in job.get("documents", {}).items()}

    def download(url, *_args, **_options):
        if url not in documents:
            raise ValueError(f"not loaded, as nothing is fetched here: {url}")
        return documents[url].encode()

    good = True
    for credential in job["credentials"]:
        answer = {"name": credential.get("name"), **read_and_verify(credential, download)}
        good = good and answer["verified"] is not False and not answer["revoked"] and not answer["suspended"]
        print(json.dumps(answer), flush=True)
    return 0 if good else 1


def read_and_verify(credential, download):
    """The document itself, or what the library finds in an image."""
    if "image" not in credential:
        return verify(as_text(credential["document"]), download)
    image = base64.b64decode(credential["image"])
    read = OB3Verifier.extract_token_from_png if image.startswith(b"\x89PNG") else OB3Verifier.extract_token_from_svg
    try:
        return verify(read(image), download)
    except Exception as error:  # as below
        return {"verified": False, "revoked": False, "suspended": False, "error": f"{type(error).__name__}: {error}"}


def as_text(document):
    return document if isinstance(document, str) else json.dumps(document)


def verify(text, download):
    answer = {"verified": False, "revoked": False, "suspended": False}
    try:
        if not text.startswith("{"):
            return {**answer, **token(text, download)}
        document = json.loads(text)
        unsupported = lacking(document)
        if unsupported:
            return {**answer, "verified": None, "skipped": unsupported}
        if "VerifiablePresentation" in listed(document.get("type")):
            return presentation(document, download)
        if OPEN_BADGES & set(listed(document.get("type"))) and VERSION_1 not in listed(document["@context"]):
            OB3LdpVerifier.for_issuer_did(issuer(document), download=download).verify(text, download=download)
        else:
            verify_data_integrity_proof(document, key(document, download), extra_contexts=contexts(document, download))
        answer["verified"] = True
        answer.update(status(document, download))
    except Exception as error:  # whatever the library raises is its answer
        answer["error"] = f"{type(error).__name__}: {error}"
    return answer


def presentation(document, download):
    """The holder's proof, and every credential in it. The library has no opinion on challenge and domain."""
    verify_data_integrity_proof(document, key(document, download), expected_proof_purpose="authentication")
    for credential in listed(document.get("verifiableCredential")):
        answer = verify(as_text(credential), download)
        if not answer["verified"]:
            return answer
    return {"verified": True, "revoked": False, "suspended": False}


def token(text, download):
    """A signed token, under the keys of the issuer that its payload names."""
    payload = text.split(".")[1]
    named = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["iss"]
    # Keys on its curves have 50 to 60 characters, the smallest of RSA 372.
    if named.startswith("did:key:") and len(named) > 300:
        return {"verified": None, "skipped": "openbadgeslib reads no RSA key out of a did:key"}
    OB3Verifier.for_issuer_did(named, download=download).verify(text)
    return {"verified": True}


def contexts(document, download):
    """Those that the library has not bundled (learner records) or does not know (Verifiable Credentials 1.1), as the job has them."""
    wanted = [context for context in listed(document["@context"]) if "/spec/clr/" in context or context == VERSION_1]
    return {context: json.loads(download(context)) for context in wanted}


def status(document, download):
    """What the library says of each status entry. It verifies lists that are signed as tokens; the proofs of others by its own
    function here."""
    answer = {}
    for entry in listed(document.get("credentialStatus")):
        text = download(entry["statusListCredential"]).decode()
        is_token = not text.startswith("{")
        credential = SimpleNamespace(credential_status=[entry], issuer=SimpleNamespace(id=issuer(document)))
        try:
            if not is_token:
                verify_data_integrity_proof(json.loads(text), key(json.loads(text), download))
            check_credential_status(credential, download, verify_list=is_token)
        except Exception as error:
            message = str(error)
            said = [word for purpose, word in PURPOSES.items() if f"'{purpose}' is set" in message]
            if not said:
                return {"verified": False, "error": f"{type(error).__name__}: {message}"}
            answer[said[0]] = True
    return answer


def lacking(document):
    """Why the library cannot decide, or nothing."""
    proofs = listed(document.get("proof"))
    if len(proofs) > 1:
        return "openbadgeslib takes one proof only"
    if proofs and isinstance(proofs[0], dict) and proofs[0].get("cryptosuite") == "eddsa-jcs-2022":
        return "openbadgeslib does not know eddsa-jcs-2022"
    if any(entry.get("statusSize", 1) != 1 for entry in listed(document.get("credentialStatus"))):
        return "openbadgeslib takes status entries of one bit only"
    if STATUS_1 in listed(document.get("@context")):
        return "openbadgeslib has no context of statuses in Verifiable Credentials 1.1"
    return None


def key(document, download):
    method = listed(document["proof"])[0]["verificationMethod"]
    if method.startswith("did:key:"):
        return resolve_did(method.split("#")[0])
    return resolve_verification_method(method, download=download)


def issuer(document):
    named = document["issuer"]
    return named["id"] if isinstance(named, dict) else named


def listed(value):
    return value if isinstance(value, list) else [] if value is None else [value]


if __name__ == "__main__":
    sys.exit(main())
