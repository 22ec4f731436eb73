DROP TABLE mail_codes;
DROP TABLE outbox;
