-- No slip of the program changes or removes an entry: only what retention has cut off, and signed for, may go.
CREATE TRIGGER audit_log_stays BEFORE UPDATE ON audit_log
BEGIN SELECT RAISE(ABORT, 'entries of the audit log are never changed'); END;
CREATE TRIGGER audit_log_is_kept BEFORE DELETE ON audit_log
WHEN OLD.seq > (SELECT coalesce(max(seq), 0) FROM audit_cuts)
BEGIN SELECT RAISE(ABORT, 'entries of the audit log are never removed'); END;
CREATE TRIGGER audit_cuts_stay BEFORE UPDATE ON audit_cuts
BEGIN SELECT RAISE(ABORT, 'cuts of the audit log are never changed'); END;
CREATE TRIGGER audit_cuts_are_kept BEFORE DELETE ON audit_cuts
BEGIN SELECT RAISE(ABORT, 'cuts of the audit log are never removed'); END;
