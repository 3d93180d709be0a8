-- The catalogue by title. lower() is not leakproof, so that under row-level security no index on an expression would be read:
-- the order is a column, compared by code point. Tags carry it for the same reason for which they carry `created_at`, and what else a
-- course is chosen by, so that two filters together are one way through an index, however few courses they leave.

ALTER TABLE lms.courses ADD COLUMN sort_title text COLLATE "C" GENERATED ALWAYS AS (lower(title)) STORED;
CREATE INDEX courses_title ON lms.courses (institution_id, sort_title, course_id) WHERE published;
CREATE INDEX courses_difficulty_title ON lms.courses (institution_id, difficulty, sort_title, course_id) WHERE published;
CREATE INDEX courses_category_title ON lms.courses (institution_id, category, sort_title, course_id) WHERE published;
CREATE INDEX courses_both ON lms.courses (institution_id, category, difficulty, created_at DESC, course_id DESC) WHERE published;
CREATE INDEX courses_both_title ON lms.courses (institution_id, category, difficulty, sort_title, course_id) WHERE published;
CREATE INDEX courses_drafts ON lms.courses (institution_id, created_at DESC, course_id DESC) WHERE NOT published;
CREATE INDEX courses_drafts_title ON lms.courses (institution_id, sort_title, course_id) WHERE NOT published;

ALTER TABLE lms.course_tags ADD COLUMN sort_title text COLLATE "C" NOT NULL DEFAULT '', ADD COLUMN difficulty text, ADD COLUMN category text;
UPDATE lms.course_tags t SET sort_title = c.sort_title, difficulty = c.difficulty, category = c.category FROM lms.courses c WHERE c.institution_id = t.institution_id AND c.course_id = t.course_id;
CREATE INDEX course_tags_title ON lms.course_tags (institution_id, tag, sort_title, course_id);
CREATE INDEX course_tags_category ON lms.course_tags (institution_id, tag, category, created_at DESC, course_id DESC);
CREATE INDEX course_tags_category_title ON lms.course_tags (institution_id, tag, category, sort_title, course_id);
CREATE INDEX course_tags_difficulty ON lms.course_tags (institution_id, tag, difficulty, created_at DESC, course_id DESC);
CREATE INDEX course_tags_difficulty_title ON lms.course_tags (institution_id, tag, difficulty, sort_title, course_id);

-- Counts, tags and visibility, as the course is now. Each statement writes only what differs.
CREATE OR REPLACE FUNCTION lms.settle_course(institution uuid, course uuid, live boolean, edits int) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE lms.courses c SET content_version = c.content_version + edits, updated_at = now(), published = live,
    published_at = CASE WHEN live THEN coalesce(c.published_at, now()) ELSE c.published_at END,
    lesson_count = (SELECT count(*) FROM lms.lessons l WHERE l.institution_id = institution AND l.course_id = course AND l.retired_at IS NULL),
    section_count = (SELECT count(*) FROM lms.sections s WHERE s.institution_id = institution AND s.course_id = course AND s.retired_at IS NULL),
    minutes = (SELECT coalesce(sum(coalesce(l.minutes, (SELECT sum(s.minutes) FROM lms.sections s WHERE s.institution_id = institution
        AND s.course_id = course AND s.lesson_id = l.lesson_id AND s.retired_at IS NULL))), 0)
      FROM lms.lessons l WHERE l.institution_id = institution AND l.course_id = course AND l.retired_at IS NULL)
  WHERE c.institution_id = institution AND c.course_id = course;
  UPDATE lms.lessons l SET published = live WHERE l.institution_id = institution AND l.course_id = course AND l.published <> live;
  UPDATE lms.sections s SET published = live WHERE s.institution_id = institution AND s.course_id = course AND s.published <> live;
  UPDATE lms.section_contents b SET published = live FROM lms.sections s WHERE s.institution_id = institution AND s.course_id = course
    AND b.institution_id = institution AND b.section_id = s.section_id AND b.published <> live;
  UPDATE lms.questions q SET published = live WHERE q.institution_id = institution AND q.course_id = course AND q.published <> live;
  DELETE FROM lms.course_tags t WHERE t.institution_id = institution AND t.course_id = course;
  INSERT INTO lms.course_tags (institution_id, course_id, tag, created_at, sort_title, difficulty, category, published)
  SELECT DISTINCT institution, course, left(t.item #>> '{}', 100), c.created_at, c.sort_title, c.difficulty, c.category, live FROM lms.courses c, lms.items(c.tags) t
  WHERE c.institution_id = institution AND c.course_id = course AND jsonb_typeof(t.item) = 'string'
  ON CONFLICT (institution_id, course_id, tag) DO NOTHING;
END $$;
