-- Every period asked for, under every filter.
SELECT s.span, f.filter, f.channel, f.segment
FROM board_spans AS s
CROSS JOIN board_filters AS f
