-- Awards, credentials, engagement, statuses, and the outbox.

CREATE TABLE award (
    id UUID PRIMARY KEY NOT NULL,
    public_id UUID NOT NULL UNIQUE,
    organisation UUID NOT NULL,
    subject UUID NOT NULL,
    achievement UUID NOT NULL,
    version UUID NOT NULL,
    rule UUID,
    key TEXT NOT NULL,
    awarded BIGINT NOT NULL,
    valid_until BIGINT,
    standing TEXT NOT NULL,
    reason TEXT,
    changed BIGINT,
    changed_by TEXT,
    explanation TEXT NOT NULL,
    status_list UUID NOT NULL,
    status_index INTEGER NOT NULL,
    successor UUID
);
CREATE INDEX award_organisation ON award (organisation, id);
-- A null rule equals no other: direct awards are unique by the index after it.
CREATE UNIQUE INDEX award_key ON award (subject, rule, key);
CREATE UNIQUE INDEX award_direct ON award (organisation, key) WHERE rule IS NULL;

-- What waits for a signature: a row is written with its award and goes when the credential comes.
CREATE TABLE unsigned_document (
    award UUID PRIMARY KEY NOT NULL,
    partition INTEGER NOT NULL,
    public_id UUID NOT NULL,
    organisation UUID NOT NULL,
    suite TEXT NOT NULL,
    key UUID NOT NULL,
    verification_method TEXT NOT NULL,
    created BIGINT NOT NULL,
    status_list UUID NOT NULL,
    status_index INTEGER NOT NULL,
    document BYTEA NOT NULL
);
ALTER TABLE unsigned_document ALTER COLUMN document SET STORAGE EXTERNAL;
ALTER TABLE unsigned_document SET (toast_tuple_target = 8160);

-- Exactly the bytes that were signed. Found through the award: one random public id to index, not two.
CREATE TABLE credential (
    award UUID PRIMARY KEY NOT NULL,
    document BYTEA NOT NULL
);
ALTER TABLE credential ALTER COLUMN document SET STORAGE EXTERNAL;
ALTER TABLE credential SET (toast_tuple_target = 8160);

CREATE TABLE signing_key (
    id UUID PRIMARY KEY NOT NULL,
    organisation UUID NOT NULL REFERENCES organisation (id),
    public TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    state TEXT NOT NULL,
    created BIGINT NOT NULL
);
CREATE INDEX signing_key_organisation ON signing_key (organisation, id);
CREATE UNIQUE INDEX signing_key_active ON signing_key (organisation) WHERE state = 'active';
CREATE INDEX signing_key_compromised ON signing_key (id) WHERE state = 'compromised';

CREATE TABLE engagement (
    id UUID PRIMARY KEY NOT NULL,
    organisation UUID NOT NULL,
    subject UUID NOT NULL,
    achievement UUID NOT NULL,
    version UUID NOT NULL,
    rule UUID,
    key TEXT NOT NULL,
    awarded BIGINT NOT NULL,
    standing TEXT NOT NULL,
    changed_by TEXT,
    explanation TEXT NOT NULL
);
CREATE UNIQUE INDEX engagement_key ON engagement (subject, rule, key);
CREATE UNIQUE INDEX engagement_direct ON engagement (organisation, key) WHERE rule IS NULL;

CREATE TABLE points (
    subject UUID NOT NULL,
    rule UUID NOT NULL,
    key TEXT NOT NULL,
    organisation UUID NOT NULL,
    amount BIGINT NOT NULL,
    reason TEXT NOT NULL,
    given BIGINT NOT NULL,
    PRIMARY KEY (subject, rule, key)
);

CREATE TABLE status_list (
    id UUID PRIMARY KEY NOT NULL,
    public_id UUID NOT NULL UNIQUE,
    organisation UUID NOT NULL REFERENCES organisation (id),
    entries TEXT NOT NULL,
    size INTEGER NOT NULL,
    seed BYTEA NOT NULL,
    next BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    published BIGINT NOT NULL,
    void BOOLEAN NOT NULL,
    created BIGINT NOT NULL
);
CREATE INDEX status_list_organisation ON status_list (organisation, id);
CREATE INDEX status_list_changed ON status_list (id) WHERE revision > published;

-- The bits that are set: what each tells, as in a list's address.
CREATE TABLE status_bit (
    list UUID NOT NULL,
    place INTEGER NOT NULL,
    topic TEXT NOT NULL,
    PRIMARY KEY (list, place, topic)
);

CREATE TABLE status_document (
    public_id UUID NOT NULL,
    topic TEXT NOT NULL,
    published BIGINT NOT NULL,
    digest BYTEA NOT NULL,
    document BYTEA NOT NULL,
    PRIMARY KEY (public_id, topic)
);

-- `n` is the order of writing, which for one subject is the order of truth.
CREATE TABLE outbox (
    n BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id UUID NOT NULL UNIQUE,
    organisation UUID NOT NULL,
    kind TEXT NOT NULL,
    subject UUID NOT NULL,
    award UUID NOT NULL,
    achievement UUID NOT NULL,
    version UUID NOT NULL,
    credential UUID,
    key TEXT NOT NULL,
    reason TEXT,
    depth INTEGER NOT NULL,
    created BIGINT NOT NULL
);
CREATE INDEX outbox_organisation ON outbox (organisation, n);

-- Rows of the outbox that the log does not carry yet.
CREATE TABLE unrelayed (
    n BIGINT PRIMARY KEY NOT NULL,
    partition INTEGER NOT NULL
);
