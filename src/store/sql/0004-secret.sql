-- What may be changed and forgotten: hashes of passwords, one-time secrets, counters of tries.
CREATE TABLE secret (
    subject KEY PRIMARY KEY,
    version BIGINT NOT NULL,
    body TEXT NOT NULL
);
