-- Every state of every account record, with the account it is about.
SELECT
    owners.account AS owner,
    stated.* EXCLUDE (source, object, source_id, twin, revises, load_id),
    -- Where the tool does not say when the record was made, its first known state holds from the beginning.
    CASE
        WHEN stated.created_at IS NOT NULL THEN stated.created_at
        WHEN stated.occurred_at IN (stated.recorded_at, stated.source_updated_at) THEN TIMESTAMP '0001-01-01'
        ELSE stated.occurred_at
    END AS since,
    coalesce(ranks.rank, 1000) AS rank
FROM states.accounts AS stated
JOIN name_accounts AS owners ON stated.source || ':account:' || stated.source_id = owners.account_id
LEFT JOIN sources_rank AS ranks ON stated.source = ranks.source AND ranks.object_kind = 'accounts'
