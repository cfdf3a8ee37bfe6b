-- Every reason to take two names for one person. Visitors are not merged by these: `visitors.assign`
-- gives each to the person it was identified as.
WITH reasons AS (
    SELECT
        actor AS a,
        'email:' || lower(trim(email)) AS b,
        'same_email' AS rule,
        'the record carries this e-mail address' AS evidence,
        coalesce(created_at, occurred_at) AS at
    FROM facts.people
    WHERE email <> '' AND actor IS NOT NULL
    UNION ALL
    SELECT
        actor AS a,
        'email:' || lower(trim(email)) AS b,
        'same_email' AS rule,
        'the lead record carries this e-mail address' AS evidence,
        coalesce(created_at, occurred_at) AS at
    FROM facts.source_leads
    WHERE email <> '' AND actor IS NOT NULL
    UNION ALL
    SELECT
        actor AS a,
        person AS b,
        'lead_of' AS rule,
        'the lead record names this person' AS evidence,
        coalesce(created_at, occurred_at) AS at
    FROM facts.source_leads
    WHERE person IS NOT NULL AND actor IS NOT NULL
    UNION ALL
    SELECT
        record.actor AS a,
        other.actor AS b,
        'foreign_id' AS rule,
        record.source || ' keeps the id of ' || record.twin AS evidence,
        coalesce(record.created_at, record.occurred_at) AS at
    FROM record_twins AS record
    JOIN person_subjects AS other ON record.other = other.subject
    WHERE record.actor <> other.actor
    UNION ALL
    SELECT a, b, rule, evidence, "at"
    FROM stated_links
    WHERE about = 'person'
    UNION ALL
    SELECT
        actor AS a,
        'email:' || lower(trim(substr(actor, 7))) AS b,
        'same_email' AS rule,
        'the same address, written differently' AS evidence,
        TIMESTAMP '0001-01-01' AS at
    FROM names
    WHERE kind_no = 2 AND actor <> 'email:' || lower(trim(substr(actor, 7)))
), allowed AS (
    SELECT reasons.*
    FROM reasons
    ANTI JOIN parted AS parted
        ON least(reasons.a, reasons.b) = parted.a AND greatest(reasons.a, reasons.b) = parted.b
)
SELECT
    first.name_no AS a_no,
    second.name_no AS b_no,
    first.kind_no AS a_kind,
    second.kind_no AS b_kind,
    CASE allowed.rule WHEN 'same_email' THEN 0 WHEN 'by_hand' THEN 2 ELSE 1 END AS firmness,
    allowed.a,
    allowed.b,
    allowed.rule,
    allowed.evidence,
    allowed.at
FROM allowed
JOIN names AS first ON allowed.a = first.actor
JOIN names AS second ON allowed.b = second.actor
