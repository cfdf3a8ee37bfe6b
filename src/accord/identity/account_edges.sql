-- Every reason to take two account names for one company.
WITH reasons AS (
    SELECT
        head.account_id AS a,
        other.account_id AS b,
        'same_domain' AS rule,
        'records of two tools with the domain ' || head.domain AS evidence,
        other.at
    FROM domain_records AS head
    JOIN domain_records AS other ON head.domain = other.domain
    WHERE head.first AND NOT other.first
    UNION ALL
    SELECT
        record.account_id AS a,
        other.account_id AS b,
        'foreign_id' AS rule,
        record.source || ' keeps the id of ' || record.twin AS evidence,
        record.at
    FROM account_records AS record
    JOIN account_records AS other ON md5(record.twin) = other.subject
    WHERE record.account_id <> other.account_id
    UNION ALL
    SELECT a, b, rule, evidence, "at" FROM stated_links WHERE about = 'account'
), allowed AS (
    SELECT reasons.*
    FROM reasons
    ANTI JOIN parted AS parted
        ON least(reasons.a, reasons.b) = parted.a AND greatest(reasons.a, reasons.b) = parted.b
)
SELECT
    first.name_no AS a_no,
    second.name_no AS b_no,
    CASE allowed.rule WHEN 'same_domain' THEN 0 WHEN 'by_hand' THEN 2 ELSE 1 END AS firmness,
    allowed.a,
    allowed.b,
    allowed.rule,
    allowed.evidence,
    allowed.at
FROM allowed
JOIN account_names AS first ON allowed.a = first.account_id
JOIN account_names AS second ON allowed.b = second.account_id
