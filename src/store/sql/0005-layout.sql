-- Who reads the book learns the layouts of new commits, and must not look at all the others for it.
CREATE INDEX layout_seq ON layout (seq);
