-- Reads a user. If a session is given and the user is not blocked, adds the session and the
-- session key first. Returns fields and values in turn, as they were before, and then the new entry.
-- KEYS[1]: the user. Each call names its key like this, because proxies in front of a cluster
--   refuse a script that has its key in a variable.
-- ARGV: now (epoch ms), the maximum number of entries, the maximum size of a value (bytes);
--   to add a session: the sealed session key, the session's id, its expiry (epoch ms),
--   the TTL of the hash (ms), the time at which WeChat issued the session key (epoch ms),
--   1 if the stored session key stays if it is newer, the sealed unionid if WeChat returned it
local now, most, largest = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local key, id, expiry, ttl = ARGV[4], ARGV[5], ARGV[6], ARGV[7]
local issued, keepsNewerKey, unionid = tonumber(ARGV[8]), ARGV[9] == '1', ARGV[10]

local kind = redis.call('TYPE', KEYS[1]).ok
if kind ~= 'hash' and kind ~= 'none' then redis.call('DEL', KEYS[1]) end

local content, entries, current, currentIssued, isBlocked = {}, 0, false, 0, false
for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
  local isKnown = #field == 1 or #field == 43
  local value = isKnown and redis.call('HSTRLEN', KEYS[1], field) <= largest
    and redis.call('HGET', KEYS[1], field)
  local number = value and #value <= 15 and string.find(value, '^%d+$') and tonumber(value)
  local isEntry = #field == 43 and number and number > now
  local isBlock = field == 'b' and number and (number == 0 or number > now)
  if not value or #field == 43 and not isEntry then
    redis.call('HDEL', KEYS[1], field)
  elseif field == 'b' and not isBlock then
    redis.call('HDEL', KEYS[1], 'b', 'r')
  elseif field == 'k' or field == 'p' or field == 'u' or field == 'r' or isBlock
    or field == 't' and number or isEntry and entries < most then
    content[#content + 1] = field
    content[#content + 1] = value
    if isEntry then entries = entries + 1 end
    if isBlock then isBlocked = true end
    if field == 'k' then current = value end
    if field == 't' then currentIssued = number end
  end
end

if key and not isBlocked then
  -- A secret always seals a session key to the same bytes, and its id is in the first four bytes.
  -- So a new session key is recognized if the same secret sealed both keys. Otherwise the caller
  -- decides.
  if not current then
    redis.call('HSET', KEYS[1], 'k', key, 't', ARGV[8])
  elseif string.sub(current, 1, 4) == string.sub(key, 1, 4)
    and not (keepsNewerKey and currentIssued > issued) then
    if current ~= key then redis.call('HSET', KEYS[1], 'p', current, 'k', key) end
    redis.call('HSET', KEYS[1], 't', ARGV[8])
  end
  -- If the user has other sessions, the caller stores the unionid in them first.
  if unionid and entries == 0 then redis.call('HSET', KEYS[1], 'u', unionid) end
  redis.call('HSET', KEYS[1], id, expiry)
  content[#content + 1] = id
  content[#content + 1] = expiry
  if redis.call('PTTL', KEYS[1]) < tonumber(ttl) then redis.call('PEXPIRE', KEYS[1], ttl) end
end
return content
