-- The share (in billionths) and value (in ten-thousandths) of touches in positions, rounded down. amount * weight
-- // total is worked out as (amount // total) * weight + rest, which keeps every product within 64 bits.
SELECT w.conversion, w.model, w.touch,
       (w.weight * 1000000000) // p.total_weight AS share,
       (p.amount // p.total_weight) * w.weight
           + ((p.amount % p.total_weight) * w.weight) // p.total_weight AS value
FROM position_weights AS w
JOIN path_weights AS p ON p.conversion = w.conversion AND p.model = w.model
