-- New decisions as facts for the ledger.
SELECT
    'accord' AS source,
    'decision' AS object,
    concat_ws(':', person_id, cast(cycle_no AS VARCHAR), stage, version) AS source_id,
    cast(NULL AS VARCHAR) AS twin,
    false AS deleted,
    decided_at AS occurred_at,
    cast(NULL AS TIMESTAMP) AS source_updated_at,
    false AS assumed,
    1 AS file_no,
    person_id AS actor,
    cycle_no, stage, version,
    cast(fit AS DOUBLE) AS fit,
    cast(engagement AS DOUBLE) AS engagement,
    hits, inputs
FROM decisions_new
