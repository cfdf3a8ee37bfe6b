-- Every state of every record of a person (people and lead records), with the person it is about.
WITH stated AS (
    SELECT
        subject, source, actor, fact_id, deleted, assumed, history, occurred_at, source_updated_at, recorded_at,
        known_at, email, first_name, last_name, phone, job_title, role, seniority, company, account_id,
        owner_id, country, region, city, language, lead_source, is_test, created_at, fields
    FROM states.people
    UNION ALL
    SELECT
        subject, source, actor, fact_id, deleted, assumed, history, occurred_at, source_updated_at, recorded_at,
        known_at, email, NULL AS first_name, NULL AS last_name, NULL AS phone, NULL AS job_title,
        NULL AS role, NULL AS seniority, NULL AS company, account_id, owner_id, NULL AS country,
        NULL AS region, NULL AS city, NULL AS language, lead_source, NULL AS is_test, created_at, fields
    FROM states.source_leads
)
SELECT
    owners.person AS owner,
    stated.* EXCLUDE (actor, source, email),
    nullif(lower(trim(stated.email)), '') AS email,
    -- Where the tool does not say when the record was made, its first known state holds from the beginning.
    CASE
        WHEN stated.created_at IS NOT NULL THEN stated.created_at
        WHEN stated.occurred_at IN (stated.recorded_at, stated.source_updated_at) THEN TIMESTAMP '0001-01-01'
        ELSE stated.occurred_at
    END AS since,
    coalesce(ranks.rank, 1000) AS rank
FROM stated
JOIN name_people AS owners ON stated.actor = owners.actor
LEFT JOIN sources_rank AS ranks ON stated.source = ranks.source AND ranks.object_kind = 'people'
