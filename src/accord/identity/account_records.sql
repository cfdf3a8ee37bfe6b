-- The account records with their own names and comparable domains (none for free-mail providers).
WITH cleaned AS (
    SELECT
        source || ':account:' || source_id AS account_id,
        source,
        subject,
        twin,
        CASE
            WHEN starts_with(lower(trim(domain)), 'www.') THEN substr(lower(trim(domain)), 5)
            ELSE lower(trim(domain))
        END AS domain,
        coalesce(created_at, occurred_at) AS at
    FROM facts.accounts
)
SELECT
    cleaned.account_id,
    cleaned.source,
    cleaned.subject,
    cleaned.twin,
    CASE WHEN cleaned.domain = '' OR free.domain IS NOT NULL THEN NULL ELSE cleaned.domain END AS domain,
    coalesce(ranks.rank, 1000) AS rank,
    cleaned.at
FROM cleaned
LEFT JOIN free_mail_domains AS free ON cleaned.domain = free.domain
LEFT JOIN sources_rank AS ranks ON cleaned.source = ranks.source AND ranks.object_kind = 'accounts'
