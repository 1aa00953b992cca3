-- Figures one by one, for people with SQL: the parcels of facts, opened.
CREATE VIEW cell AS
    SELECT p.seq, p.area, p.unit, p.status, p.recorded,
           l.value ->> 0 AS item, l.value ->> 1 AS period, v.value AS value
      FROM parcel p JOIN layout y ON y.hash = p.layout,
           json_array_elements(y.body::json) WITH ORDINALITY AS l (value, place),
           json_array_elements_text(p.body::json) WITH ORDINALITY AS v (value, place)
     WHERE p.what = 'fact' AND v.place = l.place;
