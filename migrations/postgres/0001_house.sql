-- Organisations and what they set up. Ids are UUIDs, times milliseconds since 1970 (UTC), documents JSON text.

CREATE TABLE organisation (
    id UUID PRIMARY KEY NOT NULL,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    url TEXT,
    description TEXT,
    email TEXT,
    particulars TEXT NOT NULL,
    issuer TEXT NOT NULL,
    suite TEXT NOT NULL,
    status_entries TEXT NOT NULL,
    status_messages TEXT NOT NULL,
    created BIGINT NOT NULL
);

CREATE TABLE token (
    id UUID PRIMARY KEY NOT NULL,
    digest BYTEA NOT NULL UNIQUE,
    organisation UUID REFERENCES organisation (id),
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    assertions TEXT,
    created BIGINT NOT NULL,
    revoked BIGINT
);

-- No foreign key: whoever writes many subjects at once asks for their organisation once, not for each row.
CREATE TABLE subject (
    id UUID PRIMARY KEY NOT NULL,
    public_id UUID NOT NULL UNIQUE,
    organisation UUID NOT NULL,
    kind TEXT NOT NULL,
    provisional BOOLEAN NOT NULL,
    name TEXT,
    merged_into UUID,
    created BIGINT NOT NULL
);
CREATE INDEX subject_organisation ON subject (organisation, id);
CREATE INDEX subject_merged ON subject (merged_into) WHERE merged_into IS NOT NULL;

-- `key` is a hash of organisation, kind and value: one short column to look up by.
CREATE TABLE identifier (
    key UUID PRIMARY KEY NOT NULL,
    subject UUID NOT NULL,
    identifier TEXT NOT NULL,
    verified BOOLEAN NOT NULL,
    since BIGINT NOT NULL
);
CREATE INDEX identifier_subject ON identifier (subject);

-- What events said of identities and nobody else did: that the identifier of this key is the subject's. `outcome` is null while it is
-- open, then `accepted` or `dismissed`; the row stays, so that nothing is proposed twice.
CREATE TABLE proposal (
    id UUID PRIMARY KEY NOT NULL,
    organisation UUID NOT NULL,
    subject UUID NOT NULL,
    key UUID NOT NULL,
    identifier TEXT NOT NULL,
    source TEXT NOT NULL,
    event TEXT NOT NULL,
    since BIGINT NOT NULL,
    outcome TEXT,
    UNIQUE (subject, key)
);
CREATE INDEX proposal_open ON proposal (organisation, id) WHERE outcome IS NULL;

CREATE TABLE achievement (
    id UUID PRIMARY KEY NOT NULL,
    organisation UUID NOT NULL REFERENCES organisation (id),
    kind TEXT NOT NULL,
    created BIGINT NOT NULL,
    archived BIGINT
);
CREATE INDEX achievement_organisation ON achievement (organisation, id);

CREATE TABLE achievement_version (
    id UUID PRIMARY KEY NOT NULL,
    achievement UUID NOT NULL REFERENCES achievement (id),
    number INTEGER NOT NULL,
    text TEXT NOT NULL,
    created BIGINT NOT NULL,
    UNIQUE (achievement, number)
);

CREATE TABLE plugin (
    digest BYTEA PRIMARY KEY NOT NULL,
    manifest TEXT NOT NULL,
    added BIGINT NOT NULL,
    broken TEXT,
    component BYTEA NOT NULL
);

CREATE TABLE installation (
    id UUID PRIMARY KEY NOT NULL,
    organisation UUID NOT NULL REFERENCES organisation (id),
    plugin BYTEA NOT NULL REFERENCES plugin (digest),
    name TEXT NOT NULL,
    settings TEXT NOT NULL,
    granted TEXT NOT NULL,
    enabled BOOLEAN NOT NULL,
    created BIGINT NOT NULL
);
CREATE INDEX installation_organisation ON installation (organisation, id);

CREATE TABLE secret (
    installation UUID NOT NULL REFERENCES installation (id),
    name TEXT NOT NULL,
    place INTEGER NOT NULL,
    sealed BYTEA NOT NULL,
    PRIMARY KEY (installation, name, place)
);

CREATE TABLE rule (
    id UUID PRIMARY KEY NOT NULL,
    organisation UUID NOT NULL REFERENCES organisation (id),
    achievement UUID NOT NULL REFERENCES achievement (id),
    installation UUID NOT NULL REFERENCES installation (id),
    settings TEXT NOT NULL,
    requirements TEXT NOT NULL,
    kinds TEXT NOT NULL,
    mode TEXT NOT NULL,
    created BIGINT NOT NULL
);
CREATE INDEX rule_organisation ON rule (organisation, id);

-- The first sequence number that a rule folds in each partition, fixed when it is first activated.
CREATE TABLE rule_start (
    rule UUID NOT NULL REFERENCES rule (id),
    partition INTEGER NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (rule, partition)
);

-- One row: grows with every change of any rule or installation.
CREATE TABLE rules_generation (
    generation BIGINT NOT NULL
);
INSERT INTO rules_generation (generation) VALUES (1);

-- Idempotency-Key: a reservation, then an answer. `scope` is the organisation, or the nil UUID for the platform.
CREATE TABLE request (
    scope UUID NOT NULL,
    key TEXT NOT NULL,
    digest BYTEA NOT NULL,
    since BIGINT NOT NULL,
    status INTEGER,
    body BYTEA,
    PRIMARY KEY (scope, key)
);
CREATE INDEX request_since ON request (since);
