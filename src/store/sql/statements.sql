-- Every statement of the store, one text for both engines. A line `-- name` begins one.

-- migration_list
SELECT version FROM migration ORDER BY version
-- migration_put
INSERT INTO migration (version, name, at) VALUES ($1, $2, $3)

-- chain_new
INSERT INTO chain (id, book, seq, hash, at, parcels, turn) VALUES (1, $1, 0, $2, 0, 0, 0)
-- chain_adopt
UPDATE chain SET book = $1 WHERE id = 1 AND seq = 0
-- chain_get
SELECT book, seq, hash, at, parcels FROM chain WHERE id = 1
-- chain_turn
UPDATE chain SET turn = turn + 1 WHERE id = 1 RETURNING book, seq, hash, at, parcels
-- chain_set
UPDATE chain SET seq = $1, hash = $2, at = $3, parcels = $4 WHERE id = 1

-- event_put
INSERT INTO event (seq, at, actor, act, token, note, subjects, files, parcels, content, prev, hash)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
-- event_of_token
SELECT seq, at, content FROM event WHERE token = $1
-- event_hash
SELECT hash FROM event WHERE seq = $1
-- event_who
SELECT at, actor, act FROM event WHERE seq = $1
-- parcel_put
INSERT INTO parcel (seq, part, area, unit, what, status, recorded, source, grade, layout, body)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
-- layout_put
INSERT INTO layout (hash, seq, body) VALUES ($1, $2, $3) ON CONFLICT (hash) DO NOTHING
-- head_get
SELECT seq FROM head WHERE subject = $1
-- head_put
INSERT INTO head (subject, seq) VALUES ($1, $2) ON CONFLICT (subject) DO UPDATE SET seq = excluded.seq
-- file_put
INSERT INTO file (hash, seq, size, type) VALUES ($1, $2, $3, $4) ON CONFLICT (hash) DO NOTHING

-- feed
SELECT e.seq, e.at, e.actor, e.act, e.token, e.note, e.subjects, e.files, e.parcels, e.content,
       e.prev, e.hash,
       p.part, p.area, p.unit, p.what, p.status, p.recorded, p.source, p.grade, p.layout, p.body
  FROM event e LEFT JOIN parcel p ON p.seq = e.seq
 WHERE e.seq > $1 AND e.seq <= $2
 ORDER BY e.seq, p.part
-- parcels
SELECT p.seq, p.part, p.area, p.unit, p.what, p.status, p.recorded, p.source, p.grade, p.layout,
       p.body
  FROM parcel p WHERE p.seq > $1 AND p.seq <= $2 ORDER BY p.seq, p.part
-- parcels_of_tree
SELECT p.seq, p.part, p.area, p.unit, p.what, p.status, p.recorded, p.source, p.grade, p.layout,
       p.body
  FROM parcel p WHERE p.what IN ('unit', 'lineage') AND p.seq > $1 AND p.seq <= $2
 ORDER BY p.seq, p.part
-- parcels_of_unit
SELECT p.seq, p.part, p.area, p.unit, p.what, p.status, p.recorded, p.source, p.grade, p.layout,
       p.body
  FROM parcel p WHERE p.unit = $1 AND p.what = $2 ORDER BY p.seq, p.part
-- doc
SELECT p.seq, p.part, p.area, p.unit, p.what, p.status, p.recorded, p.source, p.grade, p.layout,
       p.body
  FROM parcel p WHERE p.unit = $1 AND p.what = 'doc' AND p.seq <= $2
 ORDER BY p.seq DESC, p.part DESC LIMIT 1
-- docs
SELECT p.seq, p.part, p.area, p.unit, p.what, p.status, p.recorded, p.source, p.grade, p.layout,
       p.body
  FROM head h JOIN parcel p ON p.unit = h.subject AND p.what = 'doc'
 WHERE h.subject >= $1 AND h.subject < $2
   AND p.seq + 0 = (SELECT max(q.seq) FROM parcel q
                 WHERE q.unit = h.subject AND q.what = 'doc' AND q.seq <= $3)
 ORDER BY h.subject, p.part
-- layouts
SELECT hash, body, seq FROM layout WHERE seq > $1
-- layout_get
SELECT body FROM layout WHERE hash = $1
-- heads
SELECT subject, seq FROM head
-- files
SELECT hash, seq, size, type FROM file
-- file_get
SELECT seq, size, type FROM file WHERE hash = $1
-- orphans
SELECT p.seq, p.part FROM parcel p LEFT JOIN event e ON e.seq = p.seq WHERE e.seq IS NULL
 ORDER BY p.seq, p.part

-- log
SELECT e.seq, e.at, e.actor, e.act, e.note, e.subjects, e.files, e.parcels
  FROM event e
 WHERE e.seq < $1 AND e.at >= $2 AND e.at < $3 AND ($4 = '' OR e.actor = $4)
   AND ($5 = '' OR e.act = $5 OR substr(e.act, 1, length($5) + 1) = $5 || '.')
   AND ($6 = '' OR e.seq IN (SELECT p.seq FROM parcel p WHERE p.unit = $6)
        OR replace(e.subjects, '/' || $6 || '"', '') <> e.subjects)
 ORDER BY e.seq DESC LIMIT $7
-- log_parcels
SELECT part, unit, what FROM parcel WHERE seq = $1 ORDER BY part LIMIT $2

-- secrets
SELECT subject, body FROM secret WHERE body <> '' ORDER BY subject
-- secret_get
SELECT version, body FROM secret WHERE subject = $1
-- secret_put
INSERT INTO secret (subject, version, body) VALUES ($1, 1, $2) ON CONFLICT (subject) DO UPDATE
   SET version = secret.version + 1, body = excluded.body WHERE secret.version = $3
RETURNING version
