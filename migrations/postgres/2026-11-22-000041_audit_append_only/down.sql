DROP TRIGGER audit_log_stays ON audit_log;
DROP TRIGGER audit_log_is_kept ON audit_log;
DROP TRIGGER audit_log_is_not_emptied ON audit_log;
DROP TRIGGER audit_cuts_stay ON audit_cuts;
DROP TRIGGER audit_cuts_are_not_emptied ON audit_cuts;
DROP FUNCTION audit_refuse();
DROP FUNCTION audit_refuse_kept();
