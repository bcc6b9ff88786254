local function matrix(n) local m = {} for i = 0, n - 1 do local row = {} for j = 0, n - 1 do row[j + 1] = (i + j) / 10.0 end m[i + 1] = row end return m end
local function mul(a, b, n)
  local c = {}
  for i = 1, n do
    local row = {}
    for j = 1, n do
      local s = 0.0
      for k = 1, n do s = s + a[i][k] * b[k][j] end
      row[j] = s
    end
    c[i] = row
  end
  return c
end
local a = matrix(100)
return mul(a, a, 100)[100][100]
