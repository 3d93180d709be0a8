DROP POLICY owner_all ON lms.alembic_version;
ALTER TABLE lms.alembic_version DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
DROP FUNCTION lms.guard, lms.uuid7_floor, lms.uuid7, lms.whoami, lms.calling_instructor, lms.caller;
DROP TABLE lms.meta, lms.login_map, lms.users, lms.institutions;
DROP FUNCTION lms.my_user, lms.my_institution;
ALTER DEFAULT PRIVILEGES FOR ROLE lms_owner GRANT EXECUTE ON FUNCTIONS TO PUBLIC;
REVOKE USAGE ON SCHEMA lms FROM lms_learner;
