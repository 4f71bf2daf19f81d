-- For wrk: every request has a code that no other has. Code is what the simulated WeChat takes: words separated by
-- dots, the user first. The first argument tells one run from the others, so that none repeats another's codes. The
-- second one, if there is one, is a file for the tokens of the logins; the third one is how many users to skip, the
-- fourth one how many there are, the fifth one in how many apps.
local users = 100000
local skipped = 0
local apps = 1
local run
local sent = 0
local tokens

function init(arguments)
  run = arguments[1]
  wrk.headers["Content-Type"] = "application/json"
  if arguments[2] and arguments[2] ~= "" then
    tokens = io.open(arguments[2], "w")
    tokens:setvbuf("line")
    response = keep
  end
  skipped = tonumber(arguments[3] or 0)
  users = tonumber(arguments[4] or users)
  apps = tonumber(arguments[5] or apps)
end

function keep(status, headers, body)
  local token = body:match('"access_token":"([^"]+)"')
  if token then
    tokens:write(token, "\n")
  end
end

-- The first one is the simulator's own, the others are those that it has beside it.
local function app()
  local number = sent % apps
  if apps == 1 then
    return ""
  end
  return ',"appid":"' .. (number == 0 and "wx1111111111111111" or string.format("wx%016x", number)) .. '"'
end

function request()
  sent = sent + 1
  local code = "u" .. (skipped + sent) % users .. "." .. run .. "." .. sent
  if wrk.path == "/login" then
    return wrk.format("POST", nil, nil, '{"code":"' .. code .. '"' .. app() .. '}')
  end
  return wrk.format("GET", wrk.path .. code) -- the path of a call to WeChat ends in "js_code="
end
