-- Reads a user. If a session is given, adds the session and the session key first.
-- Returns fields and values in turn, as they were before, and then the new entry.
-- KEYS[1]: the user. Each call names its key like this, because proxies in front of a cluster
--   refuse a script that has its key in a variable.
-- ARGV: now (epoch ms), the maximum number of entries, the maximum size of a value (bytes);
--   to add a session: the sealed session key, the session's id, its expiry (epoch ms),
--   the TTL of the hash (ms), the sealed unionid if WeChat returned it
local now, most, largest = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local key, id, expiry, ttl, unionid = ARGV[4], ARGV[5], ARGV[6], ARGV[7], ARGV[8]

local kind = redis.call('TYPE', KEYS[1]).ok
if kind ~= 'hash' and kind ~= 'none' then redis.call('DEL', KEYS[1]) end

local content, entries, current = {}, 0, false
for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
  local isKnown = #field == 1 or #field == 43
  local value = isKnown and redis.call('HSTRLEN', KEYS[1], field) <= largest
    and redis.call('HGET', KEYS[1], field)
  local isEntry = value and #field == 43 and #value <= 15 and string.find(value, '^%d+$')
    and tonumber(value) > now
  if not value or #field == 43 and not isEntry then
    redis.call('HDEL', KEYS[1], field)
  elseif field == 'k' or field == 'p' or field == 'u' or isEntry and entries < most then
    content[#content + 1] = field
    content[#content + 1] = value
    if isEntry then entries = entries + 1 end
    if field == 'k' then current = value end
  end
end

if key then
  -- A secret always seals a session key to the same bytes, and its id is in the first four bytes.
  -- So a new session key is recognized if the same secret sealed both keys. Otherwise the caller
  -- decides.
  if not current then
    redis.call('HSET', KEYS[1], 'k', key)
  elseif current ~= key and string.sub(current, 1, 4) == string.sub(key, 1, 4) then
    redis.call('HSET', KEYS[1], 'p', current, 'k', key)
  end
  -- If the user has other sessions, the caller stores the unionid in them first.
  if unionid and entries == 0 then redis.call('HSET', KEYS[1], 'u', unionid) end
  redis.call('HSET', KEYS[1], id, expiry)
  content[#content + 1] = id
  content[#content + 1] = expiry
  if redis.call('PTTL', KEYS[1]) < tonumber(ttl) then redis.call('PEXPIRE', KEYS[1], ttl) end
end
return content
