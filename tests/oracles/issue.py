"""Issues signed badges of Open Badges 2.0 with openbadgeslib. The contract is in README.md."""

import base64
import json
import sys

from openbadgeslib.keys import KeyECC, KeyEd25519, KeyRSA
from openbadgeslib.ob2 import Assertion, OB2Signer

KEYS = {"RS256": KeyRSA, "ES256": KeyECC, "EdDSA": KeyEd25519}


def main():
    job = json.load(sys.stdin)
    png, svg = (base64.b64decode(job["images"][kind]) for kind in ("png", "svg"))
    for wanted in job["credentials"]:
        private, public = KEYS[wanted["algorithm"]]().generate_keypair()
        signer = OB2Signer(private, wanted["algorithm"])
        assertion = Assertion.from_dict(wanted["assertion"])
        answer = {
            "key": public.decode(),
            "token": signer.sign(assertion),
            "png": base64.b64encode(signer.sign_into_png(assertion, png)).decode(),
            "svg": base64.b64encode(signer.sign_into_svg(assertion, svg)).decode(),
        }
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
