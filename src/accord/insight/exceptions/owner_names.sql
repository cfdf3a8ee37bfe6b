-- The users of the source tools: `owner` is the same person in every tool (the e-mail address, else the tool's id).
SELECT
    source || ':owner:' || source_id AS owner_id,
    coalesce(lower(email), source || ':owner:' || source_id) AS owner,
    coalesce(nullif(trim(concat_ws(' ', first_name, last_name)), ''), lower(email), source_id) AS name,
    team
FROM facts.owners
