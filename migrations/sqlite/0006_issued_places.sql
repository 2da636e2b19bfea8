-- Where the statuses stand of credentials without an award. Those issued over the VC-API are not kept. `credential` is a hash of organisation and
-- the credential's id: what was issued twice under one id has two places.

CREATE TABLE issued_place (
    credential BLOB NOT NULL,
    list BLOB NOT NULL,
    place INTEGER NOT NULL,
    purposes TEXT NOT NULL,
    created INTEGER NOT NULL,
    PRIMARY KEY (credential, list, place)
) STRICT, WITHOUT ROWID;

-- Endorsements and learner records with their exact bytes. `about` is what an endorsement speaks for, or whose record it is.
CREATE TABLE issued_credential (
    id BLOB PRIMARY KEY NOT NULL,
    public_id BLOB NOT NULL UNIQUE,
    organisation BLOB NOT NULL REFERENCES organisation (id),
    kind TEXT NOT NULL,
    about TEXT NOT NULL,
    name TEXT NOT NULL,
    valid_until INTEGER,
    created INTEGER NOT NULL,
    document BLOB NOT NULL
) STRICT;
CREATE INDEX issued_credential_organisation ON issued_credential (organisation, kind, id);
