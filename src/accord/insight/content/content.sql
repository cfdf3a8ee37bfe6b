-- Every piece of content: what its list says of it (`listed`), and when a person took it or a seller used it last.
WITH kept AS (
    SELECT name AS asset, max(kind) AS kind, max(stage) AS stage, max(product) AS product, max(price) AS price,
           max(currency) AS currency, max(owner) AS owner
    FROM facts.assets
    GROUP BY name
), seen AS (
    SELECT asset, max(content_events.at) AS last_at FROM content_events GROUP BY asset
)
SELECT coalesce(k.asset, s.asset) AS asset, k.asset IS NOT NULL AS listed, k.kind, k.stage, k.product, k.price,
       k.currency, k.owner, s.last_at
FROM kept AS k
FULL JOIN seen AS s ON s.asset = k.asset
