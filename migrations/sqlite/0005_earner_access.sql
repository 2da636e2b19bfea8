-- How earners sign in, which clients they connect, and what they keep here. Secrets are stored as their SHA-256.

CREATE TABLE sign_in_link (
    digest BLOB PRIMARY KEY NOT NULL,
    subject BLOB NOT NULL,
    expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_in_link_expires ON sign_in_link (expires);

CREATE TABLE earner_session (
    digest BLOB PRIMARY KEY NOT NULL,
    subject BLOB NOT NULL,
    expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX earner_session_expires ON earner_session (expires);

-- `connected`: whether an earner ever connected it. Anybody can register; what nobody uses is swept.
CREATE TABLE client (
    id BLOB PRIMARY KEY NOT NULL,
    digest BLOB NOT NULL,
    metadata TEXT NOT NULL,
    created INTEGER NOT NULL,
    connected INTEGER NOT NULL
) STRICT;
CREATE INDEX client_idle ON client (created) WHERE connected = 0;

CREATE TABLE connection (
    id BLOB PRIMARY KEY NOT NULL,
    client BLOB NOT NULL REFERENCES client (id),
    subject BLOB NOT NULL,
    scopes TEXT NOT NULL,
    code BLOB NOT NULL UNIQUE,
    code_expires INTEGER NOT NULL,
    redirect_uri TEXT NOT NULL,
    challenge TEXT NOT NULL,
    created INTEGER NOT NULL,
    redeemed INTEGER,
    revoked INTEGER
) STRICT;
CREATE INDEX connection_subject ON connection (subject);

CREATE TABLE client_token (
    digest BLOB PRIMARY KEY NOT NULL,
    connection BLOB NOT NULL REFERENCES connection (id),
    kind TEXT NOT NULL,
    scopes TEXT NOT NULL,
    expires INTEGER NOT NULL,
    spent INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX client_token_connection ON client_token (connection, expires);
CREATE INDEX client_token_expires ON client_token (expires);

-- Credentials of other issuers, exactly as they came. `key` is a hash of issuer and id: one of each for an earner.
CREATE TABLE kept_credential (
    id BLOB PRIMARY KEY NOT NULL,
    subject BLOB NOT NULL,
    key BLOB NOT NULL,
    form TEXT NOT NULL,
    issued INTEGER NOT NULL,
    kept INTEGER NOT NULL,
    document BLOB NOT NULL,
    UNIQUE (subject, key)
) STRICT;

CREATE TABLE earner_profile (
    subject BLOB PRIMARY KEY NOT NULL,
    profile TEXT NOT NULL,
    changed INTEGER NOT NULL
) STRICT;
