-- Replaces a value unless it has changed or expired. Returns 1 if the value was replaced, else 0.
-- A value of another type than a string counts as an empty string.
-- KEYS[1]: the key
-- ARGV: the old value, the new value, the new TTL (ms); without a TTL, the current TTL stays
local value = redis.pcall('GET', KEYS[1])
if type(value) == 'table' then value = '' end
if value ~= ARGV[1] then return 0 end
if ARGV[3] then
  redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
else
  redis.call('SET', KEYS[1], ARGV[2], 'KEEPTTL')
end
return 1
