-- Replaces a value unless it has changed or expired. Returns 1 if the value was replaced, else 0.
-- KEYS[1]: the key
-- ARGV: the old value, the new value, the new TTL (ms); without a TTL, the current TTL stays
if redis.pcall('GET', KEYS[1]) ~= ARGV[1] then return 0 end
if ARGV[3] then
  redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
else
  redis.call('SET', KEYS[1], ARGV[2], 'KEEPTTL')
end
return 1
