-- Replaces the details of a block, unless they have changed. Returns 1 if it replaced them, else 0.
-- KEYS[1]: the user
-- ARGV: the sealed details that were read, the details sealed anew
if redis.call('TYPE', KEYS[1]).ok ~= 'hash'
  or redis.call('HGET', KEYS[1], 'r') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'r', ARGV[2])
return 1
