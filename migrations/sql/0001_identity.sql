-- Who there is: institutions, people, and which login role is whom.

CREATE TABLE lms.institutions (
  institution_id uuid PRIMARY KEY,
  name           text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  personal       boolean NOT NULL DEFAULT false,      -- one person's own library: what is imported is published at once
  created_at     timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE lms.users (
  institution_id uuid NOT NULL REFERENCES lms.institutions,
  user_id        uuid NOT NULL,
  name           text NOT NULL DEFAULT '' CHECK (length(name) <= 200),
  role           text NOT NULL DEFAULT 'STUDENT' CHECK (role IN ('STUDENT', 'INSTRUCTOR', 'ADMIN')),
  timezone       text NOT NULL DEFAULT 'UTC' CHECK (timezone ~ '^[A-Za-z0-9_+/-]{1,64}$'),
  created_at     timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (institution_id, user_id)
);

-- No foreign key to users: on Citus this is a reference table, and those cannot refer to distributed ones.
CREATE TABLE lms.login_map (
  login_role     name PRIMARY KEY,
  institution_id uuid NOT NULL,
  user_id        uuid NOT NULL,
  UNIQUE (institution_id, user_id)
);

CREATE TABLE lms.meta (
  key   text PRIMARY KEY,
  value text NOT NULL
);
INSERT INTO lms.meta VALUES ('sync_epoch', gen_random_uuid()::text);

-- They answer only about the one who asks, so that nobody can look up another role.
-- PL/pgSQL, because its plan is kept; as a policy's condition an SQL function costs twice as much.
CREATE FUNCTION lms.my_institution(r name) RETURNS uuid LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN (SELECT m.institution_id FROM lms.login_map m WHERE m.login_role = r AND r = session_user); END $$;

CREATE FUNCTION lms.my_user(r name) RETURNS uuid LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN (SELECT m.user_id FROM lms.login_map m WHERE m.login_role = r AND r = session_user); END $$;

-- The person behind this connection, for the functions that write. Raises 42501 for a role that is nobody's,
-- and for an institution that is not the person's own.
CREATE FUNCTION lms.caller(institution uuid) RETURNS lms.users LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE person lms.users;
BEGIN
  SELECT u.* INTO person FROM lms.login_map m
    JOIN lms.users u ON u.institution_id = m.institution_id AND u.user_id = m.user_id
   WHERE m.login_role = session_user;
  IF person.user_id IS NULL THEN
    RAISE EXCEPTION 'nobody: this login role is not mapped to a person' USING ERRCODE = '42501';
  END IF;
  IF person.institution_id IS DISTINCT FROM institution THEN
    RAISE EXCEPTION 'not_yours: another institution' USING ERRCODE = '42501';
  END IF;
  RETURN person;
END $$;

-- The same, for what only an instructor or an administrator may do.
CREATE FUNCTION lms.calling_instructor(institution uuid) RETURNS lms.users LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE person lms.users := lms.caller(institution);
BEGIN
  IF person.role NOT IN ('INSTRUCTOR', 'ADMIN') THEN
    RAISE EXCEPTION 'instructors_only: this needs the role of an instructor' USING ERRCODE = '42501';
  END IF;
  RETURN person;
END $$;

CREATE FUNCTION lms.whoami() RETURNS jsonb LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (SELECT jsonb_build_object('institution_id', u.institution_id, 'user_id', u.user_id, 'name', u.name, 'role', u.role,
      'timezone', u.timezone, 'institution', i.name, 'epoch', (SELECT value FROM lms.meta WHERE key = 'sync_epoch'),
      'schema', (SELECT version_num FROM lms.alembic_version))
    FROM lms.login_map m
    JOIN lms.users u ON u.institution_id = m.institution_id AND u.user_id = m.user_id
    JOIN lms.institutions i ON i.institution_id = u.institution_id
   WHERE m.login_role = session_user);
END $$;

-- A version 7 UUID (RFC 9562, 5.7). PostgreSQL has one of its own from 18 on.
DO $do$ BEGIN
  IF current_setting('server_version_num')::int >= 180000 THEN
    EXECUTE 'CREATE FUNCTION lms.uuid7() RETURNS uuid LANGUAGE sql VOLATILE RETURN pg_catalog.uuidv7()';
  ELSE
    EXECUTE $f$CREATE FUNCTION lms.uuid7() RETURNS uuid LANGUAGE sql VOLATILE
      RETURN encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) PLACING
        substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid$f$;
  END IF;
END $do$;

-- The smallest version 7 UUID of a moment: where a month's partition of events begins.
CREATE FUNCTION lms.uuid7_floor(moment timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE STRICT
  RETURN (lpad(to_hex(floor(extract(epoch FROM moment) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid;

-- Every table is guarded in the same way. Kinds: 'content' is read by the institution once it is published, and as a draft
-- by its instructors; 'own' is read by the person alone; 'closed' by nobody. Writing is for the owner's functions.
-- A policy holds no subquery, because Citus refuses those.
CREATE FUNCTION lms.guard(kind text, VARIADIC tables text[]) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  t text;
  institution constant text := 'institution_id = lms.my_institution(current_user)';
BEGIN
  FOREACH t IN ARRAY tables LOOP
    EXECUTE format('ALTER TABLE lms.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('REVOKE ALL ON lms.%I FROM PUBLIC', t);
    EXECUTE format('CREATE POLICY owner_all ON lms.%I TO lms_owner USING (true) WITH CHECK (true)', t);
    CONTINUE WHEN kind = 'closed';
    EXECUTE format('GRANT SELECT ON lms.%I TO lms_learner', t);
    IF kind = 'own' THEN
      EXECUTE format('CREATE POLICY own ON lms.%I FOR SELECT TO lms_learner USING (%s AND user_id = lms.my_user(current_user))', t, institution);
    ELSE
      EXECUTE format('CREATE POLICY published ON lms.%I FOR SELECT TO lms_learner USING (%s AND published)', t, institution);
      EXECUTE format('CREATE POLICY drafts ON lms.%I FOR SELECT TO lms_instructor USING (%s)', t, institution);
    END IF;
  END LOOP;
END $$;

SELECT lms.guard('closed', 'alembic_version', 'login_map', 'meta', 'institutions');
SELECT lms.guard('own', 'users');
CREATE POLICY mine ON lms.institutions FOR SELECT TO lms_learner USING (institution_id = lms.my_institution(current_user));
GRANT SELECT ON lms.institutions TO lms_learner;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA lms FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE lms_owner REVOKE ALL ON FUNCTIONS FROM PUBLIC;
GRANT USAGE ON SCHEMA lms TO lms_learner;
GRANT EXECUTE ON FUNCTION lms.my_institution(name), lms.my_user(name), lms.whoami() TO lms_learner;
