-- For wrk: checks the tokens of a file, one line each, in turns. The argument is the file's name.
local requests = {}
local sent = 0

function init(arguments)
  for token in io.lines(arguments[1]) do
    requests[#requests + 1] = wrk.format("GET", nil, { Authorization = "Bearer " .. token })
  end
end

function request()
  sent = sent + 1
  return requests[sent % #requests + 1]
end
