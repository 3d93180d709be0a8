DO $do$
DECLARE person lms.users;
BEGIN
  FOR person IN SELECT u.* FROM lms.users u WHERE EXISTS (SELECT FROM lms.attempts a WHERE a.institution_id = u.institution_id
      AND a.user_id = u.user_id AND a.standing = 'waiting') LOOP
    PERFORM FROM lms.sync_head h WHERE h.institution_id = person.institution_id AND h.user_id = person.user_id FOR UPDATE;
    WHILE EXISTS (SELECT FROM lms.attempts a WHERE a.institution_id = person.institution_id AND a.user_id = person.user_id
        AND a.standing = 'waiting' AND a.tried_at IS NULL) LOOP
      PERFORM lms.grade_waiting(person);
    END LOOP;
  END LOOP;
END $do$;
DROP FUNCTION lms.grade_waiting, lms.count_grades, lms.apply_hand_ins, lms.apply_starts, lms.hints_of, lms.attempt_of;
DELETE FROM lms.attempts WHERE effective_at IS NULL;
ALTER TABLE lms.attempts ADD COLUMN over_limit boolean NOT NULL DEFAULT false;
UPDATE lms.attempts SET over_limit = true WHERE standing <> 'graded';
ALTER TABLE lms.attempts ALTER COLUMN effective_at SET NOT NULL, DROP COLUMN standing, DROP COLUMN start_id, DROP COLUMN started_at,
  DROP COLUMN received_at, DROP COLUMN tried_at, DROP COLUMN version;
ALTER TABLE lms.sections DROP COLUMN opens_at, DROP COLUMN closes_at, DROP COLUMN time_limit_seconds, DROP COLUMN needs_connection;
