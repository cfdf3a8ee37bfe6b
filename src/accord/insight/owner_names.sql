-- The users of the source tools as they are today: `owner` is the same human in every tool (the e-mail address, else
-- the tool's id).
WITH known AS (
    SELECT
        source || ':owner:' || source_id AS owner_id,
        max(lower(email)) AS email,
        max(nullif(trim(coalesce(first_name, '') || ' ' || coalesce(last_name, '')), '')) AS name,
        max(team) AS team,
        max(source_id) AS source_id
    FROM facts.owners
    GROUP BY source || ':owner:' || source_id
)
SELECT owner_id, coalesce(email, owner_id) AS owner, email, coalesce(name, email, source_id) AS name, team
FROM known
