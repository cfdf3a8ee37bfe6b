-- Whose a visitor of several people was when: from an identification until the next as somebody else; the
-- first reaches back to the beginning.
WITH seen AS (
    SELECT names.actor, sightings.person, sightings.at
    FROM shared_visitors AS visitors
    JOIN names ON visitors.name_no = names.name_no
    JOIN shared_sightings AS sightings ON visitors.group_no = sightings.group_no
), dated AS (
    SELECT actor, max(person) AS person, "at" FROM seen GROUP BY actor, "at"
), changes AS (
    SELECT actor, person, "at", lag(person) OVER (PARTITION BY actor ORDER BY "at") AS before FROM dated
), kept AS (
    SELECT
        actor,
        person,
        CASE WHEN before IS NULL THEN TIMESTAMP '0001-01-01' ELSE "at" END AS from_at
    FROM changes
    WHERE before IS NULL OR before <> person
)
SELECT
    kept.actor,
    kept.person,
    people.account,
    kept.from_at,
    coalesce(
        lead(kept.from_at) OVER (PARTITION BY kept.actor ORDER BY kept.from_at), TIMESTAMP '9999-12-31'
    ) AS until_at
FROM kept
JOIN people ON kept.person = people.person
