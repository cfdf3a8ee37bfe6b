-- Every state of every account record, with the account it is about.
SELECT
    owners.account AS owner,
    stated.* EXCLUDE (source, object, source_id, twin, revises, load_id),
    coalesce(ranks.rank, 1000) AS rank
FROM states.accounts AS stated
JOIN name_accounts AS owners ON stated.source || ':account:' || stated.source_id = owners.account_id
LEFT JOIN sources_rank AS ranks ON stated.source = ranks.source AND ranks.object_kind = 'accounts'
