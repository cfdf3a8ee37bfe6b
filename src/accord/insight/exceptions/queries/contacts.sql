-- How fast leads were contacted. Parameters: split (owner, team or null), qualified since, qualified until, the promise
-- in seconds. Rows by owner (label: e-mail, else id) or team; `waiting` are still open and never contacted (`overdue` in `lead_list`).
WITH judged AS (
    SELECT
        CASE CAST($1 AS VARCHAR)
            WHEN 'owner' THEN coalesce(owners.owner, leads.owner_id)
            WHEN 'team' THEN owners.team
        END AS label,
        CASE CAST($1 AS VARCHAR)
            WHEN 'owner' THEN coalesce(owners.name, leads.owner_id)
            WHEN 'team' THEN owners.team
        END AS name,
        leads.qualified_at,
        epoch(leads.first_contact_at) - epoch(leads.qualified_at) AS seconds,
        leads.first_contact_at IS NULL AND leads.closed_at IS NULL AS waiting
    FROM leads
    LEFT JOIN owner_names AS owners ON leads.owner_id = owners.owner_id
    WHERE leads.known AND leads.qualified_at >= $2 AND leads.qualified_at <= $3
)
SELECT
    label,
    max(name) AS name,
    count(*) AS qualified,
    count(*) FILTER (WHERE seconds <= $4) AS in_time,
    median(seconds / 3600.0) AS median_hours,
    count(*) FILTER (WHERE waiting) AS waiting,
    min(qualified_at) FILTER (WHERE waiting) AS oldest_waiting
FROM judged
GROUP BY label
ORDER BY waiting DESC, label
