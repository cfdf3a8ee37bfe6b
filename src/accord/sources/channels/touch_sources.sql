-- Where each combination came from, before the medium and the channel are known: `source_key` is the name or host
-- to look up, `level` what it rests on.
SELECT
    e.*,
    c.click_origin,
    c.click_medium,
    CASE
        WHEN e.tag_origin IS NOT NULL OR e.tag_medium IS NOT NULL THEN 'tag'
        WHEN c.click_origin IS NOT NULL THEN 'click'
        WHEN e.key_kind = 'email' THEN 'kind'
        WHEN e.key_referrer IS NOT NULL THEN 'referrer'
        WHEN e.key_kind IN ('ad_click', 'social') THEN 'kind'
        WHEN e.key_kind = 'web' THEN 'direct'
    END AS level,
    CASE
        WHEN e.tag_origin IS NOT NULL THEN e.tag_origin
        WHEN c.click_origin IS NOT NULL THEN c.click_origin
        WHEN e.tag_medium IS NULL AND e.key_kind <> 'email' THEN e.key_referrer
    END AS source_key
FROM touch_evidence AS e
LEFT JOIN (
    VALUES
    ('gclid', 'google', 'cpc'),
    ('gbraid', 'google', 'cpc'),
    ('wbraid', 'google', 'cpc'),
    ('dclid', 'google', 'cpc'),
    ('msclkid', 'bing', 'cpc'),
    ('yclid', 'yandex', 'cpc'),
    ('li_fat_id', 'linkedin', 'cpc'),
    ('ttclid', 'tiktok', 'cpc'),
    ('twclid', 'twitter', 'cpc'),
    ('rdt_cid', 'reddit', 'cpc'),
    -- Alone no proof of a paid click: Facebook adds it to unpaid links too.
    ('fbclid', 'facebook', 'referral')
) AS c (click_name, click_origin, click_medium) ON c.click_name = e.click_name
