-- Where the statuses stand of credentials issued over the VC-API; the credentials are not kept. `credential` is a hash of organisation and
-- the credential's id: what was issued twice under one id has two places.

CREATE TABLE issued_place (
    credential UUID NOT NULL,
    list UUID NOT NULL,
    place INTEGER NOT NULL,
    purposes TEXT NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (credential, list, place)
);
