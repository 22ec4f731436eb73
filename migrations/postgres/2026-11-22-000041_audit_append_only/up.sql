-- No slip of the program changes or removes an entry: only what retention has cut off, and signed for, may go.
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'entries of the audit log are never changed or removed'; END $$;
CREATE FUNCTION audit_refuse_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.seq > (SELECT coalesce(max(seq), 0) FROM audit_cuts) THEN
        RAISE EXCEPTION 'entries of the audit log are never removed';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER audit_log_stays BEFORE UPDATE ON audit_log FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_log_is_kept BEFORE DELETE ON audit_log FOR EACH ROW EXECUTE FUNCTION audit_refuse_kept();
CREATE TRIGGER audit_log_is_not_emptied BEFORE TRUNCATE ON audit_log FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_cuts_stay BEFORE UPDATE OR DELETE ON audit_cuts FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_cuts_are_not_emptied BEFORE TRUNCATE ON audit_cuts FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
