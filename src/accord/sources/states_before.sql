-- The newest standing state of each subject of `changed_rows`: what the ledger says of it now.
SELECT * EXCLUDE (newest_first)
FROM (
    SELECT existing_all.*, row_number() OVER (
        PARTITION BY existing_all.subject
        ORDER BY existing_all.source_updated_at DESC NULLS LAST, existing_all.recorded_at DESC,
            existing_all.fact_id DESC
    ) AS newest_first
    FROM existing_all SEMI JOIN changed_rows ON existing_all.subject = changed_rows.subject
    WHERE existing_all.load_id NOT IN (SELECT load_id FROM withdrawals)
)
WHERE newest_first = 1
