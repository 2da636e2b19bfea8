-- How earners sign in, which clients they connect, and what they keep here. Secrets are stored as their SHA-256.

CREATE TABLE sign_in_link (
    digest BYTEA PRIMARY KEY NOT NULL,
    subject UUID NOT NULL,
    expires BIGINT NOT NULL
);
CREATE INDEX sign_in_link_expires ON sign_in_link (expires);

CREATE TABLE earner_session (
    digest BYTEA PRIMARY KEY NOT NULL,
    subject UUID NOT NULL,
    expires BIGINT NOT NULL
);
CREATE INDEX earner_session_expires ON earner_session (expires);

-- `connected`: whether an earner ever connected it. Anybody can register; what nobody uses is swept.
CREATE TABLE client (
    id UUID PRIMARY KEY NOT NULL,
    digest BYTEA NOT NULL,
    metadata TEXT NOT NULL,
    created BIGINT NOT NULL,
    connected BOOLEAN NOT NULL
);
CREATE INDEX client_idle ON client (created) WHERE NOT connected;

CREATE TABLE connection (
    id UUID PRIMARY KEY NOT NULL,
    client UUID NOT NULL REFERENCES client (id),
    subject UUID NOT NULL,
    scopes TEXT NOT NULL,
    code BYTEA NOT NULL UNIQUE,
    code_expires BIGINT NOT NULL,
    redirect_uri TEXT NOT NULL,
    challenge TEXT NOT NULL,
    created BIGINT NOT NULL,
    redeemed BIGINT,
    revoked BIGINT
);
CREATE INDEX connection_subject ON connection (subject);

CREATE TABLE client_token (
    digest BYTEA PRIMARY KEY NOT NULL,
    connection UUID NOT NULL REFERENCES connection (id),
    kind TEXT NOT NULL,
    scopes TEXT NOT NULL,
    expires BIGINT NOT NULL,
    spent BIGINT
);
CREATE INDEX client_token_connection ON client_token (connection, expires);
CREATE INDEX client_token_expires ON client_token (expires);

-- Credentials of other issuers, exactly as they came. `key` is a hash of issuer and id: one of each for an earner.
CREATE TABLE kept_credential (
    id UUID PRIMARY KEY NOT NULL,
    subject UUID NOT NULL,
    key BYTEA NOT NULL,
    form TEXT NOT NULL,
    issued BIGINT NOT NULL,
    kept BIGINT NOT NULL,
    document BYTEA NOT NULL,
    UNIQUE (subject, key)
);
ALTER TABLE kept_credential ALTER COLUMN document SET STORAGE EXTERNAL;

CREATE TABLE earner_profile (
    subject UUID PRIMARY KEY NOT NULL,
    profile TEXT NOT NULL,
    changed BIGINT NOT NULL
);
