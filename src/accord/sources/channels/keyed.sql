-- Staged touches with what decides their origin, cut down to few distinct values: `key_query` only where an
-- address carries campaign or click parameters, `key_referrer` as a host (none where a site refers to itself).
CREATE OR REPLACE VIEW touches_keyed AS
SELECT
    *,
    CASE
        WHEN kind LIKE 'email%' THEN 'email'
        WHEN kind IN ('ad_click', 'social') THEN kind
        WHEN kind IN ('page_view', 'form_submit') OR url IS NOT NULL THEN 'web'
        ELSE 'other'
    END AS key_kind,
    CASE
        WHEN contains(url, 'utm_') OR contains(url, 'clid=') OR contains(url, 'braid=')
            OR contains(url, 'msclkid=') OR contains(url, 'li_fat_id=') OR contains(url, 'rdt_cid=')
        THEN nullif(regexp_extract(left(url, 12000), '[?#].*$'), '')
    END AS key_query,
    CASE
        WHEN NOT contains(referrer_host, '.') THEN NULL
        WHEN referrer_host = own_host OR ends_with(referrer_host, '.' || own_host)
            OR ends_with(own_host, '.' || referrer_host) THEN NULL
        ELSE left(referrer_host, 253)
    END AS key_referrer
FROM (
    SELECT
        *,
        host_of(referrer) AS referrer_host,
        CASE WHEN referrer IS NOT NULL THEN nullif(host_of(url), '') END AS own_host
    FROM touches_staged
);
