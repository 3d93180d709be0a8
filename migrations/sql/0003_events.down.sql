DROP TABLE lms.attempts, lms.enrollments, lms.event_rejects, lms.learning_events, lms.sync_head;
DELETE FROM lms.meta WHERE key = 'event_months_end';
DROP FUNCTION lms.ensure_event_months, lms.add_event_partition;
