DROP TRIGGER audit_log_stays;
DROP TRIGGER audit_log_is_kept;
DROP TRIGGER audit_cuts_stay;
DROP TRIGGER audit_cuts_are_kept;
