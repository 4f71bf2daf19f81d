-- For wrk: every request has its own code, in the simulated WeChat's format: words separated by dots, the user first.
-- Arguments: 1 the name of the run, so that runs never share codes; 2 (optional) a file for the tokens of the logins;
-- 3 the number of users to skip; 4 the number of users; 5 the number of apps.
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

-- The first app is the simulator's default; the others are its additional apps.
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
