-- Figures one by one, for people with SQL: the parcels of facts, opened.
CREATE VIEW cell AS
    SELECT p.seq, p.area, p.unit, p.status, p.recorded,
           json_extract(l.value, '$[0]') AS item, json_extract(l.value, '$[1]') AS period,
           v.value AS value
      FROM parcel p JOIN layout y ON y.hash = p.layout, json_each(y.body) l, json_each(p.body) v
     WHERE p.what = 'fact' AND v.key = l.key;
