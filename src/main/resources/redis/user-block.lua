-- Blocks a user or lifts the block, and sets the TTL of the hash: none for a block without end.
-- Returns 0 if the user was not blocked before.
-- KEYS[1]: the user
-- ARGV: now (epoch ms), the lifetime of a session (ms);
--   to block: the end of the block (epoch ms; 0: no end), the sealed details of the block
local now, lifetime, ending = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local kind = redis.call('TYPE', KEYS[1]).ok
if kind ~= 'hash' and kind ~= 'none' then redis.call('DEL', KEYS[1]) end

-- The previous block may have removed or extended the TTL. Entries may need more than a lifetime,
-- because other instances may have another setting.
local ttl = redis.call('PTTL', KEYS[1])
if ttl == -1 or ttl > lifetime then
  local needed = lifetime
  for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
    local value = #field == 43 and redis.call('HSTRLEN', KEYS[1], field) <= 15
      and redis.call('HGET', KEYS[1], field)
    if value and string.find(value, '^%d+$') then
      needed = math.max(needed, tonumber(value) - now)
    end
  end
  ttl = ttl == -1 and needed or math.min(ttl, needed)
end

local wasBlocked = redis.call('HDEL', KEYS[1], 'b', 'r')
if ending then redis.call('HSET', KEYS[1], 'b', ARGV[3], 'r', ARGV[4]) end
if ending == 0 then
  redis.call('PERSIST', KEYS[1])
else
  -- Redis may write a number as 8.64e+10.
  ttl = string.format('%.0f', math.max(ttl, ending and ending - now or 0))
  redis.call('PEXPIRE', KEYS[1], ttl)
end
return wasBlocked
