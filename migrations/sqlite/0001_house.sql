-- Organisations and what they set up. Ids are 16 bytes, times milliseconds since 1970 (UTC), documents JSON text.

CREATE TABLE organisation (
    id BLOB PRIMARY KEY NOT NULL,
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
    created INTEGER NOT NULL
) STRICT;

CREATE TABLE token (
    id BLOB PRIMARY KEY NOT NULL,
    digest BLOB NOT NULL UNIQUE,
    organisation BLOB REFERENCES organisation (id),
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    assertions TEXT,
    created INTEGER NOT NULL,
    revoked INTEGER
) STRICT;

-- No foreign key: whoever writes many subjects at once asks for their organisation once, not for each row.
CREATE TABLE subject (
    id BLOB PRIMARY KEY NOT NULL,
    public_id BLOB NOT NULL UNIQUE,
    organisation BLOB NOT NULL,
    kind TEXT NOT NULL,
    provisional INTEGER NOT NULL,
    name TEXT,
    merged_into BLOB,
    created INTEGER NOT NULL
) STRICT;
CREATE INDEX subject_organisation ON subject (organisation, id);
CREATE INDEX subject_merged ON subject (merged_into) WHERE merged_into IS NOT NULL;

-- `key` is a hash of organisation, kind and value: one short column to look up by. Keys fall all over their index, so the index holds
-- nothing else, and the rows themselves are written one after the other.
CREATE TABLE identifier (
    key BLOB PRIMARY KEY NOT NULL,
    subject BLOB NOT NULL,
    identifier TEXT NOT NULL,
    verified INTEGER NOT NULL,
    since INTEGER NOT NULL
) STRICT;
CREATE INDEX identifier_subject ON identifier (subject);

-- What events said of identities and nobody else did: that the identifier of this key is the subject's. `outcome` is null while it is
-- open, then `accepted` or `dismissed`; the row stays, so that nothing is proposed twice.
CREATE TABLE proposal (
    id BLOB PRIMARY KEY NOT NULL,
    organisation BLOB NOT NULL,
    subject BLOB NOT NULL,
    key BLOB NOT NULL,
    identifier TEXT NOT NULL,
    source TEXT NOT NULL,
    event TEXT NOT NULL,
    since INTEGER NOT NULL,
    outcome TEXT,
    UNIQUE (subject, key)
) STRICT;
CREATE INDEX proposal_open ON proposal (organisation, id) WHERE outcome IS NULL;

CREATE TABLE achievement (
    id BLOB PRIMARY KEY NOT NULL,
    organisation BLOB NOT NULL REFERENCES organisation (id),
    kind TEXT NOT NULL,
    created INTEGER NOT NULL,
    archived INTEGER
) STRICT;
CREATE INDEX achievement_organisation ON achievement (organisation, id);

CREATE TABLE achievement_version (
    id BLOB PRIMARY KEY NOT NULL,
    achievement BLOB NOT NULL REFERENCES achievement (id),
    number INTEGER NOT NULL,
    text TEXT NOT NULL,
    created INTEGER NOT NULL,
    UNIQUE (achievement, number)
) STRICT;

CREATE TABLE plugin (
    digest BLOB PRIMARY KEY NOT NULL,
    manifest TEXT NOT NULL,
    added INTEGER NOT NULL,
    broken TEXT,
    component BLOB NOT NULL
) STRICT;

CREATE TABLE installation (
    id BLOB PRIMARY KEY NOT NULL,
    organisation BLOB NOT NULL REFERENCES organisation (id),
    plugin BLOB NOT NULL REFERENCES plugin (digest),
    name TEXT NOT NULL,
    settings TEXT NOT NULL,
    granted TEXT NOT NULL,
    enabled INTEGER NOT NULL,
    created INTEGER NOT NULL
) STRICT;
CREATE INDEX installation_organisation ON installation (organisation, id);

CREATE TABLE secret (
    installation BLOB NOT NULL REFERENCES installation (id),
    name TEXT NOT NULL,
    place INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (installation, name, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE rule (
    id BLOB PRIMARY KEY NOT NULL,
    organisation BLOB NOT NULL REFERENCES organisation (id),
    achievement BLOB NOT NULL REFERENCES achievement (id),
    installation BLOB NOT NULL REFERENCES installation (id),
    settings TEXT NOT NULL,
    requirements TEXT NOT NULL,
    kinds TEXT NOT NULL,
    mode TEXT NOT NULL,
    created INTEGER NOT NULL
) STRICT;
CREATE INDEX rule_organisation ON rule (organisation, id);

-- The first sequence number that a rule folds in each partition, fixed when it is first activated.
CREATE TABLE rule_start (
    rule BLOB NOT NULL REFERENCES rule (id),
    partition INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (rule, partition)
) STRICT, WITHOUT ROWID;

-- One row: grows with every change of any rule or installation.
CREATE TABLE rules_generation (
    generation INTEGER NOT NULL
) STRICT;
INSERT INTO rules_generation (generation) VALUES (1);

-- Idempotency-Key: a reservation, then an answer. `scope` is the organisation, or sixteen zero bytes for the platform.
CREATE TABLE request (
    scope BLOB NOT NULL,
    key TEXT NOT NULL,
    digest BLOB NOT NULL,
    since INTEGER NOT NULL,
    status INTEGER,
    body BLOB,
    PRIMARY KEY (scope, key)
) STRICT;
CREATE INDEX request_since ON request (since);
