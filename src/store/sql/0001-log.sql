-- The log: commits, what they recorded, and the end of the chain. BIGINT, TEXT and KEY are replaced
-- per engine (tools/embed_sql.py): KEY is a text that is compared by its bytes.
CREATE TABLE chain (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    book KEY NOT NULL,
    seq BIGINT NOT NULL,
    hash KEY NOT NULL,
    at BIGINT NOT NULL,
    parcels BIGINT NOT NULL,
    turn BIGINT NOT NULL
);
CREATE TABLE event (
    seq BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    act TEXT NOT NULL,
    token KEY NOT NULL UNIQUE,
    note TEXT NOT NULL,
    subjects TEXT NOT NULL,
    files TEXT NOT NULL,
    parcels BIGINT NOT NULL,
    content KEY NOT NULL,
    prev KEY NOT NULL,
    hash KEY NOT NULL
);
CREATE TABLE layout (
    hash KEY PRIMARY KEY,
    seq BIGINT NOT NULL,
    body TEXT NOT NULL
);
CREATE TABLE parcel (
    seq BIGINT NOT NULL,
    part BIGINT NOT NULL,
    area KEY NOT NULL,
    unit KEY NOT NULL,
    what KEY NOT NULL,
    status KEY NOT NULL,
    recorded BIGINT NOT NULL,
    source TEXT NOT NULL,
    grade KEY NOT NULL,
    layout KEY NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (seq, part, area)
);
