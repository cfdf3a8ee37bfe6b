-- Origin, medium, campaign and channel of each combination. The channel rules are those of Google Analytics 4,
-- https://support.google.com/analytics/answer/9756891, in their order.
WITH placed AS (
    SELECT
        s.*,
        k.category,
        CASE
            WHEN s.level = 'tag' THEN coalesce(s.tag_origin, s.click_origin, '(not set)')
            WHEN s.level IN ('click', 'referrer') THEN coalesce(k.name, s.source_key)
            WHEN s.key_kind = 'email' THEN 'email'
            WHEN s.level = 'direct' THEN '(direct)'
        END AS found_origin,
        CASE
            WHEN s.tag_medium IS NOT NULL THEN s.tag_medium
            WHEN s.key_kind = 'email' THEN 'email'
            WHEN s.click_medium = 'cpc' OR s.key_kind = 'ad_click' THEN 'cpc'
            WHEN s.key_kind = 'social' THEN 'social'
            WHEN k.category = 'ai' THEN 'ai-assistant'
            WHEN s.level = 'tag' THEN '(not set)'
            WHEN s.level = 'click' THEN s.click_medium
            WHEN k.category = 'search' THEN 'organic'
            WHEN s.level = 'referrer' THEN 'referral'
            WHEN s.level = 'direct' THEN '(none)'
        END AS found_medium
    FROM touch_sources AS s
    LEFT JOIN source_categories AS k ON k.source_key = s.source_key
),
tested AS (
    SELECT
        *,
        regexp_matches(found_medium, '^(.*cp.*|ppc|retargeting|paid.*)$') AS paid,
        coalesce(
            category = 'shopping' OR regexp_matches(tag_campaign, '^(.*(([^a-df-z]|^)shop|shopping).*)$'), FALSE
        ) AS shopping
    FROM placed
)
SELECT
    * EXCLUDE (paid, shopping, category, tag_origin, tag_medium, click_name, click_origin, click_medium),
    CASE
        WHEN trim(channel) <> '' THEN trim(channel)
        WHEN key_kind = 'email' THEN 'Email'
        WHEN found_origin IS NULL AND found_medium IS NULL THEN NULL
        WHEN found_origin = '(direct)' AND found_medium IN ('(none)', '(not set)') THEN 'Direct'
        WHEN contains(tag_campaign, 'cross-network') THEN 'Cross-network'
        WHEN shopping AND paid THEN 'Paid Shopping'
        WHEN category = 'search' AND paid THEN 'Paid Search'
        WHEN category = 'social' AND paid THEN 'Paid Social'
        WHEN category = 'video' AND paid THEN 'Paid Video'
        WHEN found_medium IN ('display', 'banner', 'expandable', 'interstitial', 'cpm') THEN 'Display'
        WHEN paid THEN 'Paid Other'
        WHEN shopping THEN 'Organic Shopping'
        WHEN category = 'social'
            OR found_medium IN (
                'social', 'social-network', 'social-media', 'sm', 'social network', 'social media'
            ) THEN 'Organic Social'
        WHEN category = 'video' OR contains(found_medium, 'video') THEN 'Organic Video'
        WHEN category = 'search' OR found_medium = 'organic' THEN 'Organic Search'
        WHEN found_medium = 'ai-assistant' THEN 'AI Assistant'
        WHEN found_origin IN ('email', 'e-mail', 'e_mail', 'e mail')
            OR found_medium IN ('email', 'e-mail', 'e_mail', 'e mail') THEN 'Email'
        WHEN found_medium IN ('affiliate', 'affiliates') THEN 'Affiliates'
        WHEN found_medium IN ('referral', 'app', 'link') THEN 'Referral'
        WHEN found_medium = 'audio' THEN 'Audio'
        WHEN found_origin = 'sms' OR found_medium = 'sms' THEN 'SMS'
        WHEN found_medium LIKE '%push' OR contains(found_medium, 'mobile')
            OR contains(found_medium, 'notification') OR found_origin = 'firebase' THEN 'Mobile Push Notifications'
        ELSE 'Unassigned'
    END AS found_channel
FROM tested
