-- The `links` facts made comparable: addresses in lower case, the two names in text order, and what kind of
-- thing they name (an actor, an account, or else an event or deal).
WITH clean AS (
    SELECT
        fact_id,
        kind,
        CASE WHEN starts_with(a, 'email:') THEN 'email:' || lower(trim(substr(a, 7))) ELSE a END AS a,
        CASE WHEN starts_with(b, 'email:') THEN 'email:' || lower(trim(substr(b, 7))) ELSE b END AS b,
        coalesce(rule, 'stated') AS rule,
        coalesce(evidence, 'stated by ' || source) AS evidence,
        occurred_at AS at
    FROM facts.links
), named AS (
    SELECT
        *,
        CASE
            WHEN starts_with(a, 'email:') THEN 'person'
            WHEN split_part(a, ':', 2) IN ('person', 'lead', 'visitor') THEN 'person'
            WHEN split_part(a, ':', 2) = 'account' OR starts_with(a, 'domain:') THEN 'account'
            ELSE 'event'
        END AS a_kind,
        CASE
            WHEN starts_with(b, 'email:') THEN 'person'
            WHEN split_part(b, ':', 2) IN ('person', 'lead', 'visitor') THEN 'person'
            WHEN split_part(b, ':', 2) = 'account' OR starts_with(b, 'domain:') THEN 'account'
            ELSE 'event'
        END AS b_kind
    FROM clean
)
SELECT fact_id, kind, a_kind AS about, least(a, b) AS a, greatest(a, b) AS b, rule, evidence, "at"
FROM named
WHERE a_kind = b_kind AND a <> b
