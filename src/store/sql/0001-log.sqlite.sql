-- What was committed is neither changed nor removed.
CREATE TRIGGER event_update BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER event_delete BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER parcel_update BEFORE UPDATE ON parcel BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER parcel_delete BEFORE DELETE ON parcel BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER layout_update BEFORE UPDATE ON layout BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER layout_delete BEFORE DELETE ON layout BEGIN SELECT RAISE(ABORT, 'append-only'); END;
