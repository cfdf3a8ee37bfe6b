-- The staged touches again, with origin, medium, channel and campaign filled.
SELECT
    k.* EXCLUDE (key_kind, key_query, key_referrer, referrer_host, own_host) REPLACE (
        o.found_origin AS origin,
        o.found_medium AS medium,
        o.found_channel AS channel,
        coalesce(o.tag_campaign, k.campaign_id) AS campaign
    )
FROM touches_keyed AS k
INNER JOIN touch_origins AS o
    ON k.key_kind = o.key_kind
    AND k.key_query IS NOT DISTINCT FROM o.key_query
    AND k.key_referrer IS NOT DISTINCT FROM o.key_referrer
    AND k.origin IS NOT DISTINCT FROM o.origin
    AND k.medium IS NOT DISTINCT FROM o.medium
    AND k.channel IS NOT DISTINCT FROM o.channel
    AND k.campaign IS NOT DISTINCT FROM o.campaign
    AND k.click_id IS NOT DISTINCT FROM o.click_id
    AND k.utm_source IS NOT DISTINCT FROM o.utm_source
    AND k.utm_medium IS NOT DISTINCT FROM o.utm_medium
    AND k.utm_campaign IS NOT DISTINCT FROM o.utm_campaign
