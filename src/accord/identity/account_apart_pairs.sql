-- Account names that must end in different accounts, the later record second: it is the one that gives way.
WITH dated AS (
    SELECT
        first.name_no AS a_no,
        second.name_no AS b_no,
        coalesce(a_record.at, TIMESTAMP '0001-01-01') AS a_since,
        coalesce(b_record.at, TIMESTAMP '0001-01-01') AS b_since
    FROM parted
    JOIN account_names AS first ON parted.a = first.account_id
    JOIN account_names AS second ON parted.b = second.account_id
    LEFT JOIN account_records AS a_record ON parted.a = a_record.account_id
    LEFT JOIN account_records AS b_record ON parted.b = b_record.account_id
    WHERE parted.about = 'account' AND parted.apart
)
SELECT
    CASE WHEN a_since > b_since THEN b_no ELSE a_no END AS stays_no,
    CASE WHEN a_since > b_since THEN a_no ELSE b_no END AS leaves_no
FROM dated
